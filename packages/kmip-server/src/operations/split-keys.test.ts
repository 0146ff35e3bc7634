import { assertValidEvent } from '@claviger/audit-emitter/testing';
import { type Attribute, attribute } from '@claviger/kmip-protocol';
import { beforeEach, describe, expect, it } from 'vitest';
import { type MessageRig, startMessageRig } from '../batch/message-rig.fixtures.ts';
import { type RequestedItem, successOf } from '../messages.fixtures.ts';
import { aName } from '../objects/managed-object.fixtures.ts';
import { destroy, get, getAttributes, NOBODY } from '../requests.fixtures.ts';
import { hex, outcomeOf, registerKey, registerSecret } from './known-keys.fixtures.ts';

type Split = Extract<RequestedItem, { operation: 'CreateSplitKey' }>['payload'];
type Join = Extract<RequestedItem, { operation: 'JoinSplitKey' }>['payload'];

const KEY = '0102030405060708090a0b0c0d0e0f10';
const BOTH = { usage: ['Encrypt', 'Decrypt'] } as const;
const AES_128 = [
  attribute('CryptographicAlgorithm', 'AES'),
  attribute('CryptographicLength', 128),
  attribute('CryptographicUsageMask', 12),
];
/** A prime of 130 bits: 2^130 - 5. */
const PRIME = 2n ** 130n - 5n;

function splitting(
  uniqueIdentifier: string | undefined,
  plan: Partial<Split> = {},
  attributes: readonly Attribute[] = [],
): RequestedItem {
  return {
    operation: 'CreateSplitKey',
    payload: {
      objectType: 'SplitKey',
      uniqueIdentifier,
      splitKeyParts: 3,
      splitKeyThreshold: 2,
      splitKeyMethod: 'PolynomialSharingGF2_8',
      attributes: { attributes, templateNames: [] },
      ...plan,
    },
  };
}

function joining(
  parts: readonly string[],
  payload: Partial<Join> = {},
  attributes: readonly Attribute[] = AES_128,
): RequestedItem {
  return {
    operation: 'JoinSplitKey',
    payload: {
      objectType: 'SymmetricKey',
      uniqueIdentifier: [...parts],
      attributes: { attributes, templateNames: [] },
      ...payload,
    },
  };
}

let rig: MessageRig;
beforeEach(async () => {
  rig = await startMessageRig();
});

async function split(item: RequestedItem): Promise<readonly string[]> {
  const [answer] = await rig.send('1.4', [item]);
  return successOf('CreateSplitKey', answer).uniqueIdentifier.map(String);
}

async function fetch(id: string | undefined) {
  const [answer] = await rig.send('1.4', [get(id)]);
  return successOf('Get', answer);
}

function materialOf(block: { readonly keyValue?: unknown } | undefined): string | undefined {
  const keyValue = block?.keyValue as { readonly keyMaterial?: Uint8Array } | undefined;
  return hex(keyValue?.keyMaterial);
}

