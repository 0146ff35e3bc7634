import { createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { weaknessOfKey, weaknessOfSignature } from './weakness.ts';

const rsa = (modulusLength: number) => generateKeyPairSync('rsa', { modulusLength }).publicKey;
const ec = (namedCurve: string) => generateKeyPairSync('ec', { namedCurve }).publicKey;

/** An RSA key whose numbers are made up; that they make no sense is not looked at. */
function aMadeUpRsaKey(bits: number, exponent: number): KeyObject {
  const modulus = Buffer.alloc(bits / 8, 0xff).toString('base64url');
  const e = Buffer.from([exponent]).toString('base64url');
  return createPublicKey({ key: { kty: 'RSA', n: modulus, e }, format: 'jwk' });
}

describe('weaknessOfKey', () => {
  it.each<[string, () => KeyObject]>([
    ['RSA 2048', () => rsa(2048)],
    ['RSA-PSS 2048', () => generateKeyPairSync('rsa-pss', { modulusLength: 2048 }).publicKey],
    ['RSA 16384', () => aMadeUpRsaKey(16_384, 3)],
    ['P-224', () => ec('secp224r1')],
    ['P-521', () => ec('secp521r1')],
    ['brainpoolP256r1', () => ec('brainpoolP256r1')],
    ['Ed25519', () => generateKeyPairSync('ed25519').publicKey],
  ])('finds none in %s', (_, make) => {
    expect(weaknessOfKey(make())).toBeUndefined();
  });

  it.each<[string, () => KeyObject, string, boolean]>([
    ['RSA 1024', () => rsa(1024), 'weak-key', true],
    [
      'RSA-PSS 1024',
      () => generateKeyPairSync('rsa-pss', { modulusLength: 1024 }).publicKey,
      'weak-key',
      true,
    ],
    ['RSA 2040', () => aMadeUpRsaKey(2040, 3), 'weak-key', true],
    ['RSA 1016', () => aMadeUpRsaKey(1016, 3), 'weak-key', false],
    ['RSA with exponent 1', () => aMadeUpRsaKey(1024, 1), 'weak-key', false],
    ['RSA with exponent 2', () => aMadeUpRsaKey(2048, 2), 'weak-key', false],
    ['RSA 16392', () => aMadeUpRsaKey(16_392, 3), 'unsupported-key', false],
    ['P-192', () => ec('prime192v1'), 'weak-key', true],
    ['an unknown curve', () => ec('wap-wsg-idm-ecid-wtls12'), 'unsupported-key', false],
    [
      'DSA',
      () => generateKeyPairSync('dsa', { modulusLength: 1024, divisorLength: 160 }).publicKey,
      'unsupported-key',
      false,
    ],
    ['X25519', () => generateKeyPairSync('x25519').publicKey, 'unsupported-key', false],
  ])('refuses %s', (_, make, code, tolerable) => {
    expect(weaknessOfKey(make())).toMatchObject({ code, tolerable });
  });
});

describe('weaknessOfSignature', () => {
  it.each(['sha224', 'sha256', 'sha384', 'sha512', 'sha3-256'])('finds none in %s', (hash) => {
    expect(weaknessOfSignature({ oid: '1.2', name: 'x', scheme: 'rsa', hash })).toBeUndefined();
  });

  it('finds none in EdDSA, which has a hash of its own', () => {
    const ed25519 = { oid: '1.3.101.112', name: 'ED25519', scheme: 'eddsa' } as const;
    expect(weaknessOfSignature(ed25519)).toBeUndefined();
  });

  it.each(['md2', 'md4', 'md5', 'sha1'])('refuses %s', (hash) => {
    const weakness = weaknessOfSignature({ oid: '1.2', name: 'x', scheme: 'ecdsa', hash });
    expect(weakness).toMatchObject({ code: 'weak-signature', tolerable: true });
  });

  it('refuses what is not known', () => {
    const weakness = weaknessOfSignature({ oid: '1.2.3', name: '1.2.3', scheme: 'unknown' });
    expect(weakness).toMatchObject({
      code: 'weak-signature',
      reason: expect.stringMatching('1.2.3'),
    });
  });
});
