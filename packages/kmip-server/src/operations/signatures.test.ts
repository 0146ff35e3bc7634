import { createHash, generateKeyPairSync, verify } from 'node:crypto';
import { assertValidEvent } from '@claviger/audit-emitter/testing';
import { attribute, type CryptographicParameters } from '@claviger/kmip-protocol';
import { beforeEach, describe, expect, it } from 'vitest';
import { type MessageRig, startMessageRig } from '../batch/message-rig.fixtures.ts';
import { type RequestedItem, successOf } from '../messages.fixtures.ts';
import { bytes, outcomeOf, registerHalf, registerKey } from './known-keys.fixtures.ts';

type Sign = Extract<RequestedItem, { operation: 'Sign' }>['payload'];
type Verify = Extract<RequestedItem, { operation: 'SignatureVerify' }>['payload'];

const RSA = generateKeyPairSync('rsa', { modulusLength: 2048 });
const DATA = bytes('0102030405060708');
const PKCS1: CryptographicParameters = { digitalSignatureAlgorithm: 'SHA_256WithRSAEncryption' };
const PSS: CryptographicParameters = { paddingMethod: 'PSS', hashingAlgorithm: 'SHA_256' };

const signing = (uniqueIdentifier: string, payload: Partial<Sign>): RequestedItem => ({
  operation: 'Sign',
  payload: { uniqueIdentifier, ...payload },
});
const verifying = (uniqueIdentifier: string, payload: Partial<Verify>): RequestedItem => ({
  operation: 'SignatureVerify',
  payload: { uniqueIdentifier, ...payload },
});

let rig: MessageRig;
let privateId: string;
let publicId: string;
beforeEach(async () => {
  rig = await startMessageRig();
  const privateDer = RSA.privateKey.export({ format: 'der', type: 'pkcs8' });
  const publicDer = RSA.publicKey.export({ format: 'der', type: 'pkcs1' });
  const rsa = { algorithm: 'RSA', bits: 2048 } as const;
  const own = { ...rsa, format: 'PKCS_8', der: new Uint8Array(privateDer) } as const;
  const others = { ...rsa, format: 'PKCS_1', der: new Uint8Array(publicDer) } as const;
  const attributes = [attribute('CryptographicParameters', PKCS1)];
  privateId = await registerHalf(rig, 'private', own, { usage: ['Sign'], attributes });
  publicId = await registerHalf(rig, 'public', others, { usage: ['Verify'], attributes });
});

async function sign(payload: Partial<Sign>) {
  const [answer] = await rig.send('1.4', [signing(privateId, payload)]);
  return successOf('Sign', answer);
}
async function check(payload: Partial<Verify>) {
  const [answer] = await rig.send('1.4', [verifying(publicId, payload)]);
  return successOf('SignatureVerify', answer);
}

describe('Sign and Signature Verify', () => {
  it.each(['1.2', '1.4', '2.1'] as const)(
    'sign by the parameters of the key, and know a signature from another, in KMIP %s',
    async (version) => {
      const [answer] = await rig.send(version, [signing(privateId, { data: DATA })]);
      const { signatureData = new Uint8Array(0) } = successOf('Sign', answer);
      expect(verify('sha256', DATA, RSA.publicKey, signatureData)).toBe(true);
      const answers = await rig.send(version, [
        verifying(publicId, { data: DATA, signatureData }),
        verifying(publicId, { data: bytes('00'), signatureData }),
        verifying(publicId, { data: DATA, signatureData: bytes('00') }),
      ]);
      const verdicts = answers.map((one) => successOf('SignatureVerify', one).validityIndicator);
      expect(verdicts).toEqual(['Valid', 'Invalid', 'Invalid']);
    },
  );

  it('take the parameters of the request before those of the key', async () => {
    const cryptographicParameters = PSS;
    const { signatureData } = await sign({ cryptographicParameters, data: DATA });
    const given = { data: DATA, signatureData };
    expect(await check({ ...given, cryptographicParameters })).toMatchObject({
      validityIndicator: 'Valid',
    });
    expect(await check(given)).toMatchObject({ validityIndicator: 'Invalid' });
  });

  it('take a digest in the place of the data', async () => {
    const digestedData = new Uint8Array(createHash('sha256').update(DATA).digest());
    const { signatureData } = await sign({ digestedData });
    expect(await check({ data: DATA, signatureData })).toMatchObject({
      validityIndicator: 'Valid',
    });
    expect(await check({ digestedData, signatureData })).toMatchObject({
      validityIndicator: 'Valid',
    });
  });

  it('come in parts; the signature with the first one or with the last', async () => {
    const { correlationValue } = await sign({ data: DATA.subarray(0, 3), initIndicator: true });
    const last = { data: DATA.subarray(3), finalIndicator: true };
    const { signatureData, ...rest } = await sign({ correlationValue, ...last });
    expect(rest.correlationValue).toBeUndefined();
    expect(verify('sha256', DATA, RSA.publicKey, signatureData ?? bytes('00'))).toBe(true);
    for (const [early, late] of [
      [{ signatureData }, {}],
      [{}, { signatureData }],
    ]) {
      const first = await check({ data: DATA.subarray(0, 3), initIndicator: true, ...early });
      expect(first.validityIndicator).toBeUndefined();
      const { correlationValue } = first;
      expect(await check({ correlationValue, ...last, ...late })).toMatchObject({
        validityIndicator: 'Valid',
      });
    }
  });

  it('count the Usage Limits of the private key down at the first part', async () => {
    const der = new Uint8Array(RSA.privateKey.export({ format: 'der', type: 'pkcs8' }));
    const key = { algorithm: 'RSA', bits: 2048, format: 'PKCS_8', der } as const;
    const limits = { usageLimitsTotal: 1n, usageLimitsUnit: 'Object' } as const;
    const id = await registerHalf(rig, 'private', key, {
      usage: ['Sign'],
      attributes: [
        attribute('UsageLimits', { ...limits, usageLimitsCount: 1n }),
        attribute('CryptographicParameters', PKCS1),
      ],
    });
    const [begun] = await rig.send('1.4', [signing(id, { data: DATA, initIndicator: true })]);
    const { correlationValue } = successOf('Sign', begun);
    const end = signing(id, { correlationValue, finalIndicator: true });
    expect(await outcomeOf(rig, '1.4', end)).toBe('Success');
    expect(await outcomeOf(rig, '1.4', signing(id, { data: DATA }))).toBe('PermissionDenied');
  });

  it('are refused for a symmetric key', async () => {
    const id = await registerKey(rig, 'AES', '00'.repeat(16), { usage: ['Sign', 'Verify'] });
    expect(await outcomeOf(rig, '2.1', signing(id, { data: DATA }))).toBe('InvalidObjectType');
    const given = { data: DATA, signatureData: DATA };
    expect(await outcomeOf(rig, '2.1', verifying(id, given))).toBe('InvalidObjectType');
  });

  it('leave an event each, also when the signature is none', async () => {
    await sign({ data: DATA });
    await check({ data: DATA, signatureData: DATA });
    const events = (await rig.events()).slice(-2);
    for (const event of events) assertValidEvent(event);
    expect(events.map(({ action, outcome, target }) => [action, outcome, target.name])).toEqual([
      ['claviger.kmip-key.sign', 'success', privateId],
      ['claviger.kmip-key.verify-signature', 'success', publicId],
    ]);
  });
});
