import {
  createHash,
  createHmac,
  diffieHellman,
  generateKeyPairSync,
  pbkdf2Sync,
} from 'node:crypto';
import { assertValidEvent } from '@claviger/audit-emitter/testing';
import { type Attribute, attribute } from '@claviger/kmip-protocol';
import { beforeEach, describe, expect, it } from 'vitest';
import { type MessageRig, startMessageRig } from '../batch/message-rig.fixtures.ts';
import { type RequestedItem, successOf } from '../messages.fixtures.ts';
import { get, getAttributes } from '../requests.fixtures.ts';
import {
  bytes,
  hex,
  outcomeOf,
  registerHalf,
  registerKey,
  registerSecret,
} from './known-keys.fixtures.ts';

type DeriveKey = Extract<RequestedItem, { operation: 'DeriveKey' }>['payload'];
type Parameters = Partial<DeriveKey['derivationParameters']>;

const KEY = '00112233445566778899aabbccddeeff';
const DERIVING = { usage: ['DeriveKey'] } as const;
const SHA_256 = { cryptographicParameters: { hashingAlgorithm: 'SHA_256' } } as const;
const AES_128 = [
  attribute('CryptographicAlgorithm', 'AES'),
  attribute('CryptographicLength', 128),
  attribute('CryptographicUsageMask', 12),
];

function deriving(
  sources: readonly string[],
  derivationMethod: DeriveKey['derivationMethod'],
  parameters: Parameters = {},
  options: { objectType?: DeriveKey['objectType']; attributes?: readonly Attribute[] } = {},
): RequestedItem {
  const { objectType = 'SymmetricKey', attributes = AES_128 } = options;
  return {
    operation: 'DeriveKey',
    payload: {
      objectType,
      uniqueIdentifier: [...sources],
      derivationMethod,
      derivationParameters: { derivationData: [], ...parameters },
      attributes: { attributes, templateNames: [] },
    },
  };
}

let rig: MessageRig;
beforeEach(async () => {
  rig = await startMessageRig();
});

/** Derives, and answers the identifier and the object. */
async function derive(item: RequestedItem, version: '1.4' | '2.1' = '1.4') {
  const answers = await rig.send(version, [item, get()]);
  const { uniqueIdentifier } = successOf('DeriveKey', answers[0]);
  return { id: String(uniqueIdentifier), object: successOf('Get', answers[1]) };
}

async function keyOf(item: RequestedItem): Promise<string | undefined> {
  const keyValue = (await derive(item)).object.symmetricKey?.keyBlock.keyValue;
  if (keyValue === undefined || keyValue instanceof Uint8Array) return undefined;
  return keyValue.keyMaterial instanceof Uint8Array ? hex(keyValue.keyMaterial) : undefined;
}

async function attributesOf(id: string): Promise<readonly Attribute[]> {
  const [answer] = await rig.send('1.4', [getAttributes(id)]);
  return successOf('GetAttributes', answer).attributes;
}

const first16 = (digest: Uint8Array) => hex(digest.subarray(0, 16));