describe('Create Split Key and Join Split Key', () => {
  it.each<[Split['splitKeyMethod'], Partial<Split>]>([
    ['XOR', { splitKeyThreshold: 3 }],
    ['PolynomialSharingGF2_8', {}],
    ['PolynomialSharingGF2_16', {}],
    ['PolynomialSharingPrimeField', { primeFieldSize: PRIME }],
  ])('%s: enough parts give the key again', async (splitKeyMethod, plan) => {
    const id = await registerKey(rig, 'AES', KEY, BOTH);
    const parts = await split(splitting(id, { splitKeyMethod, ...plan }));
    expect(parts).toHaveLength(3);
    const enough = plan.splitKeyThreshold === 3 ? parts : parts.slice(1);
    for (const version of ['1.2', '1.4', '2.1'] as const) {
      const [joined, got] = await rig.send(version, [joining(enough.toReversed()), get()]);
      expect(joined).toMatchObject({ resultStatus: 'Success' });
      expect(materialOf(successOf('Get', got).symmetricKey?.keyBlock)).toBe(KEY);
    }
    const tooFew = joining(enough.slice(1), {}, []);
    expect(await outcomeOf(rig, '1.4', tooFew)).toBe('CryptographicFailure');
    expect(await outcomeOf(rig, '2.1', tooFew)).toBe('CryptographicFailure');
  });

  it('parts say what they are parts of, and what the key is', async () => {
    const id = await registerKey(rig, 'AES', KEY, BOTH);
    const parts = await split(splitting(id, {}, [attribute('ContactInformation', 'me')]));
    for (const [at, part] of parts.entries()) {
      const { splitKey } = await fetch(part);
      expect(splitKey).toMatchObject({
        splitKeyParts: 3,
        keyPartIdentifier: at + 1,
        splitKeyThreshold: 2,
        splitKeyMethod: 'PolynomialSharingGF2_8',
        keyBlock: { cryptographicAlgorithm: 'AES', cryptographicLength: 128 },
      });
      expect(materialOf(splitKey?.keyBlock)).not.toBe(KEY);
    }
    const [answer] = await rig.send('1.4', [getAttributes(parts[0])]);
    expect(successOf('GetAttributes', answer).attributes).toEqual(
      expect.arrayContaining([
        attribute('CryptographicAlgorithm', 'AES'),
        attribute('CryptographicUsageMask', 12),
        attribute('ContactInformation', 'me'),
      ]),
    );
  });

  it('without a key a new one is made, and the ID Placeholder is the first part', async () => {
    const answers = await rig.send('1.4', [splitting(undefined, {}, AES_128), get()]);
    const [first, second] = successOf('CreateSplitKey', answers[0]).uniqueIdentifier;
    expect(successOf('Get', answers[1]).uniqueIdentifier).toBe(first);
    const [joined] = await rig.send('1.4', [joining([String(first), String(second)])]);
    expect(joined).toMatchObject({ resultStatus: 'Success' });
  });

  it('a secret can be split and joined as well', async () => {
    const id = await registerSecret(rig, KEY, BOTH);
    const parts = await split(splitting(id));
    const asked = { objectType: 'SecretData', secretDataType: 'Password' } as const;
    const mask = [attribute('CryptographicUsageMask', 512)];
    const [joined, got] = await rig.send('2.1', [joining(parts, asked, mask), get()]);
    expect(joined).toMatchObject({ resultStatus: 'Success' });
    const { secretData } = successOf('Get', got);
    expect(secretData?.secretDataType).toBe('Password');
    expect(materialOf(secretData?.keyBlock)).toBe(KEY);
  });

  it('are no way around the protection of a key', async () => {
    const attributes = [attribute('Sensitive', true), attribute('Extractable', false)];
    const id = await registerKey(rig, 'AES', KEY, { ...BOTH, attributes });
    const parts = await split(splitting(id));
    expect(await outcomeOf(rig, '1.4', get(parts[0]))).toMatch(/Sensitive|NotExtractable/);
    const [joined] = await rig.send('1.4', [joining(parts)]);
    const joinedId = String(successOf('JoinSplitKey', joined).uniqueIdentifier);
    expect(await outcomeOf(rig, '1.4', get(joinedId))).toMatch(/Sensitive|NotExtractable/);
    const open = splitting(id, {}, [attribute('Extractable', true)]);
    expect(await outcomeOf(rig, '1.4', open)).toBe('InvalidField');
  });

  it('leave the event of a key that is made, without a byte of it', async () => {
    const id = await registerKey(rig, 'AES', KEY, BOTH);
    const parts = await split(splitting(id));
    await rig.send('1.4', [joining(parts)]);
    const events = (await rig.events()).slice(-2);
    for (const event of events) assertValidEvent(event);
    expect(events.map(({ action, requestData }) => [action, requestData['kmipOperation']])).toEqual(
      [
        ['hs-crypto.kmip-key.create', 'Create Split Key'],
        ['hs-crypto.kmip-key.create', 'Join Split Key'],
      ],
    );
    expect(events[0]?.target.name).toBe(parts[0]);
    expect(JSON.stringify([events, rig.log.lines])).not.toContain(KEY);
  });
});

