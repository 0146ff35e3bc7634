import { generateKeyPairSync } from 'node:crypto';
import { assertValidEvent } from '@claviger/audit-emitter/testing';
import { attribute, type CryptographicParameters } from '@claviger/kmip-protocol';
import { beforeEach, describe, expect, it } from 'vitest';
import { type MessageRig, startMessageRig } from '../batch/message-rig.fixtures.ts';
import { type RequestedItem, successOf } from '../messages.fixtures.ts';
import { NOW } from '../objects/managed-object.fixtures.ts';
import { getAttributes, NOBODY } from '../requests.fixtures.ts';
import { bytes, hex, outcomeOf, registerHalf, registerKey } from './known-keys.fixtures.ts';

type Encrypt = Extract<RequestedItem, { operation: 'Encrypt' }>['payload'];
type Decrypt = Extract<RequestedItem, { operation: 'Decrypt' }>['payload'];

// FIPS 197, appendix B; SP 800-38A, F.1.1.
const KEY = '2b7e151628aed2a6abf7158809cf4f3c';
const PLAIN = '6bc1bee22e409f96e93d7e117393172a';
const CIPHER = '3ad77bb40d7a3660a89ecaf32466ef97';
const ECB: CryptographicParameters = { blockCipherMode: 'ECB' };
const CBC: CryptographicParameters = { blockCipherMode: 'CBC', paddingMethod: 'PKCS5' };
const BOTH = { usage: ['Encrypt', 'Decrypt'] } as const;

let rig: MessageRig;
beforeEach(async () => {
  rig = await startMessageRig();
});

const encrypting = (uniqueIdentifier: string, payload: Partial<Encrypt>): RequestedItem => ({
  operation: 'Encrypt',
  payload: { uniqueIdentifier, ...payload },
});
const decrypting = (uniqueIdentifier: string, payload: Partial<Decrypt>): RequestedItem => ({
  operation: 'Decrypt',
  payload: { uniqueIdentifier, ...payload },
});

async function encrypt(id: string, payload: Partial<Encrypt>) {
  const [answer] = await rig.send('1.4', [encrypting(id, payload)]);
  return successOf('Encrypt', answer);
}
async function decrypt(id: string, payload: Partial<Decrypt>) {
  const [answer] = await rig.send('1.4', [decrypting(id, payload)]);
  return successOf('Decrypt', answer);
}

