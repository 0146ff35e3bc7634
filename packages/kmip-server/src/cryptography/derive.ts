/** Deriving key material (1.4 §4.6, 2.1 §6.1.14): one function per Derivation Method. */

import {
  createHmac,
  createSecretKey,
  diffieHellman,
  hkdf,
  type KeyObject,
  pbkdf2,
} from 'node:crypto';
import { promisify } from 'node:util';
import {
  ClavigerError,
  type CryptographicParameters,
  type EnumerationValue,
} from '@claviger/kmip-protocol';
import { concatenate } from '../concatenate.ts';
import { openEncryption } from './cipher.ts';
import type { CryptographicAlgorithm } from './cipher-suites.ts';
import { digest, digestName } from './digest.ts';
import { hmacDigest } from './mac.ts';

/** More would keep a core busy for seconds. */
export const MAX_ITERATIONS = 1_000_000;

export interface Derivation {
  readonly method: EnumerationValue<'DerivationMethod'>;
  readonly parameters: CryptographicParameters;
  /** The key, or the password, that is derived from. */
  readonly key: Uint8Array;
  /** Of that key, when it has one. */
  readonly algorithm: CryptographicAlgorithm | undefined;
  readonly initializationVector: Uint8Array | undefined;
  /** Derivation Data, given in the request or as a Secret Data object. */
  readonly data: Uint8Array | undefined;
  readonly salt: Uint8Array | undefined;
  readonly iterationCount: number | undefined;
  /** How many bytes the new object has. */
  readonly lengthBytes: number;
}

/**
 * The derived bytes, `lengthBytes` of them, for the caller to wipe; nothing else of them is left.
 * @throws ClavigerError `invalid-field` for parameters that do not fit the method, and for more bytes
 * than it gives.
 */
export async function derive(derivation: Derivation): Promise<Uint8Array> {
  const { method, lengthBytes } = derivation;
  switch (method) {
    case 'PBKDF2':
      return await deriveByPbkdf2(derivation);
    case 'HKDF':
      return await deriveByHkdf(derivation);
    case 'HASH':
      return firstBytes(deriveByHash(derivation), lengthBytes);
    case 'HMAC':
      return firstBytes(deriveByHmac(derivation), lengthBytes);
    case 'ENCRYPT':
      return firstBytes(deriveByEncryption(derivation), lengthBytes);
    case 'NIST800_108_C':
      return expand(derivation, () => new Uint8Array(0));
    case 'NIST800_108_F':
      return expand(derivation, (before) => before ?? derivation.initializationVector);
    default:
      throw refuse(`the Derivation Method ${method} is not supported`);
  }
}

/**
 * The secret that two key pairs share (Derivation Method Asymmetric Key): ECDH, X25519, X448, DH.
 * @throws ClavigerError `cryptographic-failure` for keys that do not belong together, or a secret too short.
 */
export function deriveSharedSecret(
  privateKey: KeyObject,
  publicKey: KeyObject,
  lengthBytes: number,
): Uint8Array {
  let secret: Uint8Array;
  try {
    secret = diffieHellman({ privateKey, publicKey });
  } catch (cause) {
    throw new ClavigerError(
      'cryptographic-failure',
      'the keys do not agree: they must be of one curve',
      { cause },
    );
  }
  return firstBytes(secret, lengthBytes);
}

async function deriveByPbkdf2(derivation: Derivation): Promise<Uint8Array> {
  const { parameters, key, salt, iterationCount, lengthBytes } = derivation;
  if (salt === undefined || iterationCount === undefined) {
    throw refuse('PBKDF2 needs a Salt and an Iteration Count');
  }
  if (iterationCount < 1 || iterationCount > MAX_ITERATIONS) {
    throw refuse(`the Iteration Count must be from 1 to ${MAX_ITERATIONS}`);
  }
  // HMAC-SHA-1 is the default of PBKDF2 (RFC 8018 §5.2, appendix B.1.1).
  const hash = digestName(parameters.hashingAlgorithm ?? 'SHA_1');
  return await promisify(pbkdf2)(key, salt, iterationCount, lengthBytes, hash);
}

