import { createHash } from 'node:crypto';
import {
  ATTRIBUTE_RULES,
  type Attribute,
  attribute,
  ENUMERATIONS,
  type EnumerationValueName,
  isAttributeName,
  MASKS,
} from '@claviger/kmip-protocol';
import { beforeEach, describe, expect, it } from 'vitest';
import { type MessageRig, startMessageRig } from '../batch/message-rig.fixtures.ts';
import {
  MAX_ATTRIBUTE_BYTES,
  MAX_INSTANCES,
  MAX_TEXT_LENGTH,
} from '../lifecycle/attribute-rules.ts';
import { stateAt } from '../lifecycle/state.ts';
import { type RequestedItem, successOf } from '../messages.fixtures.ts';
import { aCustom, aName, NOW } from '../objects/managed-object.fixtures.ts';
import { attributeValue, fromRecord } from '../objects/managed-object.ts';
import { keyLengthBytes } from '../objects/symmetric-algorithms.ts';
import { activate, create, createNamed, createOf, destroy, get } from '../requests.fixtures.ts';

let rig: MessageRig;
beforeEach(async () => {
  rig = await startMessageRig();
});

const key = (
  algorithm: EnumerationValueName<'CryptographicAlgorithm'>,
  lengthBits: number,
  ...more: readonly Attribute[]
) =>
  createOf([
    attribute('CryptographicAlgorithm', algorithm),
    attribute('CryptographicLength', lengthBits),
    attribute('CryptographicUsageMask', 12),
    ...more,
  ]);

/** Makes a key and answers it as the store has it. */
async function made(item: RequestedItem, version: '1.4' | '2.1' = '1.4') {
  const [answer] = await rig.send(version, [item]);
  expect(answer).toMatchObject({ resultStatus: 'Success' });
  const id = (await rig.events()).at(-1)?.target.name ?? '';
  const record = await rig.store.readObject(rig.source.principal.record.adapter.id, id);
  if (record === undefined) throw new Error('The key was not kept.');
  return fromRecord(record);
}

async function materialOf(id: string): Promise<Buffer> {
  const [answer] = await rig.send('2.1', [get(id)]);
  const keyValue = successOf('Get', answer).symmetricKey?.keyBlock.keyValue;
  const material =
    keyValue === undefined || keyValue instanceof Uint8Array ? undefined : keyValue.keyMaterial;
  return material instanceof Uint8Array ? Buffer.from(material) : Buffer.alloc(0);
}

async function refusal(item: RequestedItem, version: '1.4' | '2.1' = '1.4') {
  const [answer] = await rig.send(version, [item]);
  return answer?.resultReason;
}

/** Every algorithm with the lengths it allows; of a range its ends and one between. */
const SUPPORTED: Readonly<
  Partial<Record<EnumerationValueName<'CryptographicAlgorithm'>, readonly number[]>>
> = {
  DES3: [112, 128, 168, 192],
  AES: [128, 192, 256],
  HMAC_SHA1: [80, 160, 4096],
  HMAC_SHA224: [80, 224, 4096],
  HMAC_SHA256: [80, 256, 4096],
  HMAC_SHA384: [80, 384, 4096],
  HMAC_SHA512: [80, 512, 4096],
  Blowfish: [32, 128, 448],
  Camellia: [128, 192, 256],
  CAST5: [40, 128],
  IDEA: [128],
  SKIPJACK: [80],
  Twofish: [128, 192, 256],
  ChaCha20: [256],
  ChaCha20Poly1305: [256],
  HMAC_SHA3_224: [80, 224, 4096],
  HMAC_SHA3_256: [80, 256, 4096],
  HMAC_SHA3_384: [80, 384, 4096],
  HMAC_SHA3_512: [80, 512, 4096],
  ARIA: [128, 192, 256],
  SEED: [128],
  SM4: [128],
};

it('the table of supported algorithms is complete', () => {
  const lengths = Array.from({ length: 8192 }, (_, bits) => bits);
  const found = Object.keys(ENUMERATIONS.CryptographicAlgorithm.values).filter((algorithm) =>
    lengths.some((bits) => keyLengthBytes(algorithm, bits).kind === 'bytes'),
  );
  expect(found.toSorted()).toEqual(Object.keys(SUPPORTED).toSorted());
});