describe('Encrypt and Decrypt', () => {
  it.each(['1.2', '1.4', '2.1'] as const)(
    'compute with a key of the server, by the parameters of the request, in KMIP %s',
    async (version) => {
      const id = await registerKey(rig, 'AES', KEY, BOTH);
      const given = { cryptographicParameters: ECB };
      const answers = await rig.send(version, [
        encrypting(id, { ...given, data: bytes(PLAIN) }),
        decrypting(id, { ...given, data: bytes(CIPHER) }),
      ]);
      expect(hex(successOf('Encrypt', answers[0]).data)).toBe(CIPHER);
      expect(hex(successOf('Decrypt', answers[1]).data)).toBe(PLAIN);
    },
  );

  it('take the first parameters of the key, when the request has none', async () => {
    const attributes = [attribute('CryptographicParameters', ECB)];
    const id = await registerKey(rig, 'AES', KEY, { ...BOTH, attributes });
    expect(hex((await encrypt(id, { data: bytes(PLAIN) })).data)).toBe(CIPHER);
  });

  it('answer the initial value that the server chose, and no other', async () => {
    const id = await registerKey(rig, 'AES', KEY, BOTH);
    const random = { ...CBC, randomIV: true };
    const data = bytes('0102');
    const first = await encrypt(id, { cryptographicParameters: random, data });
    expect(first.ivCounterNonce).toHaveLength(16);
    const second = await encrypt(id, { cryptographicParameters: random, data });
    expect(second.ivCounterNonce).not.toEqual(first.ivCounterNonce);
    const { ivCounterNonce } = first;
    const third = await encrypt(id, { cryptographicParameters: CBC, data, ivCounterNonce });
    expect(third).toMatchObject({ data: first.data });
    expect(third.ivCounterNonce).toBeUndefined();
    const back = { cryptographicParameters: CBC, data: first.data, ivCounterNonce };
    expect((await decrypt(id, back)).data).toEqual(data);
  });

  it('authenticate what they encrypt, and data beside it', async () => {
    const id = await registerKey(rig, 'AES', KEY, BOTH);
    const common = {
      cryptographicParameters: { blockCipherMode: 'GCM', tagLength: 16 } as const,
      ivCounterNonce: bytes('000102030405060708090a0b'),
    };
    const authenticatedEncryptionAdditionalData = bytes('aabb');
    const additional = { ...common, authenticatedEncryptionAdditionalData };
    const { data, authenticatedEncryptionTag } = await encrypt(id, {
      ...additional,
      data: bytes(PLAIN),
    });
    const sealed = { data, authenticatedEncryptionTag };
    expect(hex((await decrypt(id, { ...additional, ...sealed })).data)).toBe(PLAIN);
    expect(await outcomeOf(rig, '2.1', decrypting(id, { ...common, ...sealed }))).toBe(
      'CryptographicFailure',
    );
  });

  it('answer no data with no data, when all of it came at once', async () => {
    const id = await registerKey(rig, 'AES', KEY, BOTH);
    const given = { cryptographicParameters: { blockCipherMode: 'CTR' } as const };
    const none = { ...given, ivCounterNonce: new Uint8Array(16), data: new Uint8Array(0) };
    expect((await encrypt(id, none)).data).toEqual(new Uint8Array(0));
  });

  it('compute with a key pair, each half on its side', async () => {
    const pair = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const privateDer = pair.privateKey.export({ format: 'der', type: 'pkcs8' });
    const publicDer = pair.publicKey.export({ format: 'der', type: 'pkcs1' });
    const rsa = { algorithm: 'RSA', bits: 2048 } as const;
    const own = { ...rsa, format: 'PKCS_8', der: new Uint8Array(privateDer) } as const;
    const others = { ...rsa, format: 'PKCS_1', der: new Uint8Array(publicDer) } as const;
    const privateId = await registerHalf(rig, 'private', own, BOTH);
    const publicId = await registerHalf(rig, 'public', others, BOTH);
    const cryptographicParameters = { paddingMethod: 'OAEP', hashingAlgorithm: 'SHA_256' } as const;
    const { data } = await encrypt(publicId, { cryptographicParameters, data: bytes('0102') });
    expect((await decrypt(privateId, { cryptographicParameters, data })).data).toEqual(
      bytes('0102'),
    );
    for (const item of [encrypting(privateId, { data }), decrypting(publicId, { data })]) {
      expect(await outcomeOf(rig, '1.4', item)).toBe('PermissionDenied');
      expect(await outcomeOf(rig, '2.1', item)).toBe('InvalidObjectType');
    }
  });

  it('come in parts, which give together what one request gives', async () => {
    const id = await registerKey(rig, 'AES', KEY, BOTH);
    const begin = { cryptographicParameters: CBC, ivCounterNonce: bytes(PLAIN) };
    const whole = await encrypt(id, { ...begin, data: bytes(`${PLAIN}0102`) });
    const first = await encrypt(id, { ...begin, data: bytes('6bc1'), initIndicator: true });
    const { correlationValue } = first;
    const second = await encrypt(id, { correlationValue, data: bytes(PLAIN.slice(4)) });
    expect(second.correlationValue).toEqual(correlationValue);
    const finalIndicator = true;
    const last = await encrypt(id, { correlationValue, data: bytes('0102'), finalIndicator });
    expect(last.correlationValue).toBeUndefined();
    const parts = [first.data, second.data, last.data].flatMap((part) => [...(part ?? [])]);
    expect(new Uint8Array(parts)).toEqual(whole.data);
    const after = encrypting(id, { correlationValue, data: bytes('01') });
    expect(await outcomeOf(rig, '1.4', after)).toBe('ItemNotFound');
  });

  it('leave an event each that says which key, and neither data nor key', async () => {
    const id = await registerKey(rig, 'AES', KEY, BOTH);
    await encrypt(id, { cryptographicParameters: ECB, data: bytes(PLAIN) });
    await decrypt(id, { cryptographicParameters: ECB, data: bytes(CIPHER) });
    await rig.send('1.4', [encrypting(id, { data: bytes(PLAIN) })]);
    const events = (await rig.events()).slice(-3);
    for (const event of events) assertValidEvent(event);
    expect(events.map(({ action, outcome }) => `${action} ${outcome}`)).toEqual([
      'claviger.kmip-key.encrypt success',
      'claviger.kmip-key.decrypt success',
      'claviger.kmip-key.encrypt failure',
    ]);
    expect(events.map(({ target }) => target.name)).toEqual([id, id, id]);
    const told = JSON.stringify([events, rig.log.lines]);
    for (const secret of [KEY, PLAIN, CIPHER]) {
      expect(told).not.toContain(secret);
      expect(told).not.toContain(Buffer.from(secret, 'hex').toString('base64'));
    }
  });
});

