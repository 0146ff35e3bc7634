import { createDecipheriv } from 'node:crypto';
import {
  type Attribute,
  attribute,
  type KeyWrappingSpecification,
  MASKS,
  TAGS,
} from '@claviger/kmip-protocol';
import { decodeTtlv } from '@claviger/ttlv-codec';
import { beforeEach, describe, expect, it } from 'vitest';
import { type MessageRig, startMessageRig } from '../batch/message-rig.fixtures.ts';
import { type RequestedItem, successOf } from '../messages.fixtures.ts';
import { NOW } from '../objects/managed-object.fixtures.ts';
import { create, destroy, get } from '../requests.fixtures.ts';

const { WrapKey, UnwrapKey, Encrypt, MACGenerate, MACVerify } = MASKS.CryptographicUsageMask.bits;
const hex = (text: string) => new Uint8Array(Buffer.from(text, 'hex'));

// RFC 3394 §4.1.
const KEK = hex('000102030405060708090a0b0c0d0e0f');
const KEY = hex('00112233445566778899aabbccddeeff');
const WRAPPED = hex('1fa68b0a8112b447aef34bd8fb5a7b829d3e862371d2cfe5');
const KEY_WRAP = { blockCipherMode: 'NISTKeyWrap' } as const;

let rig: MessageRig;
beforeEach(async () => {
  rig = await startMessageRig();
});

interface Registered {
  readonly bytes?: Uint8Array;
  readonly algorithm?: 'AES' | 'HMAC_SHA256';
  readonly mask?: number;
  readonly attributes?: readonly Attribute[];
}

async function register(options: Registered = {}): Promise<string> {
  const { bytes = KEY, algorithm = 'AES', mask = Encrypt, attributes = [] } = options;
  const [answer] = await rig.send('1.4', [
    {
      operation: 'Register',
      payload: {
        objectType: 'SymmetricKey',
        attributes: {
          attributes: [attribute('CryptographicUsageMask', mask), ...attributes],
          templateNames: [],
        },
        symmetricKey: {
          keyBlock: {
            keyFormatType: 'Raw',
            keyValue: { keyMaterial: bytes, attributes: [] },
            cryptographicAlgorithm: algorithm,
            cryptographicLength: bytes.length * 8,
          },
        },
      },
    },
  ]);
  return String(successOf('Register', answer).uniqueIdentifier);
}

const aWrappingKey = (options: Registered = {}) =>
  register({
    bytes: KEK,
    mask: WrapKey | UnwrapKey,
    ...options,
    attributes: [
      attribute('ActivationDate', NOW - 1),
      attribute('CryptographicParameters', KEY_WRAP),
      ...(options.attributes ?? []),
    ],
  });

const specification = (
  uniqueIdentifier: string,
  more: Partial<KeyWrappingSpecification> = {},
): KeyWrappingSpecification => ({
  wrappingMethod: 'Encrypt',
  encryptionKeyInformation: { uniqueIdentifier },
  attributeName: [],
  encodingOption: 'NoEncoding',
  ...more,
});

const getWrapped = (
  uniqueIdentifier: string,
  keyWrappingSpecification: KeyWrappingSpecification,
): RequestedItem => ({ operation: 'Get', payload: { uniqueIdentifier, keyWrappingSpecification } });

