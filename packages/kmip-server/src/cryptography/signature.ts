/** Signatures with a key pair of the server (1.4 §4.31, §4.32): what the parameters ask for. */

import {
  constants,
  createSign,
  createVerify,
  type KeyObject,
  privateEncrypt,
  publicDecrypt,
  sign,
  verify,
} from 'node:crypto';
import {
  ClavigerError,
  type CryptographicParameters,
  type EnumerationValue,
} from '@claviger/kmip-protocol';
import { digestName, type HashingAlgorithm } from './digest.ts';
import { isEcdsaSignatureOfDigest, signEcdsaDigest } from './ecdsa-digest.ts';

/** What a Digital Signature Algorithm stands for; RSASSA-PSS leaves the hash to the parameters. */
const ALGORITHMS: {
  readonly [name in EnumerationValue<'DigitalSignatureAlgorithm'>]?: {
    readonly key: 'rsa' | 'dsa' | 'ec';
    readonly hash?: HashingAlgorithm;
    readonly padding?: 'PSS' | 'PKCS1V1_5';
  };
} = {
  MD5WithRSAEncryption: { key: 'rsa', hash: 'MD5', padding: 'PKCS1V1_5' },
  SHA_1WithRSAEncryption: { key: 'rsa', hash: 'SHA_1', padding: 'PKCS1V1_5' },
  SHA_224WithRSAEncryption: { key: 'rsa', hash: 'SHA_224', padding: 'PKCS1V1_5' },
  SHA_256WithRSAEncryption: { key: 'rsa', hash: 'SHA_256', padding: 'PKCS1V1_5' },
  SHA_384WithRSAEncryption: { key: 'rsa', hash: 'SHA_384', padding: 'PKCS1V1_5' },
  SHA_512WithRSAEncryption: { key: 'rsa', hash: 'SHA_512', padding: 'PKCS1V1_5' },
  SHA3_256WithRSAEncryption: { key: 'rsa', hash: 'SHA3_256', padding: 'PKCS1V1_5' },
  SHA3_384WithRSAEncryption: { key: 'rsa', hash: 'SHA3_384', padding: 'PKCS1V1_5' },
  SHA3_512WithRSAEncryption: { key: 'rsa', hash: 'SHA3_512', padding: 'PKCS1V1_5' },
  RSASSA_PSS: { key: 'rsa', padding: 'PSS' },
  DSAWithSHA_1: { key: 'dsa', hash: 'SHA_1' },
  DSAWithSHA224: { key: 'dsa', hash: 'SHA_224' },
  DSAWithSHA256: { key: 'dsa', hash: 'SHA_256' },
  ECDSAWithSHA_1: { key: 'ec', hash: 'SHA_1' },
  ECDSAWithSHA224: { key: 'ec', hash: 'SHA_224' },
  ECDSAWithSHA256: { key: 'ec', hash: 'SHA_256' },
  ECDSAWithSHA384: { key: 'ec', hash: 'SHA_384' },
  ECDSAWithSHA512: { key: 'ec', hash: 'SHA_512' },
};

/** How to sign with a key; made once, used for a signature. */
export interface SignatureScheme {
  /**
   * As the runtime knows it; undefined for the keys that bring their own (Ed25519, Ed448), and for Digested
   * Data whose hash nobody named.
   */
  readonly hash: string | undefined;
  readonly options: { readonly padding?: number; readonly saltLength?: number };
}

/** What is to be signed. */
export interface ToBeSigned {
  /** Digested already: then no hash need be named. */
  readonly isDigest: boolean;
  readonly purpose: 'sign' | 'verify';
}

/**
 * What the parameters ask of a key.
 * @throws ClavigerError `bad-cryptographic-parameters` for parameters that do not fit it,
 * `unsupported-cryptographic-parameters`.
 */
