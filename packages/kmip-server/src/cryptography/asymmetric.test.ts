import {
  constants,
  createHash,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  randomBytes,
  sign,
  verify,
} from 'node:crypto';
import type { CryptographicParameters } from '@claviger/kmip-protocol';
import { describe, expect, it } from 'vitest';
import { decryptWithPrivateKey, encryptWithPublicKey } from './asymmetric-cipher.ts';
import {
  CURVES,
  type KeyFormatType,
  keyLengthBits,
  readJwk,
  readPrivateKey,
  readPublicKey,
  writeKey,
} from './asymmetric-keys.ts';
import {
  isSignatureOf,
  isSignatureOfDigest,
  openSignature,
  openVerification,
  signatureScheme,
  signData,
  signDigest,
} from './signature.ts';

const RSA = generateKeyPairSync('rsa', { modulusLength: 2048 });
const EC = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const DSA = generateKeyPairSync('dsa', { modulusLength: 2048, divisorLength: 256 });
const ED25519 = generateKeyPairSync('ed25519');
const DATA = new TextEncoder().encode('what is signed');
const TO_SIGN = { isDigest: false, purpose: 'sign' } as const;
const TO_VERIFY = { isDigest: false, purpose: 'verify' } as const;
const random = (count: number) => new Uint8Array(randomBytes(count));
const OTHER = new TextEncoder().encode('what is not');

interface Pair {
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
}

describe('a key format', () => {
  it.each<[KeyFormatType, KeyObject]>([
    ['PKCS_1', RSA.privateKey],
    ['PKCS_8', RSA.privateKey],
    ['PKCS_8', EC.privateKey],
    ['ECPrivateKey', EC.privateKey],
    ['PKCS_8', DSA.privateKey],
    ['PKCS_8', ED25519.privateKey],
  ])('writes a private key that it reads: %s', (format, key) => {
    expect(readPrivateKey(format, writeKey(key, format)).equals(key)).toBe(true);
  });

  it.each<[KeyFormatType, KeyObject]>([
    ['PKCS_1', RSA.publicKey],
    ['X_509', RSA.publicKey],
    ['X_509', EC.publicKey],
    ['X_509', DSA.publicKey],
    ['X_509', ED25519.publicKey],
  ])('writes a public key that it reads: %s', (format, key) => {
    expect(readPublicKey(format, writeKey(key, format)).equals(key)).toBe(true);
  });

  it('reads transparent numbers by their JWK', () => {
    const jwk = EC.privateKey.export({ format: 'jwk' });
    expect(readJwk('private', jwk).equals(EC.privateKey)).toBe(true);
    expect(() => readJwk('public', { ...jwk, y: 'AAAA' })).toThrowError(
      expect.objectContaining({ code: 'invalid-field' }),
    );
  });

  it.each<[string, () => unknown, string, string]>([
    [
      'a format for other objects',
      () => readPrivateKey('Raw', DATA),
      'key-format-not-supported',
      'a private key can be in the formats PKCS_1, PKCS_8, ECPrivateKey, not Raw',
    ],
    [
      'bytes that are no key',
      () => readPublicKey('PKCS_1', DATA),
      'invalid-field',
      'the Key Material is no key in the format PKCS_1',
    ],
    [
      'a format that the key does not have',
      () => writeKey(EC.privateKey, 'PKCS_1'),
      'key-format-not-supported',
      'a private key of ec has no form PKCS_1',
    ],
  ])('refuses %s', (_, work, code, message) => {
    expect(work).toThrowError(expect.objectContaining({ code, message }));
  });

  it('tells the length of a key', () => {
    expect(keyLengthBits(RSA.publicKey)).toBe(2048);
    expect(keyLengthBits(ED25519.publicKey)).toBeUndefined();
    for (const namedCurve of Object.values(CURVES)) {
      const { publicKey } = generateKeyPairSync('ec', { namedCurve });
      expect(keyLengthBits(publicKey)).toBeGreaterThanOrEqual(192);
    }
  });
});

const SCHEMES: readonly [string, Pair, CryptographicParameters][] = [
  ['PKCS1 v1.5', RSA, { paddingMethod: 'PKCS1V1_5', hashingAlgorithm: 'SHA_256' }],
  ['PSS', RSA, { paddingMethod: 'PSS', hashingAlgorithm: 'SHA_384' }],
  [
    'PSS by its algorithm, with a salt',
    RSA,
    { digitalSignatureAlgorithm: 'RSASSA_PSS', hashingAlgorithm: 'SHA_256', saltLength: 20 },
  ],
  ['RSA by its algorithm', RSA, { digitalSignatureAlgorithm: 'SHA_512WithRSAEncryption' }],
  ['ECDSA', EC, { digitalSignatureAlgorithm: 'ECDSAWithSHA256' }],
  ['ECDSA by its hash', EC, { hashingAlgorithm: 'SHA_384' }],
  ['DSA', DSA, { digitalSignatureAlgorithm: 'DSAWithSHA256' }],
];