describe('Create Split Key is refused', () => {
  const rows: readonly (readonly [string, (id: string) => RequestedItem, string, string])[] = [
    ['without such a key', () => splitting(NOBODY), 'ItemNotFound', 'ObjectNotFound'],
    [
      'for objects of another type',
      (id) => splitting(id, { objectType: 'SymmetricKey' }),
      'InvalidField',
      'InvalidObjectType',
    ],
    [
      'for a threshold above the parts',
      (id) => splitting(id, { splitKeyThreshold: 4 }),
      'InvalidField',
      'InvalidField',
    ],
    ['for one part', (id) => splitting(id, { splitKeyParts: 1 }), 'InvalidField', 'InvalidField'],
    [
      'for a prime field without its size',
      (id) => splitting(id, { splitKeyMethod: 'PolynomialSharingPrimeField' }),
      'InvalidField',
      'InvalidField',
    ],
    [
      'for a Name, which one of several only can have',
      (id) => splitting(id, {}, [aName('parts')]),
      'InvalidField',
      'InvalidAttribute',
    ],
    [
      'for a new key of which nothing is said',
      () => splitting(undefined),
      'InvalidField',
      'InvalidField',
    ],
  ];
  it.each(rows)('%s', async (_, item, first, second) => {
    const id = await registerKey(rig, 'AES', KEY, BOTH);
    const before = await rig.countObjects();
    expect(await outcomeOf(rig, '1.4', item(id))).toBe(first);
    expect(await outcomeOf(rig, '2.1', item(id))).toBe(second);
    expect(await rig.countObjects()).toBe(before);
  });

  it('for a part, and for what was destroyed', async () => {
    const id = await registerKey(rig, 'AES', KEY, { ...BOTH, isPreActive: true });
    const [part] = await split(splitting(id));
    expect(await outcomeOf(rig, '2.1', splitting(part))).toBe('InvalidObjectType');
    await rig.send('1.4', [destroy(id)]);
    expect(await outcomeOf(rig, '1.4', splitting(id))).toBe('ItemNotFound');
    expect(await outcomeOf(rig, '2.1', splitting(id))).toBe('ObjectDestroyed');
  });
});

describe('Join Split Key is refused', () => {
  it('for parts of two keys, one part twice, and for objects that are no parts', async () => {
    const id = await registerKey(rig, 'AES', KEY, BOTH);
    const one = await split(splitting(id));
    const other = await split(splitting(id, { splitKeyParts: 4 }));
    const mixed = [one[0] ?? '', other[1] ?? ''];
    expect(await outcomeOf(rig, '1.4', joining(mixed))).toBe('CryptographicFailure');
    const twice = [one[0] ?? '', one[0] ?? ''];
    expect(await outcomeOf(rig, '1.4', joining(twice))).toBe('CryptographicFailure');
    expect(await outcomeOf(rig, '1.4', joining([id]))).toBe('InvalidField');
    expect(await outcomeOf(rig, '2.1', joining([id]))).toBe('InvalidObjectType');
    expect(await outcomeOf(rig, '2.1', joining([NOBODY]))).toBe('ObjectNotFound');
  });

  it('for objects that no key can be, and for a key of which nothing is known', async () => {
    const id = await registerSecret(rig, KEY, BOTH);
    const parts = await split(splitting(id));
    const certificate = joining(parts, { objectType: 'Certificate' });
    expect(await outcomeOf(rig, '2.1', certificate)).toBe('InvalidObjectType');
    expect(await outcomeOf(rig, '1.4', joining(parts, {}, []))).toBe('InvalidField');
  });

  it('when what they give is longer than the key is said to be', async () => {
    const id = await registerSecret(rig, `ff${KEY}`, BOTH);
    const primeFieldSize = 2n ** 521n - 1n;
    const splitKeyMethod = 'PolynomialSharingPrimeField';
    const parts = await split(splitting(id, { splitKeyMethod, primeFieldSize }));
    expect(await outcomeOf(rig, '1.4', joining(parts))).toBe('CryptographicFailure');
  });

  it('and leaves nothing behind', async () => {
    const id = await registerKey(rig, 'AES', KEY, BOTH);
    const [part = ''] = await split(splitting(id));
    const before = await rig.countObjects();
    await rig.send('1.4', [joining([part])]);
    expect(await rig.countObjects()).toBe(before);
    expect((await rig.events()).at(-1)).toMatchObject({
      action: 'hs-crypto.kmip-key.create',
      outcome: 'failure',
    });
  });
});