describe('an algorithm that came with 2.0', () => {
  it('is no algorithm in a request of 1.4', async () => {
    const [answer] = await rig.send('1.4', [key('ARIA', 128)]);
    expect(answer).toMatchObject({ resultStatus: 'OperationFailed', resultReason: 'InvalidField' });
  });

  it('is not told to a client of 1.4', async () => {
    const { id } = await made(key('ARIA', 128), '2.1');
    const [answer] = await rig.send('1.4', [get(id)]);
    expect(answer).toMatchObject({ resultReason: 'FeatureNotSupported', payload: undefined });
  });
});

describe('the key that Create makes', () => {
  const rows = Object.entries(SUPPORTED).flatMap(([algorithm, lengths]) =>
    // The keys of the table are such names.
    lengths.map((bits) => [algorithm as keyof typeof SUPPORTED, bits] as const),
  );
  it.each(rows)('is one for %s of %i bits', async (algorithm, lengthBits) => {
    // Some algorithms have a name since 2.0 only.
    const object = await made(key(algorithm, lengthBits), '2.1');
    const material = await materialOf(object.id);
    const isDes3 = algorithm === 'DES3';
    expect(material.byteLength * 8).toBe(isDes3 ? (lengthBits <= 128 ? 128 : 192) : lengthBits);
    expect(attributeValue(object, 'CryptographicLength')).toBe(lengthBits);
    expect(attributeValue(object, 'Digest')).toEqual({
      hashingAlgorithm: 'SHA_256',
      digestValue: new Uint8Array(createHash('sha256').update(material).digest()),
      keyFormatType: 'Raw',
    });
    if (isDes3) expect([...material].every(hasOddParity)).toBe(true);
  });

  it('has its bytes from the randomness that the server is given', async () => {
    const { id } = await made(create());
    expect(await materialOf(id)).toEqual(Buffer.alloc(32, 1));
    const { id: next } = await made(create());
    expect(await materialOf(next)).toEqual(Buffer.alloc(32, 2));
  });

  it('is sealed in the store', async () => {
    const object = await made(create());
    const sealed = Buffer.from(object.material ?? []);
    expect(sealed.byteLength).toBeGreaterThan(32);
    expect(sealed.includes(await materialOf(object.id))).toBe(false);
  });
});

function hasOddParity(byte: number): boolean {
  return [...byte.toString(2)].filter((digit) => digit === '1').length % 2 === 1;
}

describe('a key that Create cannot make', () => {
  const usage = attribute('CryptographicUsageMask', 12);
  const aes = attribute('CryptographicAlgorithm', 'AES');
  const bits = attribute('CryptographicLength', 256);
  it.each<[string, RequestedItem]>([
    ['an AES key of 100 bits', key('AES', 100)],
    ['an AES key of -128 bits', key('AES', -128)],
    ['an HMAC key of 84 bits', key('HMAC_SHA256', 84)],
    ['an RSA key', key('RSA', 2048)],
    ['a key without an algorithm', createOf([bits, usage])],
    ['a key without a length', createOf([aes, usage])],
  ])('%s is an Invalid Field', async (_, item) => {
    expect([await refusal(item), await refusal(item, '2.1')]).toEqual([
      'InvalidField',
      'InvalidField',
    ]);
  });

  it('an object of another type is refused', async () => {
    const { payload } = create() as Extract<RequestedItem, { operation: 'Create' }>;
    const item: RequestedItem = {
      operation: 'Create',
      payload: { ...payload, objectType: 'PrivateKey' },
    };
    expect([await refusal(item), await refusal(item, '2.1')]).toEqual([
      'InvalidField',
      'InvalidObjectType',
    ]);
  });

  it('a Template is not found', async () => {
    const { payload } = create() as Extract<RequestedItem, { operation: 'Create' }>;
    const templateNames = [{ nameValue: 't', nameType: 'UninterpretedTextString' }] as const;
    const item: RequestedItem = {
      operation: 'Create',
      payload: { ...payload, attributes: { ...payload.attributes, templateNames } },
    };
    expect(await refusal(item)).toBe('ItemNotFound');
  });
});