describe('a signature', () => {
  it.each(SCHEMES)('is one over the data and no other: %s', (_, pair, parameters) => {
    const signing = signatureScheme(pair.privateKey, parameters, TO_SIGN);
    const verifying = signatureScheme(pair.publicKey, parameters, TO_VERIFY);
    const signature = signData(pair.privateKey, signing, DATA);
    expect(isSignatureOf(pair.publicKey, verifying, DATA, signature)).toBe(true);
    expect(isSignatureOf(pair.publicKey, verifying, OTHER, signature)).toBe(false);
    // Not its beginning: a number is the same without a leading zero.
    expect(isSignatureOf(pair.publicKey, verifying, DATA, signature.subarray(0, -1))).toBe(false);
  });

  it.each(SCHEMES)('is the same in pieces: %s', (_, pair, parameters) => {
    const signing = openSignature(
      pair.privateKey,
      signatureScheme(pair.privateKey, parameters, TO_SIGN),
    );
    for (const byte of DATA) signing.update(Uint8Array.of(byte));
    const signature = signing.sign();
    const scheme = signatureScheme(pair.publicKey, parameters, TO_VERIFY);
    expect(isSignatureOf(pair.publicKey, scheme, DATA, signature)).toBe(true);
    const verification = openVerification(pair.publicKey, scheme);
    for (const byte of DATA) verification.update(Uint8Array.of(byte));
    expect(verification.verify(signature)).toBe(true);
  });

  it('by PSS is verified whatever salt it has, unless the parameters say how long that is', () => {
    const parameters = { paddingMethod: 'PSS', hashingAlgorithm: 'SHA_256' } as const;
    const longest = { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 222 };
    const signature = sign('sha256', DATA, { key: RSA.privateKey, ...longest });
    const isValid = (asked: CryptographicParameters) =>
      isSignatureOf(
        RSA.publicKey,
        signatureScheme(RSA.publicKey, asked, TO_VERIFY),
        DATA,
        signature,
      );
    expect(isValid(parameters)).toBe(true);
    expect(isValid({ ...parameters, saltLength: 32 })).toBe(false);
  });

  it.each<[string, CryptographicParameters]>([
    ['in the DigestInfo of its hash', { hashingAlgorithm: 'SHA_256' }],
    ['as it is, when no hash is named', {}],
  ])('over a digest takes it %s', (_, parameters) => {
    const digest = createHash('sha256').update(DATA).digest();
    const toSign = { isDigest: true, purpose: 'sign' } as const;
    const scheme = signatureScheme(RSA.privateKey, parameters, toSign);
    const signature = signDigest(RSA.privateKey, scheme, digest);
    expect(isSignatureOfDigest(RSA.publicKey, scheme, digest, signature)).toBe(true);
    expect(isSignatureOfDigest(RSA.publicKey, scheme, random(32), signature)).toBe(false);
    const isOfData = verify('sha256', DATA, RSA.publicKey, signature);
    expect(isOfData).toBe('hashingAlgorithm' in parameters);
  });

  it('by PSS over a digest is refused', () => {
    const parameters = { paddingMethod: 'PSS', hashingAlgorithm: 'SHA_256' } as const;
    const toSign = { isDigest: true, purpose: 'sign' } as const;
    const scheme = signatureScheme(RSA.privateKey, parameters, toSign);
    expect(() => signDigest(RSA.privateKey, scheme, random(32))).toThrowError(
      expect.objectContaining({ code: 'feature-not-supported' }),
    );
  });

  it('of Ed25519 takes all data at once', () => {
    const scheme = signatureScheme(ED25519.privateKey, {}, TO_SIGN);
    const signature = signData(ED25519.privateKey, scheme, DATA);
    expect(verify(null, DATA, ED25519.publicKey, signature)).toBe(true);
    expect(() => openSignature(ED25519.privateKey, scheme)).toThrowError(
      expect.objectContaining({ code: 'invalid-field' }),
    );
  });

  it.each<[string, KeyObject, CryptographicParameters, string, ('bad' | 'unsupported')?]>([
    [
      'no hash',
      RSA.privateKey,
      { paddingMethod: 'PSS' },
      'name a Digital Signature Algorithm or a Hashing Algorithm in the parameters',
      'bad',
    ],
    [
      'an algorithm for another key',
      EC.privateKey,
      { digitalSignatureAlgorithm: 'RSASSA_PSS', hashingAlgorithm: 'SHA_256' },
      'the Digital Signature Algorithm RSASSA_PSS does not fit a key of ec',
      'bad',
    ],
    [
      'an algorithm that is broken',
      RSA.privateKey,
      { digitalSignatureAlgorithm: 'MD2WithRSAEncryption' },
      'the Digital Signature Algorithm MD2WithRSAEncryption is not supported',
    ],
    [
      'a padding for encryption',
      RSA.privateKey,
      { paddingMethod: 'OAEP', hashingAlgorithm: 'SHA_256' },
      'the Padding Method of a signature is PKCS1 v1.5 or PSS, not OAEP',
    ],
    [
      'a mask of another hash',
      RSA.privateKey,
      {
        paddingMethod: 'PSS',
        hashingAlgorithm: 'SHA_256',
        maskGeneratorHashingAlgorithm: 'SHA_1',
      },
      'the Mask Generator Hashing Algorithm must be the Hashing Algorithm',
    ],
  ])('is refused for %s', (_, key, parameters, message, what = 'unsupported') => {
    expect(() => signatureScheme(key, parameters, TO_SIGN)).toThrowError(
      expect.objectContaining({ code: `${what}-cryptographic-parameters`, message }),
    );
  });
});

