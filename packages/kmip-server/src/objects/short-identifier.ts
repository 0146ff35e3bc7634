import { createHash } from 'node:crypto';

/** The Short Unique Identifier of an object (2.1 §4.56): the SHA-256 of its Unique Identifier, 32 bytes. */
export function shortIdentifierOf(id: string): Uint8Array {
  return createHash('sha256').update(id).digest();
}