async function deriveByHkdf(derivation: Derivation): Promise<Uint8Array> {
  const { parameters, key, salt, data, lengthBytes } = derivation;
  const hash = requiredHash(parameters);
  const none = new Uint8Array(0);
  try {
    const secret = createSecretKey(key);
    return new Uint8Array(
      await promisify(hkdf)(hash, secret, salt ?? none, data ?? none, lengthBytes),
    );
  } catch (cause) {
    throw new ClavigerError('cryptographic-failure', 'HKDF gives at most 255 digests', { cause });
  }
}

function deriveByHash({ parameters, key, data }: Derivation): Uint8Array {
  if (parameters.hashingAlgorithm === undefined) throw lacksHash();
  // Over the key or over the data; what was given.
  return digest(parameters.hashingAlgorithm, data ?? key);
}

function deriveByHmac(derivation: Derivation): Uint8Array {
  return createHmac(hmacHash(derivation), derivation.key).update(requiredData(derivation)).digest();
}

function deriveByEncryption(derivation: Derivation): Uint8Array {
  const { algorithm, parameters, key, initializationVector } = derivation;
  const data = requiredData(derivation);
  const cipher = openEncryption(
    { algorithm, parameters, key, iv: initializationVector, additionalData: undefined },
    { totalBytes: data.length },
    (count) => new Uint8Array(count), // an empty initial value is assumed when there is none
  );
  const parts = [cipher.update(data)];
  try {
    parts.push(cipher.final().data);
    return concatenate(parts);
  } finally {
    for (const part of parts) part.fill(0);
  }
}

/**
 * SP 800-108 with HMAC and a counter of 32 bits before the fixed data, which the client gives whole
 * (label, zero, context, length).
 *
 * @param feedback - what stands before the counter, from the block before.
 */
function expand(
  derivation: Derivation,
  feedback: (before: Uint8Array | undefined) => Uint8Array | undefined,
): Uint8Array {
  const hash = hmacHash(derivation);
  const fixed = requiredData(derivation);
  const blocks: Uint8Array[] = [];
  let length = 0;
  while (length < derivation.lengthBytes) {
    const counter = new Uint8Array(4);
    new DataView(counter.buffer).setUint32(0, blocks.length + 1);
    const block = createHmac(hash, derivation.key)
      .update(feedback(blocks.at(-1)) ?? new Uint8Array(0))
      .update(counter)
      .update(fixed)
      .digest();
    blocks.push(block);
    length += block.length;
  }
  try {
    return firstBytes(concatenate(blocks), derivation.lengthBytes);
  } finally {
    for (const block of blocks) block.fill(0);
  }
}

/** The key says by which HMAC, or the parameters do. */
function hmacHash({ algorithm, parameters }: Derivation): string {
  return hmacDigest(algorithm) ?? requiredHash(parameters);
}

function requiredHash({ hashingAlgorithm }: CryptographicParameters): string {
  if (hashingAlgorithm === undefined) throw lacksHash();
  return digestName(hashingAlgorithm);
}

function lacksHash(): ClavigerError {
  return new ClavigerError(
    'bad-cryptographic-parameters',
    'name a Hashing Algorithm in the Cryptographic Parameters',
  );
}

function requiredData({ data }: Derivation): Uint8Array {
  if (data !== undefined) return data;
  throw refuse('this method needs Derivation Data, or a Secret Data object that holds it');
}

/** The bytes in an array of their own: `data` is wiped, which may have more. */
function firstBytes(data: Uint8Array, count: number): Uint8Array {
  const first = data.length >= count ? new Uint8Array(data.subarray(0, count)) : undefined;
  data.fill(0);
  if (first !== undefined) return first;
  throw new ClavigerError(
    'cryptographic-failure',
    `the method gives ${data.length * 8} bits here; ask for no more`,
  );
}

function refuse(message: string): ClavigerError {
  return new ClavigerError('invalid-field', message);
}
