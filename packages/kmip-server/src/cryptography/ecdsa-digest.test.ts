import { createHash, generateKeyPairSync, sign, verify } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { isEcdsaSignatureOfDigest, signEcdsaDigest } from './ecdsa-digest.ts';

const DATA = new TextEncoder().encode('data');

describe('ECDSA over a digest', () => {
  it.each([
    ['prime256v1', 'sha256'],
    ['prime256v1', 'sha1'],
    ['prime256v1', 'sha512'],
    ['secp384r1', 'sha384'],
    ['secp521r1', 'sha512'],
    ['secp256k1', 'sha256'],
  ])('is the same as that of the runtime over the data: %s with %s', (namedCurve, hash) => {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve });
    const digest = createHash(hash).update(DATA).digest();
    expect(verify(hash, DATA, publicKey, signEcdsaDigest(privateKey, digest))).toBe(true);
    for (let n = 0; n < 8; n++) {
      // Of several one has an S in the upper half.
      const signature = sign(hash, DATA, privateKey);
      expect(isEcdsaSignatureOfDigest(publicKey, digest, signature)).toBe(true);
    }
    const other = createHash(hash).update('other').digest();
    const signature = sign(hash, DATA, privateKey);
    expect(isEcdsaSignatureOfDigest(publicKey, other, signature)).toBe(false);
    expect(isEcdsaSignatureOfDigest(publicKey, digest, new Uint8Array(5))).toBe(false);
  });

  it('refuses other curves, and what is no digest', () => {
    const brainpool = generateKeyPairSync('ec', { namedCurve: 'brainpoolP256r1' });
    const digest = new Uint8Array(32);
    expect(() => signEcdsaDigest(brainpool.privateKey, digest)).toThrow(
      expect.objectContaining({ code: 'feature-not-supported' }),
    );
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
    for (const length of [0, 15, 65]) {
      const refused = expect.objectContaining({ code: 'invalid-field' });
      const given = new Uint8Array(length);
      expect(() => signEcdsaDigest(privateKey, given)).toThrow(refused);
      expect(() => isEcdsaSignatureOfDigest(publicKey, given, digest)).toThrow(refused);
    }
  });
});