describe('dates', () => {
  it.each([
    ['Active', 'in the past', NOW - 1],
    ['Active', 'now', NOW],
    ['PreActive', 'in the future', NOW + 1],
  ] as const)('the key is %s when its Activation Date is %s', async (state, _, date) => {
    const object = await made(create(attribute('ActivationDate', date)));
    expect(stateAt(object, NOW)).toBe(state);
    expect(attributeValue(object, 'ActivationDate')).toBe(date);
    expect((await rig.events()).at(-1)?.responseData).toMatchObject({
      keyState: state === 'Active' ? 1 : 0,
    });
  });
});

describe('the attributes of a new key', () => {
  it('are all that always have a value', async () => {
    const { attributes } = await made(create());
    const names = new Set(attributes.map(({ name }) => name));
    const missing = Object.entries(ATTRIBUTE_RULES).flatMap(([name, row]) => {
      const rules = [row['1.x'], row['2.x']].filter((each) => each !== undefined);
      const isExpected =
        isAttributeName(name) &&
        rules.some(
          ({ alwaysHasValue, appliesTo }) =>
            alwaysHasValue !== false && appliesTo.includes('SymmetricKey'),
        );
      return isExpected && !names.has(name) ? [name] : [];
    });
    expect(missing).toEqual([]);
  });

  it('say when and what it is', async () => {
    const object = await made(create());
    for (const name of ['InitialDate', 'OriginalCreationDate', 'LastChangeDate'] as const) {
      expect(attributeValue(object, name)).toBe(NOW);
    }
    expect(attributeValue(object, 'UniqueIdentifier')).toBe(object.id);
    expect(attributeValue(object, 'ShortUniqueIdentifier')).toEqual(
      new Uint8Array(createHash('sha256').update(object.id).digest()),
    );
    expect(attributeValue(object, 'ProtectionStorageMask')).toBe(
      MASKS.ProtectionStorageMask.bits.Software,
    );
  });

  it.each([
    [true, true],
    [false, false],
  ])('Sensitive %s is kept, and Extractable %s', async (sensitive, extractable) => {
    const object = await made(
      create(attribute('Sensitive', sensitive), attribute('Extractable', extractable)),
    );
    expect(attributeValue(object, 'AlwaysSensitive')).toBe(sensitive);
    expect(attributeValue(object, 'NeverExtractable')).toBe(!extractable);
    expect(await refusal(get(object.id))).toBe(sensitive ? 'Sensitive' : 'NotExtractable');
  });

  it('have the whole of Usage Limits left, whatever the client says (1.4 §3.21)', async () => {
    const limits = { usageLimitsTotal: 100n, usageLimitsUnit: 'Byte' } as const;
    const object = await made(
      create(attribute('UsageLimits', { ...limits, usageLimitsCount: 1n })),
    );
    expect(attributeValue(object, 'UsageLimits')).toEqual({ ...limits, usageLimitsCount: 100n });
  });

  it('number the instances of each', async () => {
    const { attributes } = await made(
      create(aName('a', 5), aCustom('t', '1'), aName('b', 5), aCustom('t', '2'), aCustom('u', '3')),
    );
    const indexes = attributes
      .filter(({ kind, name }) => kind === 'vendor' || name === 'Name')
      .map(({ name, index }) => `${name}[${index}]`);
    expect(indexes).toEqual(['Name[0]', 't[0]', 'Name[1]', 't[1]', 'u[0]']);
  });

  it('are two where vendor and name of one read like those of another', async () => {
    const { attributes } = await made(
      create(aCustom('c', '1', 'a-b'), aCustom('b-c', '2', 'a')),
      '2.1',
    );
    expect(attributes.filter(({ kind }) => kind === 'vendor')).toMatchObject([
      { index: 0 },
      { index: 0 },
    ]);
  });
});