describe('the use of a key', () => {
  const data = bytes(PLAIN);
  const ecb = { cryptographicParameters: ECB, data };
  const revoke = (uniqueIdentifier: string): RequestedItem => ({
    operation: 'Revoke',
    payload: { uniqueIdentifier, revocationReason: { revocationReasonCode: 'KeyCompromise' } },
  });

  it('needs the bit of the Cryptographic Usage Mask', async () => {
    const id = await registerKey(rig, 'AES', KEY, { usage: ['Decrypt'] });
    expect(await outcomeOf(rig, '1.4', encrypting(id, ecb))).toBe('PermissionDenied');
    expect(await outcomeOf(rig, '2.1', encrypting(id, ecb))).toBe(
      'IncompatibleCryptographicUsageMask',
    );
    expect(await outcomeOf(rig, '1.4', decrypting(id, ecb))).toBe('Success');
  });

  it('needs an Active key to protect; a revoked one still gives its data back', async () => {
    const id = await registerKey(rig, 'AES', KEY, { ...BOTH, isPreActive: true });
    expect(await outcomeOf(rig, '2.1', decrypting(id, ecb))).toBe('WrongKeyLifecycleState');
    await rig.send('1.4', [{ operation: 'Activate', payload: { uniqueIdentifier: id } }]);
    expect(await outcomeOf(rig, '2.1', encrypting(id, ecb))).toBe('Success');
    await rig.send('1.4', [revoke(id)]);
    expect(await outcomeOf(rig, '1.4', encrypting(id, ecb))).toBe('PermissionDenied');
    expect(await outcomeOf(rig, '2.1', encrypting(id, ecb))).toBe('WrongKeyLifecycleState');
    expect(await outcomeOf(rig, '2.1', decrypting(id, ecb))).toBe('Success');
    await rig.send('1.4', [{ operation: 'Destroy', payload: { uniqueIdentifier: id } }]);
    expect(await outcomeOf(rig, '2.1', decrypting(id, ecb))).toBe('WrongKeyLifecycleState');
  });

  it.each([
    ['Protect Stop Date that has come', attribute('ProtectStopDate', NOW), 'Encrypt'],
    ['Process Start Date to come', attribute('ProcessStartDate', NOW + 60), 'Decrypt'],
  ] as const)('is bounded by a %s', async (_, date, refused) => {
    const id = await registerKey(rig, 'AES', KEY, { ...BOTH, attributes: [date] });
    const outcomes = [
      await outcomeOf(rig, '2.1', encrypting(id, ecb)),
      await outcomeOf(rig, '2.1', decrypting(id, ecb)),
    ];
    expect(outcomes).toEqual(
      refused === 'Encrypt'
        ? ['WrongKeyLifecycleState', 'Success']
        : ['Success', 'WrongKeyLifecycleState'],
    );
  });

  it('counts down what the Usage Limits allow, with the answer or not at all', async () => {
    const limits = { usageLimitsTotal: 40n, usageLimitsUnit: 'Byte' } as const;
    const attributes = [attribute('UsageLimits', { ...limits, usageLimitsCount: 40n })];
    const id = await registerKey(rig, 'AES', KEY, { ...BOTH, attributes });
    const left = async () => {
      const [answer] = await rig.send('1.4', [getAttributes(id)]);
      const all = successOf('GetAttributes', answer).attributes;
      return all.find(({ name }) => name === 'UsageLimits')?.value;
    };
    await encrypt(id, ecb);
    expect(await left()).toMatchObject({ usageLimitsCount: 24n });
    const failing = decrypting(NOBODY, ecb);
    const undo = { header: { batchErrorContinuationOption: 'Undo' } } as const;
    await rig.send('1.4', [encrypting(id, ecb), failing], undo);
    expect(await left()).toMatchObject({ usageLimitsCount: 24n });
    await encrypt(id, ecb);
    expect(await outcomeOf(rig, '1.4', encrypting(id, ecb))).toBe('PermissionDenied');
    expect(await left()).toMatchObject({ usageLimitsCount: 8n });
    expect(await outcomeOf(rig, '1.4', decrypting(id, ecb))).toBe('Success');
  });

  it('ends at once when the root key is disabled, in the middle of parts too', async () => {
    const id = await registerKey(rig, 'AES', KEY, BOTH);
    const { correlationValue } = await encrypt(id, { ...ecb, initIndicator: true });
    await rig.setRootKeyState('disabled');
    expect(await outcomeOf(rig, '1.4', encrypting(id, ecb))).toBe('PermissionDenied');
    const next = encrypting(id, { correlationValue, data });
    expect(await outcomeOf(rig, '1.4', next)).toBe('PermissionDenied');
  });
});