export function signatureScheme(
  key: KeyObject,
  parameters: CryptographicParameters,
  { isDigest, purpose }: ToBeSigned,
): SignatureScheme {
  const type = key.asymmetricKeyType;
  if (type === 'ed25519' || type === 'ed448') return { hash: undefined, options: {} };
  const { digitalSignatureAlgorithm: named } = parameters;
  const algorithm = named === undefined ? undefined : ALGORITHMS[named];
  if (named !== undefined && algorithm === undefined) {
    throw unsupported(`the Digital Signature Algorithm ${named} is not supported`);
  }
  if (algorithm !== undefined && algorithm.key !== type) {
    throw bad(`the Digital Signature Algorithm ${named} does not fit a key of ${type}`);
  }
  const hash = algorithm?.hash ?? parameters.hashingAlgorithm;
  if (hash === undefined && !isDigest) {
    throw bad('name a Digital Signature Algorithm or a Hashing Algorithm in the parameters');
  }
  const name = hash === undefined ? undefined : digestName(hash);
  if (type !== 'rsa') return { hash: name, options: {} };
  return { hash: name, options: rsaOptions(algorithm?.padding, hash, parameters, purpose) };
}

function rsaOptions(
  given: 'PSS' | 'PKCS1V1_5' | undefined,
  hash: HashingAlgorithm | undefined,
  parameters: CryptographicParameters,
  purpose: ToBeSigned['purpose'],
): SignatureScheme['options'] {
  const padding = given ?? parameters.paddingMethod ?? 'PKCS1V1_5';
  switch (padding) {
    case 'PKCS1V1_5':
      return { padding: constants.RSA_PKCS1_PADDING };
    case 'PSS':
      assertMask(hash, parameters);
      return {
        padding: constants.RSA_PKCS1_PSS_PADDING,
        // As long as the digest, unless it is said (RFC 8017 §9.1). A signature shows how long its salt is.
        saltLength:
          parameters.saltLength ??
          (purpose === 'sign' ? constants.RSA_PSS_SALTLEN_DIGEST : constants.RSA_PSS_SALTLEN_AUTO),
      };
    default:
      throw unsupported(`the Padding Method of a signature is PKCS1 v1.5 or PSS, not ${padding}`);
  }
}

function assertMask(hash: HashingAlgorithm | undefined, parameters: CryptographicParameters): void {
  const { maskGenerator, maskGeneratorHashingAlgorithm, trailerField } = parameters;
  if (maskGenerator !== undefined && maskGenerator !== 'MGF1') {
    throw unsupported(`the Mask Generator ${maskGenerator} is not supported; use MGF1`);
  }
  if (maskGeneratorHashingAlgorithm !== undefined && maskGeneratorHashingAlgorithm !== hash) {
    throw unsupported('the Mask Generator Hashing Algorithm must be the Hashing Algorithm');
  }
  if (trailerField !== undefined && trailerField !== 1)
    throw unsupported('the Trailer Field must be 1');
}

/** Data on its way to a signature, in pieces. */
export interface OpenSignature {
  update(data: Uint8Array): undefined;
  /** @throws ClavigerError `cryptographic-failure`. */
  sign(): Uint8Array;
}

export interface OpenVerification {
  update(data: Uint8Array): undefined;
  /** Whether the signature is one over the data; a broken one is none. */
  verify(signature: Uint8Array): boolean;
}

/**
 * @param key - private.
 * @throws ClavigerError `invalid-field` for a key that takes all data at once (Ed25519, Ed448).
 */
export function openSignature(key: KeyObject, scheme: SignatureScheme): OpenSignature {
  const signer = createSign(hashForPieces(scheme));
  return {
    update(data) {
      signer.update(data);
      return undefined;
    },
    sign: () => signing(() => signer.sign({ key, ...scheme.options })),
  };
}

/** @param key - public. @throws ClavigerError as {@link openSignature}. */
export function openVerification(key: KeyObject, scheme: SignatureScheme): OpenVerification {
  const verifier = createVerify(hashForPieces(scheme));
  return {
    update(data) {
      verifier.update(data);
      return undefined;
    },
    verify: (signature) => verifying(() => verifier.verify({ key, ...scheme.options }, signature)),
  };
}

