/** ECDSA over a digest that somebody else has made (FIPS 186-5 §6.4): the runtime signs data only. */

import type { KeyObject } from 'node:crypto';
import { ClavigerError } from '@claviger/kmip-protocol';
import { p256, p384, p521 } from '@noble/curves/nist.js';
import { secp256k1 } from '@noble/curves/secp256k1.js';

/** By the runtime's names; those that a JSON Web Key has. */
const CURVES = {
  prime256v1: p256,
  secp384r1: p384,
  secp521r1: p521,
  secp256k1,
} as const;

/** The digest is the message; both halves of the values of S are right, as for the runtime. */
const OPTIONS = { prehash: false, lowS: false, format: 'der' } as const;

/** MD5 has the shortest, SHA-512 the longest. */
const DIGEST_BYTES = { least: 16, most: 64 } as const;

/**
 * Signs, with a nonce that follows from key and digest (RFC 6979).
 *
 * @param key - private, on a curve.
 * @returns the signature in DER.
 * @throws ClavigerError `feature-not-supported` for another curve, `invalid-field` for what is no digest.
 */
export function signEcdsaDigest(key: KeyObject, digest: Uint8Array): Uint8Array {
  const curve = curveOf(key);
  assertDigest(digest);
  const secret = Buffer.from(key.export({ format: 'jwk' }).d ?? '', 'base64url');
  try {
    return curve.sign(digest, secret, OPTIONS);
  } finally {
    secret.fill(0);
  }
}

/**
 * Whether the signature is one over the digest; a broken one is none.
 * @param key - public. @throws ClavigerError as {@link signEcdsaDigest}.
 */
export function isEcdsaSignatureOfDigest(
  key: KeyObject,
  digest: Uint8Array,
  signature: Uint8Array,
): boolean {
  const curve = curveOf(key);
  assertDigest(digest);
  const { x = '', y = '' } = key.export({ format: 'jwk' });
  const point = [Buffer.of(4), Buffer.from(x, 'base64url'), Buffer.from(y, 'base64url')];
  try {
    return curve.verify(signature, digest, Buffer.concat(point), OPTIONS);
  } catch {
    return false; // Bytes that are no signature in DER.
  }
}

function curveOf(key: KeyObject): (typeof CURVES)[keyof typeof CURVES] {
  const name = key.asymmetricKeyDetails?.namedCurve ?? '';
  if (Object.hasOwn(CURVES, name)) return CURVES[name as keyof typeof CURVES]; // just checked
  throw new ClavigerError(
    'feature-not-supported',
    'Digested Data can be signed on the curves P-256, P-384, P-521 and secp256k1; send the Data itself',
  );
}

function assertDigest({ length }: Uint8Array): void {
  if (length >= DIGEST_BYTES.least && length <= DIGEST_BYTES.most) return;
  throw new ClavigerError(
    'invalid-field',
    `Digested Data has ${DIGEST_BYTES.least} to ${DIGEST_BYTES.most} bytes, these are ${length}`,
  );
}
