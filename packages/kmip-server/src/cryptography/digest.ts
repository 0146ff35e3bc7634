/** Hash functions by their KMIP names (1.4 §9.1.3.2.16). */

import { createHash, type Hash } from 'node:crypto';
import { ClavigerError, type EnumerationValue } from '@claviger/kmip-protocol';

export type HashingAlgorithm = EnumerationValue<'HashingAlgorithm'>;

/** What the runtime calls them. MD2, MD4, Tiger and Whirlpool it does not have. */
const DIGESTS: { readonly [name in HashingAlgorithm]?: string } = {
  MD5: 'md5',
  SHA_1: 'sha1',
  SHA_224: 'sha224',
  SHA_256: 'sha256',
  SHA_384: 'sha384',
  SHA_512: 'sha512',
  SHA_512_224: 'sha512-224',
  SHA_512_256: 'sha512-256',
  SHA3_224: 'sha3-224',
  SHA3_256: 'sha3-256',
  SHA3_384: 'sha3-384',
  SHA3_512: 'sha3-512',
  RIPEMD_160: 'ripemd160',
};

/** The algorithms that {@link openHash} takes, for Query. */
export const HASHING_ALGORITHMS = Object.keys(DIGESTS);

/**
 * The runtime's name of an algorithm.
 * @throws ClavigerError `unsupported-cryptographic-parameters` for one that it does not have.
 */
export function digestName(algorithm: HashingAlgorithm): string {
  const name = DIGESTS[algorithm];
  if (name !== undefined) return name;
  throw new ClavigerError(
    'unsupported-cryptographic-parameters',
    `the Hashing Algorithm ${algorithm} is not supported; use one of ${HASHING_ALGORITHMS.join(', ')}`,
  );
}

/** A hash that data is added to. @throws ClavigerError as {@link digestName}. */
export function openHash(algorithm: HashingAlgorithm): Hash {
  return createHash(digestName(algorithm));
}

/** The digest of `data`. @throws ClavigerError as {@link digestName}. */
export function digest(algorithm: HashingAlgorithm, data: Uint8Array): Uint8Array {
  return openHash(algorithm).update(data).digest();
}
