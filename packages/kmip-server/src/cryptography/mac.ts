/** Message authentication codes with a key of the server: HMAC (RFC 2104), by its KMIP names. */

import { createHmac, type Hmac, timingSafeEqual } from 'node:crypto';
import { ClavigerError, type EnumerationValue } from '@claviger/kmip-protocol';

const HMACS: { readonly [name in EnumerationValue<'CryptographicAlgorithm'>]?: string } = {
  HMAC_MD5: 'md5',
  HMAC_SHA1: 'sha1',
  HMAC_SHA224: 'sha224',
  HMAC_SHA256: 'sha256',
  HMAC_SHA384: 'sha384',
  HMAC_SHA512: 'sha512',
  HMAC_SHA3_224: 'sha3-224',
  HMAC_SHA3_256: 'sha3-256',
  HMAC_SHA3_384: 'sha3-384',
  HMAC_SHA3_512: 'sha3-512',
};

/** The runtime's name of the hash behind an HMAC; undefined for what is none. */
export function hmacDigest(
  algorithm: EnumerationValue<'CryptographicAlgorithm'> | undefined,
): string | undefined {
  return algorithm === undefined ? undefined : HMACS[algorithm];
}

/**
 * A code that data is added to.
 * @throws ClavigerError `bad-cryptographic-parameters` for an algorithm that makes no code.
 */
export function openMac(
  algorithm: EnumerationValue<'CryptographicAlgorithm'> | undefined,
  key: Uint8Array,
): Hmac {
  const name = hmacDigest(algorithm);
  if (name !== undefined) return createHmac(name, key);
  throw new ClavigerError(
    'bad-cryptographic-parameters',
    `MAC needs one of the algorithms ${Object.keys(HMACS).join(', ')}, by the Cryptographic Parameters or by the key${algorithm === undefined ? '' : `; ${algorithm} is none of them`}`,
  );
}

/** Compares in a time that does not tell how much is equal. */
export function macsEqual(expected: Uint8Array, given: Uint8Array): boolean {
  return expected.length === given.length && timingSafeEqual(expected, given);
}
