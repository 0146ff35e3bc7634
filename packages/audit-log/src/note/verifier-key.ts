/**
 * Public keys of signed notes: `<name>+<key id in hex>+<base64 of algorithm and key>` (C2SP signed-note).
 * Of the algorithms there is only Ed25519.
 */
import { createHash, createPublicKey, type KeyObject, verify } from 'node:crypto';
import { AuditLogError } from '../audit-log-error.ts';
import { decodeBase64, encodeBase64 } from './base64.ts';

export interface VerifierKey {
  readonly name: string;
  /** Four bytes in hex. */
  readonly keyId: string;
  /** As it stands in a file. */
  readonly text: string;
  verifies(message: Uint8Array, signature: Uint8Array): boolean;
}

const ED25519 = 1;
const KEY_BYTES = 32;
export const SIGNATURE_BYTES = 64;
/** What stands before the key in its DER form (RFC 8410 §4). */
const SPKI_PREFIX = Uint8Array.from([0x30, 0x2a, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 3, 0x21, 0]);
const FORM = /^([^\s+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/]+={0,2})$/;

/**
 * @param text - One line; white space around it is ignored.
 * @throws AuditLogError `malformed`.
 */
export function parseVerifierKey(text: string): VerifierKey {
  const [, name = '', keyId = '', base64 = ''] = FORM.exec(text.trim()) ?? [];
  const bytes = decodeBase64(base64);
  if (bytes?.[0] !== ED25519 || bytes.length !== 1 + KEY_BYTES) throw noKey();
  const key = bytes.subarray(1);
  if (keyIdOf(name, key) !== keyId) throw noKey();
  return verifierKeyOf(name, key);
}

/** @param publicKey - An Ed25519 key. */
export function toVerifierKey(name: string, publicKey: KeyObject): VerifierKey {
  const der = publicKey.export({ type: 'spki', format: 'der' });
  return verifierKeyOf(name, der.subarray(-KEY_BYTES));
}

function verifierKeyOf(name: string, key: Uint8Array): VerifierKey {
  const keyId = keyIdOf(name, key);
  const der = Buffer.concat([SPKI_PREFIX, key]);
  const publicKey = createPublicKey({ key: der, format: 'der', type: 'spki' });
  return {
    name,
    keyId,
    text: `${name}+${keyId}+${encodeBase64(Uint8Array.of(ED25519, ...key))}`,
    verifies: (message, signature) =>
      signature.length === SIGNATURE_BYTES && verify(null, message, publicKey, signature),
  };
}

function keyIdOf(name: string, key: Uint8Array): string {
  const hash = createHash('sha256')
    .update(`${name}\n`)
    .update(Uint8Array.of(ED25519, ...key));
  return hash.digest('hex').slice(0, 8);
}

function noKey(): AuditLogError {
  return new AuditLogError(
    'malformed',
    'This is no public key of a log: it must be one line NAME+ID+KEY, as in the file log.pub of an export.',
  );
}