describe('Derive Key', () => {
  it('derives by a hash of the key', async () => {
    const id = await registerKey(rig, 'AES', KEY, DERIVING);
    expect(await keyOf(deriving([id], 'HASH', SHA_256))).toBe(
      first16(createHash('sha256').update(bytes(KEY)).digest()),
    );
  });

  it('derives by an HMAC over the data, or over a secret in its place', async () => {
    const id = await registerKey(rig, 'AES', KEY, DERIVING);
    const secret = await registerSecret(rig, '0102', DERIVING);
    const expected = first16(createHmac('sha256', bytes(KEY)).update(bytes('0102')).digest());
    const given = { ...SHA_256, derivationData: [bytes('0102')] };
    expect(await keyOf(deriving([id], 'HMAC', given))).toBe(expected);
    expect(await keyOf(deriving([id, secret], 'HMAC', SHA_256))).toBe(expected);
  });

  it('derives from a password by PBKDF2', async () => {
    const id = await registerSecret(rig, '70617373776f7264', DERIVING);
    const given = { ...SHA_256, salt: bytes('73616c74'), iterationCount: 4096 };
    const expected = pbkdf2Sync('password', 'salt', 4096, 16, 'sha256').toString('hex');
    expect(await keyOf(deriving([id], 'PBKDF2', given))).toBe(expected);
  });

  it('agrees on a secret with the public key of somebody else', async () => {
    const [own, other] = [
      generateKeyPairSync('ec', { namedCurve: 'P-256' }),
      generateKeyPairSync('ec', { namedCurve: 'P-256' }),
    ];
    const ec = { algorithm: 'EC', bits: 256 } as const;
    const ownDer = new Uint8Array(own.privateKey.export({ format: 'der', type: 'pkcs8' }));
    const otherDer = new Uint8Array(other.publicKey.export({ format: 'der', type: 'spki' }));
    const privateKey = { ...ec, format: 'PKCS_8', der: ownDer } as const;
    const publicKey = { ...ec, format: 'X_509', der: otherDer } as const;
    const sources = [
      await registerHalf(rig, 'private', privateKey, DERIVING),
      await registerHalf(rig, 'public', publicKey, DERIVING),
    ];
    const { privateKey: ofOwn } = own;
    const shared = diffieHellman({ privateKey: ofOwn, publicKey: other.publicKey });
    expect(await keyOf(deriving(sources, 'AsymmetricKey'))).toBe(first16(shared));
    const alone = deriving(sources.slice(0, 1), 'AsymmetricKey');
    expect(await outcomeOf(rig, '2.1', alone)).toBe('InvalidObjectType');
  });

  it('makes a secret, whose length the attributes say', async () => {
    const id = await registerKey(rig, 'AES', KEY, DERIVING);
    const attributes = [
      attribute('CryptographicLength', 64),
      attribute('CryptographicUsageMask', 512),
    ];
    const options = { objectType: 'SecretData', attributes } as const;
    for (const version of ['1.4', '2.1'] as const) {
      const { object } = await derive(deriving([id], 'HASH', SHA_256, options), version);
      expect(object.secretData).toMatchObject({
        secretDataType: 'Seed',
        keyBlock: {
          keyValue: {
            keyMaterial: bytes(hex(createHash('sha256').update(bytes(KEY)).digest()) ?? '').slice(
              0,
              8,
            ),
          },
        },
      });
    }
  });

  it('links what was derived with what it was derived from, both ways', async () => {
    const id = await registerKey(rig, 'AES', KEY, DERIVING);
    const secret = await registerSecret(rig, '0102', DERIVING);
    const derived = await derive(deriving([id, secret], 'HMAC', SHA_256));
    const linksOf = async (owner: string) =>
      (await attributesOf(owner)).flatMap((each) =>
        each.kind === 'standard' && each.name === 'Link' ? [each.value] : [],
      );
    expect(await linksOf(derived.id)).toEqual([
      { linkType: 'DerivationBaseObjectLink', linkedObjectIdentifier: id },
      { linkType: 'DerivationBaseObjectLink', linkedObjectIdentifier: secret },
    ]);
    for (const source of [id, secret]) {
      expect(await linksOf(source)).toEqual([
        { linkType: 'DerivedKeyLink', linkedObjectIdentifier: derived.id },
      ]);
    }
  });

  it('does not wear a key out: after 256 Links it derives on', async () => {
    const id = await registerKey(rig, 'AES', KEY, DERIVING);
    const items = Array.from({ length: 257 }, () => deriving([id], 'HASH', SHA_256));
    const answers = await rig.send('1.4', items);
    expect(new Set(answers.map(({ resultStatus }) => resultStatus))).toEqual(new Set(['Success']));
    const links = (await attributesOf(id)).filter(({ name }) => name === 'Link');
    expect(links).toHaveLength(256);
  });

  it('counts as a use of the key', async () => {
    const limits = { usageLimitsTotal: 1n, usageLimitsUnit: 'Object' } as const;
    const attributes = [attribute('UsageLimits', { ...limits, usageLimitsCount: 1n })];
    const id = await registerKey(rig, 'AES', KEY, { ...DERIVING, attributes });
    const item = deriving([id], 'HASH', SHA_256);
    expect(await outcomeOf(rig, '1.4', item)).toBe('Success');
    const before = await rig.countObjects();
    expect(await outcomeOf(rig, '1.4', item)).toBe('PermissionDenied');
    expect(await rig.countObjects()).toBe(before);
  });

  it('leaves the event of a key that is made, without a byte of it', async () => {
    const id = await registerKey(rig, 'AES', KEY, DERIVING);
    const derived = await derive(deriving([id], 'HASH', SHA_256));
    const event = (await rig.events()).at(-2);
    assertValidEvent(event);
    expect(event).toMatchObject({
      action: 'hs-crypto.kmip-key.create',
      outcome: 'success',
      target: { name: derived.id },
      requestData: { kmipOperation: 'Derive Key' },
    });
    const secret = hex(createHash('sha256').update(bytes(KEY)).digest().subarray(0, 16));
    expect(JSON.stringify([await rig.events(), rig.log.lines])).not.toContain(secret);
  });
});

describe('Derive Key is refused', () => {
  it('with more keys than the method takes', async () => {
    const id = await registerKey(rig, 'AES', KEY, DERIVING);
    const secret = await registerSecret(rig, '0102', DERIVING);
    const three = deriving([id, secret, secret], 'HMAC', SHA_256);
    expect(await outcomeOf(rig, '1.4', three)).toBe('InvalidField');
  });
});
