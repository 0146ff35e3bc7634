import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { type Derivation, derive, deriveSharedSecret, MAX_ITERATIONS } from './derive.ts';

const text = (value: string) => new TextEncoder().encode(value);
const hex = (value: string) => new Uint8Array(Buffer.from(value, 'hex'));
const hexOf = (data: Uint8Array) => Buffer.from(data).toString('hex');

function aDerivation(method: Derivation['method'], rest: Partial<Derivation>): Derivation {
  return {
    method,
    parameters: {},
    key: hex('000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f'),
    algorithm: undefined,
    initializationVector: undefined,
    data: undefined,
    salt: undefined,
    iterationCount: undefined,
    lengthBytes: 16,
    ...rest,
  };
}

describe('derive', () => {
  it.each<[string, Derivation, string]>([
    [
      'PBKDF2 of RFC 6070, twice',
      aDerivation('PBKDF2', {
        key: text('password'),
        salt: text('salt'),
        iterationCount: 2,
        lengthBytes: 20,
      }),
      'ea6c014dc72d6f8ccd1ed92ace1d41f0d8de8957',
    ],
    [
      'PBKDF2 with SHA-256',
      aDerivation('PBKDF2', {
        parameters: { hashingAlgorithm: 'SHA_256' },
        key: text('password'),
        salt: text('salt'),
        iterationCount: 4096,
        lengthBytes: 32,
      }),
      'c5e478d59288c841aa530db6845c4c8d962893a001ce4e11a4963873aa98134a',
    ],
    [
      'HKDF of RFC 5869, test case 1',
      aDerivation('HKDF', {
        parameters: { hashingAlgorithm: 'SHA_256' },
        key: hex('0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b0b'),
        salt: hex('000102030405060708090a0b0c'),
        data: hex('f0f1f2f3f4f5f6f7f8f9'),
        lengthBytes: 42,
      }),
      '3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865',
    ],
    [
      'HASH over the key',
      aDerivation('HASH', { parameters: { hashingAlgorithm: 'SHA_256' }, key: text('abc') }),
      'ba7816bf8f01cfea414140de5dae2223',
    ],
    [
      'HASH over the data',
      aDerivation('HASH', { parameters: { hashingAlgorithm: 'SHA_1' }, data: text('abc') }),
      'a9993e364706816aba3e25717850c26c',
    ],
    [
      'HMAC by the algorithm of the key (RFC 4231, test case 2)',
      aDerivation('HMAC', {
        algorithm: 'HMAC_SHA256',
        key: text('Jefe'),
        data: text('what do ya want for nothing?'),
        lengthBytes: 32,
      }),
      '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843',
    ],
    [
      'ENCRYPT by AES (FIPS 197 C.1)',
      aDerivation('ENCRYPT', {
        algorithm: 'AES',
        parameters: { blockCipherMode: 'ECB' },
        key: hex('000102030405060708090a0b0c0d0e0f'),
        data: hex('00112233445566778899aabbccddeeff'),
      }),
      '69c4e0d86a7b0430d8cdb78070b4c55a',
    ],
    [
      'SP 800-108 in counter mode, as OpenSSL',
      aDerivation('NIST800_108_C', {
        parameters: { hashingAlgorithm: 'SHA_256' },
        data: text('labelcontext'),
        lengthBytes: 80,
      }),
      '5fbe62c62af6a793f057c9af9e825a9bde3c7c65926751ad49e026a82d49b5be240f82ed2307639e7283b8cfcbb76db56816a34ba81681e7ba279d233943918554124b31a72b245e3b3dcdc55c8d6a9d',
    ],
    [
      'SP 800-108 in feedback mode, as OpenSSL',
      aDerivation('NIST800_108_F', {
        parameters: { hashingAlgorithm: 'SHA_256' },
        initializationVector: hex(
          'aabbccddeeff00112233445566778899aabbccddeeff00112233445566778899',
        ),
        data: text('labelcontext'),
        lengthBytes: 80,
      }),
      '979ca315e477d26e2b2f087e90783b7be71ffce89e1fb5fa14f71522b6f1a9868401188554dc2aca133d44b37316877b494d44fa24610b81c19edda023b29961ff733a602cef3904e1cc1e8c2ed7b85b',
    ],
  ])('computes %s', async (_, derivation, expected) => {
    expect(hexOf(await derive(derivation))).toBe(expected);
  });

  it.each<[string, Derivation, string, string?]>([
    [
      'PBKDF2 without salt',
      aDerivation('PBKDF2', { iterationCount: 1 }),
      'PBKDF2 needs a Salt and an Iteration Count',
    ],
    [
      'endless PBKDF2',
      aDerivation('PBKDF2', { salt: text('salt'), iterationCount: MAX_ITERATIONS + 1 }),
      'the Iteration Count must be from 1 to 1000000',
    ],
    [
      'HASH by no hash',
      aDerivation('HASH', {}),
      'name a Hashing Algorithm in the Cryptographic Parameters',
      'bad-cryptographic-parameters',
    ],
    [
      'more than the hash gives',
      aDerivation('HASH', { parameters: { hashingAlgorithm: 'SHA_1' }, lengthBytes: 21 }),
      'the method gives 160 bits here; ask for no more',
      'cryptographic-failure',
    ],
    [
      'more than HKDF gives',
      aDerivation('HKDF', { parameters: { hashingAlgorithm: 'SHA_1' }, lengthBytes: 5101 }),
      'HKDF gives at most 255 digests',
      'cryptographic-failure',
    ],
    [
      'HMAC over nothing',
      aDerivation('HMAC', { algorithm: 'HMAC_SHA256' }),
      'this method needs Derivation Data, or a Secret Data object that holds it',
    ],
    [
      'a method that is not there',
      aDerivation('AWSSignatureVersion4', {}),
      'the Derivation Method AWSSignatureVersion4 is not supported',
    ],
  ])('refuses %s', async (_, derivation, message, code = 'invalid-field') => {
    await expect(derive(derivation)).rejects.toThrowError(
      expect.objectContaining({ code, message }),
    );
  });
});

describe('deriveSharedSecret', () => {
  it('is the same from both sides', () => {
    const ours = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const theirs = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const secret = deriveSharedSecret(ours.privateKey, theirs.publicKey, 32);
    expect(secret).toHaveLength(32);
    expect(deriveSharedSecret(theirs.privateKey, ours.publicKey, 32)).toEqual(secret);
  });

  it('refuses keys of different curves', () => {
    const ours = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const theirs = generateKeyPairSync('ec', { namedCurve: 'P-384' });
    expect(() => deriveSharedSecret(ours.privateKey, theirs.publicKey, 32)).toThrowError(
      expect.objectContaining({
        code: 'cryptographic-failure',
        message: 'the keys do not agree: they must be of one curve',
      }),
    );
  });
});