describe('attributes that Create refuses', () => {
  const rows: readonly (readonly [string, Attribute, string, string])[] = [
    ['one of the server', attribute('State', 'Active'), 'PermissionDenied', 'ReadOnlyAttribute'],
    ['a custom one of the server', aCustom('a', 'v', 'y'), 'PermissionDenied', 'ReadOnlyAttribute'],
    [
      'one of certificates',
      attribute('CertificateLength', 1),
      'PermissionDenied',
      'ReadOnlyAttribute',
    ],
    [
      'one that does not apply to keys',
      attribute('CryptographicDomainParameters', { qlength: 160 }),
      'PermissionDenied',
      'InvalidAttribute',
    ],
    [
      'a second one where there can be one',
      attribute('CryptographicLength', 128, 1),
      'InvalidField',
      'AttributeSingleValued',
    ],
    [
      'a text that is too long',
      attribute('ContactInformation', 'x'.repeat(MAX_TEXT_LENGTH + 1)),
      'InvalidField',
      'InvalidField',
    ],
  ];
  it.each(rows)('%s', async (_, refused, reason1, reason2) => {
    const item = create(refused);
    expect([await refusal(item), await refusal(item, '2.1')]).toEqual([reason1, reason2]);
  });

  it('one that is bound to be too long by its vendor', async () => {
    expect(await refusal(create(aCustom('a', 'v', 'x'.repeat(MAX_TEXT_LENGTH + 1))), '2.1')).toBe(
      'InvalidField',
    );
  });

  it('more instances than an object can hold', async () => {
    const tags = Array.from({ length: MAX_INSTANCES + 1 }, () => aCustom('t', 'v'));
    expect([await refusal(create(...tags)), await refusal(create(...tags), '2.1')]).toEqual([
      'IndexOutOfBounds',
      'ServerLimitExceeded',
    ]);
    await made(create(...tags.slice(1)));
  });

  it('more bytes than an object can hold', async () => {
    const value = 'x'.repeat(MAX_TEXT_LENGTH);
    const count = MAX_ATTRIBUTE_BYTES / MAX_TEXT_LENGTH;
    const large = Array.from({ length: count }, (_, n) => aCustom(`n${n}`, value));
    expect(await refusal(create(...large))).toBe('IndexOutOfBounds');
    await made(create(...large.slice(1)));
  });
});

describe('a Name', () => {
  it('belongs to one object until that is destroyed', async () => {
    const { id } = await made(createNamed('n'));
    expect([await refusal(createNamed('n')), await refusal(createNamed('n'), '2.1')]).toEqual([
      'InvalidField',
      'NonUniqueNameAttribute',
    ]);
    await rig.send('1.4', [destroy(id)]);
    await made(createNamed('n'));
    expect(await refusal(createNamed('n'))).toBe('InvalidField');
  });

  it('is compared in full, however long it is', async () => {
    const long = 'n'.repeat(1000);
    await made(createNamed(`${long}a`));
    await made(createNamed(`${long}b`));
    expect(await refusal(createNamed(`${long}a`))).toBe('InvalidField');
  });

  it('stands once in a request', async () => {
    expect(await refusal(createNamed('n', 'n'))).toBe('InvalidField');
  });
});

describe('Protection Storage Masks (2.1 §7.33)', () => {
  const { Software, Hardware, OnPremises } = MASKS.ProtectionStorageMask.bits;
  const withMasks = (...protectionStorageMask: readonly number[]): RequestedItem => {
    const { payload } = create() as Extract<RequestedItem, { operation: 'Create' }>;
    return {
      operation: 'Create',
      payload: { ...payload, protectionStorageMasks: { protectionStorageMask } },
    };
  };

  it.each([
    ['the one that is met', [Software], Software],
    ['the first that is met', [Hardware, Software | OnPremises, Software], Software | OnPremises],
    ['the kind of storage, without alternatives', [], Software],
  ])('record %s', async (_, masks, recorded) => {
    const object = await made(withMasks(...masks), '2.1');
    expect(attributeValue(object, 'ProtectionStorageMask')).toBe(recorded);
  });

  it('are an error when none is met with all its bits', async () => {
    expect(await refusal(withMasks(Hardware, Software | Hardware), '2.1')).toBe(
      'FeatureNotSupported',
    );
  });
});

it('a key can be made, activated and fetched in one message', async () => {
  expect(await rig.send('1.4', [create(), activate(), get()])).toMatchObject([
    { resultStatus: 'Success' },
    { resultStatus: 'Success' },
    { resultStatus: 'Success' },
  ]);
});
