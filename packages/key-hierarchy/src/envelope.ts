/**
 * The one format in which anything is encrypted at rest, format 1:
 *
 *     offset      0   format, 0x01
 *     offset  1..32   salt, random
 *     offset 33..n    ciphertext, as long as the plaintext
 *     last 16 bytes   tag
 *
 *     key (32 bytes) || nonce (12 bytes) = HKDF-SHA-256(wrapping key, salt, "claviger envelope 1")
 *     ciphertext || tag                  = AES-256-GCM(key, nonce, context, plaintext)
 *
 * Each envelope has a key of its own, so the limit of 2^32 random nonces for one GCM key does not
 * apply: two envelopes share key and nonce only when two random salts of 256 bits are equal.
 */

import {
  createCipheriv,
  createDecipheriv,
  createSecretKey,
  hkdfSync,
  type KeyObject,
} from 'node:crypto';
import { describeContext, type EnvelopeContext, encodeContext } from './envelope-context.ts';
import { KeyHierarchyError } from './error.ts';

/** Fills an array with bytes from a cryptographic source. */
export type RandomBytes = (size: number) => Uint8Array;

/** Length in bytes of every key that wraps or seals: AES-256. */
export const WRAPPING_KEY_BYTES = 32;

const FORMAT = 0x01;
const SALT_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const HEADER_BYTES = 1 + SALT_BYTES;
const HKDF_INFO = 'claviger envelope 1';

/** How many bytes an envelope is longer than what it holds. */
export const ENVELOPE_OVERHEAD_BYTES = HEADER_BYTES + TAG_BYTES;

/**
 * Encrypts `plaintext` for one context.
 *
 * @param wrappingKey - 32 bytes; only read.
 * @param plaintext - Only read; the caller wipes it.
 * @returns A fresh array, `ENVELOPE_OVERHEAD_BYTES` longer than the plaintext.
 * @throws KeyHierarchyError `invalid-argument`.
 */
export function sealEnvelope(
  wrappingKey: Uint8Array,
  plaintext: Uint8Array,
  context: EnvelopeContext,
  randomBytes: RandomBytes,
): Uint8Array {
  const additionalData = encodeContext(context);
  const salt = randomBytes(SALT_BYTES);
  const secret = deriveSecret(wrappingKey, salt);
  try {
    const cipher = createCipheriv('aes-256-gcm', secret.key, secret.nonce, {
      authTagLength: TAG_BYTES,
    });
    cipher.setAAD(additionalData);
    const envelope = new Uint8Array(plaintext.length + ENVELOPE_OVERHEAD_BYTES);
    envelope[0] = FORMAT;
    envelope.set(salt, 1);
    envelope.set(cipher.update(plaintext), HEADER_BYTES);
    cipher.final();
    envelope.set(cipher.getAuthTag(), HEADER_BYTES + plaintext.length);
    return envelope;
  } finally {
    secret.wipe();
  }
}

/**
 * Decrypts an envelope that was made for the same context by the same key.
 *
 * @param wrappingKey - 32 bytes; only read.
 * @param envelope - Only read.
 * @returns The plaintext in a fresh array, which the caller wipes.
 * @throws KeyHierarchyError `integrity` when one bit differs; no plaintext leaves then.
 */
export function openEnvelope(
  wrappingKey: Uint8Array,
  envelope: Uint8Array,
  context: EnvelopeContext,
): Uint8Array {
  const additionalData = encodeContext(context);
  if (envelope.length < ENVELOPE_OVERHEAD_BYTES) {
    throw integrityError(
      context,
      `it is ${envelope.length} bytes long, less than the ${ENVELOPE_OVERHEAD_BYTES} of an empty envelope`,
    );
  }
  if (envelope[0] !== FORMAT) {
    throw integrityError(
      context,
      `its first byte is not the format number ${FORMAT}: altered, or written by a newer version`,
    );
  }
  const tagOffset = envelope.length - TAG_BYTES;
  const secret = deriveSecret(wrappingKey, envelope.subarray(1, HEADER_BYTES));
  try {
    const decipher = createDecipheriv('aes-256-gcm', secret.key, secret.nonce, {
      authTagLength: TAG_BYTES,
    });
    decipher.setAAD(additionalData);
    decipher.setAuthTag(envelope.subarray(tagOffset));
    const plaintext = decipher.update(envelope.subarray(HEADER_BYTES, tagOffset));
    try {
      decipher.final();
      return new Uint8Array(plaintext);
    } catch (cause) {
      throw integrityError(
        context,
        'it was altered, belongs to something else, or was wrapped by a different key',
        { cause },
      );
    } finally {
      plaintext.fill(0);
    }
  } finally {
    secret.wipe();
  }
}

function integrityError(
  context: EnvelopeContext,
  reason: string,
  options?: ErrorOptions,
): KeyHierarchyError {
  return new KeyHierarchyError(
    'integrity',
    `${describeContext(context)} does not open: ${reason}`,
    options,
  );
}

/**
 * The key and nonce of one envelope; `wipe` after use.
 *
 * Both keys are handed to OpenSSL as key objects, whose copy it clears when they are gone. Given bytes,
 * Node makes such a copy as well, after it has tried in vain to take them for a key: on Node 24 that
 * costs more than everything else here.
 */
function deriveSecret(
  wrappingKey: Uint8Array,
  salt: Uint8Array,
): { readonly key: KeyObject; readonly nonce: Uint8Array; wipe(): void } {
  if (wrappingKey.length !== WRAPPING_KEY_BYTES) {
    throw new KeyHierarchyError(
      'invalid-argument',
      `a wrapping key has ${WRAPPING_KEY_BYTES} bytes, not ${wrappingKey.length}`,
    );
  }
  const bytes = new Uint8Array(
    hkdfSync(
      'sha256',
      createSecretKey(wrappingKey),
      salt,
      HKDF_INFO,
      WRAPPING_KEY_BYTES + NONCE_BYTES,
    ),
  );
  return {
    key: createSecretKey(bytes.subarray(0, WRAPPING_KEY_BYTES)),
    nonce: bytes.subarray(WRAPPING_KEY_BYTES),
    wipe: () => bytes.fill(0),
  };
}
