import { createHash } from 'node:crypto';
import { attribute } from '@claviger/kmip-protocol';
import { beforeEach, describe, expect, it } from 'vitest';
import { type RequestedItem, successOf } from '../messages.fixtures.ts';
import { bytes, hex, registerKey } from '../operations/known-keys.fixtures.ts';
import { activate, addAttribute, create, get, getAttributes } from '../requests.fixtures.ts';
import { type MessageRig, startMessageRig } from './message-rig.fixtures.ts';

type Identifier = Extract<RequestedItem, { operation: 'Get' }>['payload']['uniqueIdentifier'];

const getting = (uniqueIdentifier: Identifier): RequestedItem => ({
  operation: 'Get',
  payload: { uniqueIdentifier },
});
const PAIR: RequestedItem = {
  operation: 'CreateKeyPair',
  payload: {
    commonAttributes: {
      attributes: [
        attribute('CryptographicAlgorithm', 'EC'),
        attribute('CryptographicDomainParameters', { recommendedCurve: 'P_256' }),
        attribute('CryptographicUsageMask', 3),
      ],
      templateNames: [],
    },
    privateKeyAttributes: { attributes: [], templateNames: [] },
    publicKeyAttributes: { attributes: [], templateNames: [] },
  },
};
const CONTINUE = { header: { batchErrorContinuationOption: 'Continue' } } as const;

let rig: MessageRig;
beforeEach(async () => {
  rig = await startMessageRig();
});

describe('a reference to an identifier', () => {
  it('by place counts all that the items before have answered, from either end', async () => {
    const answers = await rig.send('2.1', [
      create(),
      create(),
      PAIR,
      ...[0, 1, 2, 3, -1].map((batchIndex) => getting({ batchIndex })),
    ]);
    const [first, second, pair, ...got] = answers;
    const { privateKeyUniqueIdentifier, publicKeyUniqueIdentifier } = successOf(
      'CreateKeyPair',
      pair,
    );
    expect(got.map((answer) => successOf('Get', answer).uniqueIdentifier)).toEqual([
      successOf('Create', first).uniqueIdentifier,
      successOf('Create', second).uniqueIdentifier,
      privateKeyUniqueIdentifier,
      publicKeyUniqueIdentifier,
      publicKeyUniqueIdentifier, // the Get before it has answered that one
    ]);
  });

  it.each([
    ['Create', 1],
    ['CreateKeyPair', 'privateKeyUniqueIdentifier'],
    ['CreateKeyPairPrivateKey', 'privateKeyUniqueIdentifier'],
    ['CreateKeyPairPublicKey', 'publicKeyUniqueIdentifier'],
  ] as const)('by name is the newest one of %s', async (placeholder, meant) => {
    const answers = await rig.send('2.1', [create(), create(), PAIR, getting({ placeholder })]);
    const pair = successOf('CreateKeyPair', answers[2]);
    const expected = meant === 1 ? successOf('Create', answers[1]).uniqueIdentifier : pair[meant];
    expect(successOf('Get', answers[3]).uniqueIdentifier).toBe(expected);
  });

  it.each([
    { placeholder: 'IDPlaceholder' },
    { placeholder: 'Create' },
    { batchIndex: 0 },
  ] as const)(
    'is kept in a Link as the identifier that it stands for: %o',
    async (linkedObjectIdentifier) => {
      const link = attribute('Link', { linkType: 'DerivedKeyLink', linkedObjectIdentifier });
      const answers = await rig.send('2.1', [create(), addAttribute(link)]);
      const { uniqueIdentifier: id } = successOf('Create', answers[0]);
      // KMIP 1.x has no other word for it than the text.
      for (const version of ['1.0', '2.1'] as const) {
        const [answer] = await rig.send(version, [getAttributes(String(id))]);
        const told = successOf('GetAttributes', answer).attributes.find(
          ({ name }) => name === 'Link',
        );
        expect(told?.value).toEqual({ linkType: 'DerivedKeyLink', linkedObjectIdentifier: id });
      }
    },
  );

  it('in a Link needs an item that has given one', async () => {
    const linkedObjectIdentifier = { placeholder: 'IDPlaceholder' } as const;
    const link = attribute('Link', { linkType: 'DerivedKeyLink', linkedObjectIdentifier });
    const [made] = await rig.send('2.1', [create()]);
    const { uniqueIdentifier } = successOf('Create', made);
    const [refused] = await rig.send('2.1', [addAttribute(link, String(uniqueIdentifier))]);
    expect(refused).toMatchObject({ resultReason: 'InvalidField' });
  });

  it('leaves the ID Placeholder what it is', async () => {
    const placeholder = { placeholder: 'IDPlaceholder' } as const;
    const answers = await rig.send('2.1', [create(), activate(), getting(placeholder)]);
    expect(answers.map(({ resultStatus }) => resultStatus)).toEqual(Array(3).fill('Success'));
  });

  it.each<[string, Identifier]>([
    ['a place that there is not', { batchIndex: 1 }],
    ['a place before the first', { batchIndex: -2 }],
    ['an operation that was not done', { placeholder: 'Register' }],
  ])('is refused for %s', async (_, reference) => {
    const [, answer] = await rig.send('2.1', [create(), getting(reference)], CONTINUE);
    expect(answer).toMatchObject({ resultReason: 'InvalidField' });
  });

  it('does not count items that failed', async () => {
    const [, first, second] = await rig.send(
      '2.1',
      [get('nobody'), create(), getAttributes()],
      CONTINUE,
    );
    expect(first).toMatchObject({ resultStatus: 'Success' });
    expect(second).toMatchObject({ resultStatus: 'Success' });
    const [, alone] = await rig.send('2.1', [get('nobody'), getting({ batchIndex: 0 })], CONTINUE);
    expect(alone).toMatchObject({ resultReason: 'InvalidField' });
  });
});

describe('a reference to data', () => {
  const PLAIN = bytes('6bc1bee22e409f96e93d7e117393172a');
  const cryptographicParameters = { blockCipherMode: 'ECB' } as const;
  type Data = Extract<RequestedItem, { operation: 'Hash' }>['payload']['data'];
  const hashing = (data: Data): RequestedItem => ({
    operation: 'Hash',
    payload: { cryptographicParameters: { hashingAlgorithm: 'SHA_256' }, data },
  });

  it.each<[string, Data]>([
    ['by name', { placeholder: 'Encrypt' }],
    ['by place', { batchIndex: 0 }],
    ['by place from the end', { batchIndex: -1 }],
  ])('is what the item before has computed: %s', async (_, data) => {
    const id = await registerKey(rig, 'AES', '00'.repeat(16), { usage: ['Encrypt'] });
    const encrypt: RequestedItem = {
      operation: 'Encrypt',
      payload: { uniqueIdentifier: id, cryptographicParameters, data: PLAIN },
    };
    const [encrypted, hashed] = await rig.send('2.1', [encrypt, hashing(data)]);
    const cipherText = successOf('Encrypt', encrypted).data ?? PLAIN;
    expect(hex(successOf('Hash', hashed).data)).toBe(
      createHash('sha256').update(cipherText).digest('hex'),
    );
  });

  it('is refused when nothing was computed', async () => {
    const [answer] = await rig.send('2.1', [hashing({ placeholder: 'MACMACData' })]);
    expect(answer).toMatchObject({ resultReason: 'InvalidField' });
  });
});