describe('Get with a Key Wrapping Specification', () => {
  it('wraps by AES Key Wrap (RFC 3394 §4.1), and says how', async () => {
    const [key, kek] = [await register(), await aWrappingKey()];
    const [answer] = await rig.send('1.4', [getWrapped(key, specification(kek))]);
    expect(successOf('Get', answer).symmetricKey?.keyBlock).toEqual({
      keyFormatType: 'Raw',
      keyValue: WRAPPED,
      cryptographicAlgorithm: 'AES',
      cryptographicLength: 128,
      keyWrappingData: {
        wrappingMethod: 'Encrypt',
        encryptionKeyInformation: { uniqueIdentifier: kek },
        encodingOption: 'NoEncoding',
      },
    });
  });

  it('gives a sensitive key to whoever has it wrapped', async () => {
    const key = await register({ attributes: [attribute('Sensitive', true)] });
    const kek = await aWrappingKey();
    expect(
      await rig.send('1.4', [get(key), getWrapped(key, specification(kek))], {
        header: { batchErrorContinuationOption: 'Continue' },
      }),
    ).toMatchObject([{ resultReason: 'Sensitive' }, { resultStatus: 'Success' }]);
  });

  it('takes attributes along, and both come back when the key is registered so', async () => {
    const [key, kek] = [await register(), await aWrappingKey()];
    const [answer] = await rig.send('1.4', [
      getWrapped(
        key,
        specification(kek, {
          encodingOption: 'TTLVEncoding',
          attributeName: ['Cryptographic Usage Mask'],
        }),
      ),
    ]);
    const { symmetricKey } = successOf('Get', answer);
    const [again] = await rig.send('1.4', [
      {
        operation: 'Register',
        payload: {
          objectType: 'SymmetricKey',
          attributes: {
            attributes: [attribute('CryptographicUsageMask', Encrypt)],
            templateNames: [],
          },
          symmetricKey,
        },
      },
    ]);
    const { uniqueIdentifier } = successOf('Register', again);
    const [wrapped, plain] = await rig.send('1.4', [
      { operation: 'Get', payload: { uniqueIdentifier, keyWrapType: 'AsRegistered' } },
      { operation: 'Get', payload: { uniqueIdentifier, keyWrapType: 'NotWrapped' } },
    ]);
    expect(successOf('Get', wrapped).symmetricKey).toEqual(symmetricKey);
    expect(successOf('Get', plain).symmetricKey?.keyBlock.keyValue).toEqual({
      keyMaterial: KEY,
      attributes: [attribute('CryptographicUsageMask', Encrypt)],
    });
  });

  it.each([
    ['1.2', TAGS.Attribute],
    ['2.1', TAGS.Attributes],
  ] as const)('writes the attributes as KMIP %s has them', async (version, tag) => {
    const [key, kek] = [await register(), await aWrappingKey()];
    const attributeName = ['Cryptographic Usage Mask'];
    const { encodingOption: _, ...asked } = specification(kek, { attributeName });
    const [answer] = await rig.send(version, [getWrapped(key, asked)]);
    const wrapped = successOf('Get', answer).symmetricKey?.keyBlock.keyValue;
    if (!(wrapped instanceof Uint8Array)) throw new Error('The key is not wrapped.');
    const decipher = createDecipheriv('aes128-wrap', KEK, Buffer.alloc(8, 0xa6));
    const item = decodeTtlv(Buffer.concat([decipher.update(wrapped), decipher.final()]));
    const children = item.type === 'Structure' ? item.value.map((child) => child.tag) : [];
    expect(children).toEqual([TAGS.KeyMaterial, tag]);
  });

  it.each(['Get', 'Export'] as const)(
    '%s counts against the limits of the wrapping key',
    async (operation) => {
      const usageLimits = attribute('UsageLimits', {
        usageLimitsTotal: 1n,
        usageLimitsCount: 1n,
        usageLimitsUnit: 'Object',
      });
      const [key, kek] = [await register(), await aWrappingKey({ attributes: [usageLimits] })];
      const payload = { uniqueIdentifier: key, keyWrappingSpecification: specification(kek) };
      const item = { operation, payload };
      expect(await rig.send('1.4', [item])).toMatchObject([{ resultStatus: 'Success' }]);
      expect(await rig.send('1.4', [item])).toMatchObject([{ resultReason: 'PermissionDenied' }]);
    },
  );

  it('authenticates the wrapped key as well, and tells a wrong code', async () => {
    const mac = await register({
      algorithm: 'HMAC_SHA256',
      mask: MACGenerate | MACVerify,
      attributes: [
        attribute('ActivationDate', NOW - 1),
        attribute('CryptographicParameters', { cryptographicAlgorithm: 'HMAC_SHA256' }),
      ],
    });
    const [key, kek] = [await register(), await aWrappingKey()];
    const [answer] = await rig.send('1.4', [
      getWrapped(
        key,
        specification(kek, {
          wrappingMethod: 'EncryptThenMACSign',
          macSignatureKeyInformation: { uniqueIdentifier: mac },
        }),
      ),
    ]);
    const block = successOf('Get', answer).symmetricKey?.keyBlock;
    expect(block?.keyWrappingData?.macSignature).toHaveLength(32);
    const registerWith = (macSignature: Uint8Array | undefined): RequestedItem => ({
      operation: 'Register',
      payload: {
        objectType: 'SymmetricKey',
        attributes: {
          attributes: [attribute('CryptographicUsageMask', Encrypt)],
          templateNames: [],
        },
        symmetricKey: {
          keyBlock: {
            keyFormatType: 'Raw',
            ...block,
            keyWrappingData: { wrappingMethod: 'Encrypt', ...block?.keyWrappingData, macSignature },
          },
        },
      },
    });
    const plain: RequestedItem = { operation: 'Get', payload: { keyWrapType: 'NotWrapped' } };
    const right = await rig.send('1.4', [
      registerWith(block?.keyWrappingData?.macSignature),
      plain,
    ]);
    const wrong = await rig.send('1.4', [registerWith(new Uint8Array(32)), plain]);
    expect([right[1], wrong[1]]).toMatchObject([
      { resultStatus: 'Success' },
      { resultReason: 'CryptographicFailure' },
    ]);
  });

  it.each<[string, () => Promise<string>, Partial<KeyWrappingSpecification>, string, string]>([
    [
      'a wrapping key that is not there',
      async () => 'nobody',
      {},
      'ItemNotFound',
      'WrappingObjectNotFound',
    ],
    [
      'a wrapping key that was destroyed',
      async () => {
        const id = await aWrappingKey();
        await rig.send('1.4', [
          {
            operation: 'Revoke',
            payload: {
              uniqueIdentifier: id,
              revocationReason: { revocationReasonCode: 'Superseded' },
            },
          },
          destroy(id),
        ]);
        return id;
      },
      {},
      'PermissionDenied',
      'WrappingObjectDestroyed',
    ],
    [
      'a wrapping key that may not wrap',
      () => aWrappingKey({ mask: Encrypt }),
      {},
      'PermissionDenied',
      'IncompatibleCryptographicUsageMask',
    ],
    [
      'parameters that the wrapping key does not have',
      () => register({ bytes: KEK, mask: WrapKey, attributes: [attribute('ActivationDate', NOW)] }),
      {},
      'ItemNotFound',
      'BadCryptographicParameters',
    ],
    [
      'attributes without an encoding',
      () => aWrappingKey(),
      { attributeName: ['Cryptographic Length'] },
      'EncodingOptionError',
      'EncodingOptionError',
    ],
    [
      'a method that there is not',
      () => aWrappingKey(),
      { wrappingMethod: 'TR_31' },
      'FeatureNotSupported',
      'KeyWrapTypeNotSupported',
    ],
  ])('refuses %s', async (_, wrappingKey, more, first, second) => {
    const key = await register();
    const item = getWrapped(key, specification(await wrappingKey(), more));
    const answers = [...(await rig.send('1.4', [item])), ...(await rig.send('2.1', [item]))];
    expect(answers.map(({ resultReason }) => resultReason)).toEqual([first, second]);
  });

  it('refuses to wrap what is not extractable', async () => {
    const [answer] = await rig.send('1.4', [create(attribute('Extractable', false))]);
    const { uniqueIdentifier } = successOf('Create', answer);
    const kek = await aWrappingKey();
    expect(
      await rig.send('1.4', [getWrapped(String(uniqueIdentifier), specification(kek))]),
    ).toMatchObject([{ resultReason: 'NotExtractable' }]);
  });
});