/** Signs data that is there as a whole. @throws ClavigerError `cryptographic-failure`. */
export function signData(key: KeyObject, scheme: SignatureScheme, data: Uint8Array): Uint8Array {
  return signing(() => sign(scheme.hash, data, { key, ...scheme.options }));
}

/** Whether the signature is one over the data; a broken one is none. */
export function isSignatureOf(
  key: KeyObject,
  scheme: SignatureScheme,
  data: Uint8Array,
  signature: Uint8Array,
): boolean {
  return verifying(() => verify(scheme.hash, data, { key, ...scheme.options }, signature));
}

/**
 * Signs a digest that the client has made (Digested Data), with RSA by PKCS #1 v1.5 or with ECDSA. Without a
 * Hashing Algorithm RSA signs the digest as it is, with no DigestInfo around it.
 *
 * @throws ClavigerError `feature-not-supported`, `cryptographic-failure`.
 */
export function signDigest(key: KeyObject, scheme: SignatureScheme, value: Uint8Array): Uint8Array {
  if (key.asymmetricKeyType === 'ec') return signEcdsaDigest(key, value);
  const info = digestInfo(scheme, value);
  return signing(() => privateEncrypt({ key, padding: constants.RSA_PKCS1_PADDING }, info));
}

/** Whether the signature is one over data of that digest. @throws ClavigerError `feature-not-supported`. */
export function isSignatureOfDigest(
  key: KeyObject,
  scheme: SignatureScheme,
  value: Uint8Array,
  signature: Uint8Array,
): boolean {
  if (key.asymmetricKeyType === 'ec') return isEcdsaSignatureOfDigest(key, value, signature);
  const info = digestInfo(scheme, value);
  return verifying(() => {
    const signed = publicDecrypt({ key, padding: constants.RSA_PKCS1_PADDING }, signature);
    return Buffer.compare(signed, info) === 0;
  });
}

/** DER of DigestInfo up to the digest itself (RFC 8017 §9.2, note 1). */
const DIGEST_INFO_PREFIXES: Readonly<Record<string, string>> = {
  md5: '3020300c06082a864886f70d020505000410',
  sha1: '3021300906052b0e03021a05000414',
  sha224: '302d300d06096086480165030402040500041c',
  sha256: '3031300d060960864801650304020105000420',
  sha384: '3041300d060960864801650304020205000430',
  sha512: '3051300d060960864801650304020305000440',
};

function digestInfo({ hash, options }: SignatureScheme, value: Uint8Array): Uint8Array {
  const isSupported = options.padding === constants.RSA_PKCS1_PADDING;
  if (isSupported && hash === undefined) return value;
  const prefix = hash === undefined ? undefined : DIGEST_INFO_PREFIXES[hash];
  if (prefix === undefined || !isSupported) {
    throw new ClavigerError(
      'feature-not-supported',
      'Digested Data can be signed with ECDSA, and with RSA by PKCS1 v1.5; send the Data itself',
    );
  }
  const start = Buffer.from(prefix, 'hex');
  // The last byte of the prefix is the length of the digest.
  if (start.at(-1) !== value.length) {
    throw refuse('the Digested Data is not of the length of the Hashing Algorithm');
  }
  return Buffer.concat([start, value]);
}

function hashForPieces({ hash }: SignatureScheme): string {
  if (hash !== undefined) return hash;
  throw refuse('a key of Ed25519 or Ed448 takes all data in one request');
}

function signing(work: () => Uint8Array): Uint8Array {
  try {
    return work();
  } catch (cause) {
    throw new ClavigerError(
      'cryptographic-failure',
      'the data could not be signed with this key and these Cryptographic Parameters',
      { cause },
    );
  }
}

function verifying(work: () => boolean): boolean {
  try {
    return work();
  } catch {
    // The runtime throws for a signature that is not even one of this key's form.
    return false;
  }
}

function unsupported(message: string): ClavigerError {
  return new ClavigerError('unsupported-cryptographic-parameters', message);
}

function bad(message: string): ClavigerError {
  return new ClavigerError('bad-cryptographic-parameters', message);
}

function refuse(message: string): ClavigerError {
  return new ClavigerError('invalid-field', message);
}
