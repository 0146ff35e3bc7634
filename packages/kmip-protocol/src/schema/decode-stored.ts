/** How bytes from our own store are read: whatever is wrong with them is our fault, not a client's. */

import { decodeTtlv, type TtlvItem } from '@claviger/ttlv-codec';
import { ClavigerError } from '../error.ts';

/** What was stored was within the limits of a message when it came. */
const STORED_LIMITS = { maxMessageBytes: 64 * 1024 * 1024, maxItems: 1_000_000 };

/**
 * Decodes what this package encoded to be kept. Byte strings of the result are views of `stored`.
 *
 * @param what - Names it in the error, e.g. `attributes`.
 * @throws ClavigerError `internal` when the bytes are damaged; the cause says where.
 */
export function decodeStored<T>(
  what: string,
  stored: Uint8Array,
  decode: (root: TtlvItem) => T,
): T {
  return readingStored(what, () => decode(decodeStoredItem(stored)));
}

/** One item out of what was kept; within {@link readingStored}. */
export function decodeStoredItem(bytes: Uint8Array): TtlvItem {
  return decodeTtlv(bytes, STORED_LIMITS);
}

/** Runs what reads bytes of the store. @throws ClavigerError `internal` for whatever it throws. */
export function readingStored<T>(what: string, read: () => T): T {
  try {
    return read();
  } catch (cause) {
    const message = `The stored ${what} cannot be read: restore the object from a backup.`;
    throw new ClavigerError('internal', message, { cause });
  }
}