describe('encryption with a public key', () => {
  it.each<[string, CryptographicParameters]>([
    ['OAEP', { paddingMethod: 'OAEP' }],
    [
      'OAEP with SHA-256 and a label',
      { paddingMethod: 'OAEP', hashingAlgorithm: 'SHA_256', pSource: Uint8Array.of(1, 2) },
    ],
    [
      'OAEP with a mask of another hash',
      {
        paddingMethod: 'OAEP',
        hashingAlgorithm: 'SHA_256',
        maskGeneratorHashingAlgorithm: 'SHA_1',
        pSource: Uint8Array.of(1, 2),
      },
    ],
  ])('is undone by the private key: %s', (_, parameters) => {
    const encrypted = encryptWithPublicKey(RSA.publicKey, parameters, DATA, random);
    const decrypted = decryptWithPrivateKey(RSA.privateKey, parameters, encrypted);
    expect(new Uint8Array(decrypted)).toEqual(DATA);
  });

  it('is undone by PKCS1 v1.5 where a wrong padding is no oracle, and refused elsewhere', () => {
    const parameters = { paddingMethod: 'PKCS1V1_5' } as const;
    const encrypted = encryptWithPublicKey(RSA.publicKey, parameters, DATA, random);
    const decrypt = () => decryptWithPrivateKey(RSA.privateKey, parameters, encrypted);
    if (Number.parseInt(process.versions.node, 10) >= 22) {
      expect(new Uint8Array(decrypt())).toEqual(DATA);
    } else {
      expect(decrypt).toThrowError(expect.objectContaining({ code: 'feature-not-supported' }));
    }
  });

  it.each<[string, () => unknown, string]>([
    [
      'a key that signs only',
      () => encryptWithPublicKey(EC.publicKey, {}, DATA, random),
      'unsuitable-key',
    ],
    [
      'a padding for signatures',
      () => encryptWithPublicKey(RSA.publicKey, { paddingMethod: 'PSS' }, DATA, random),
      'unsupported-cryptographic-parameters',
    ],
    [
      'more data than the key takes',
      () => encryptWithPublicKey(RSA.publicKey, {}, new Uint8Array(300), random),
      'cryptographic-failure',
    ],
    [
      'data under another label',
      () =>
        decryptWithPrivateKey(
          RSA.privateKey,
          { paddingMethod: 'OAEP', pSource: Uint8Array.of(1) },
          encryptWithPublicKey(
            createPublicKey(RSA.privateKey),
            { paddingMethod: 'OAEP' },
            DATA,
            random,
          ),
        ),
      'cryptographic-failure',
    ],
    [
      'data under another mask',
      () =>
        decryptWithPrivateKey(
          RSA.privateKey,
          { paddingMethod: 'OAEP', maskGeneratorHashingAlgorithm: 'SHA_256' },
          encryptWithPublicKey(RSA.publicKey, { paddingMethod: 'OAEP' }, DATA, random),
        ),
      'cryptographic-failure',
    ],
    [
      'more data than OAEP with that mask takes',
      () =>
        encryptWithPublicKey(
          RSA.publicKey,
          { paddingMethod: 'OAEP', maskGeneratorHashingAlgorithm: 'SHA_256' },
          new Uint8Array(256 - 2 * 20 - 1),
          random,
        ),
      'cryptographic-failure',
    ],
  ])('is refused for %s', (_, work, code) => {
    expect(work).toThrowError(expect.objectContaining({ code }));
  });
});
