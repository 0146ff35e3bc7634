/**
 * The key of a PKCS#12 MAC (RFC 7292 appendix B.2), for the one case that is needed: SHA-256, and a key
 * as long as the hash. pkijs has it too, but computes it in one go, for a tenth of a second or more in
 * which no request would be answered.
 */

import { createHash } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';

/** Block length of SHA-256. */
const BLOCK_BYTES = 64;
/** Says that the key is for a MAC (appendix B.3). */
const PURPOSE = 3;
/** About 2 ms of work before others have their turn. */
const ROUNDS_AT_ONCE = 1000;

/**
 * Derives the key.
 *
 * @param password - Without the zero character at its end, which is added here.
 * @param salt - At least 1 byte.
 * @returns 32 bytes; to be wiped by the caller.
 */
export async function deriveMacKey(
  password: string,
  salt: Uint8Array,
  iterations: number,
): Promise<Uint8Array> {
  const characters = Buffer.from(`${password}\0`, 'utf16le').swap16(); // BMPString is big-endian.
  const input = Buffer.concat([
    Buffer.alloc(BLOCK_BYTES, PURPOSE),
    filledBlocks(salt),
    filledBlocks(characters),
  ]);
  let key = sha256(input);
  characters.fill(0);
  input.fill(0);
  for (let round = 1; round < iterations; round += 1) {
    key = sha256(key);
    if (round % ROUNDS_AT_ONCE === 0) {
      await setImmediate();
    }
  }
  return key;
}

/** Repeats the bytes until they fill whole blocks. */
function filledBlocks(bytes: Uint8Array): Buffer {
  return Buffer.alloc(Math.ceil(bytes.length / BLOCK_BYTES) * BLOCK_BYTES, bytes);
}

function sha256(bytes: Uint8Array): Uint8Array {
  return createHash('sha256').update(bytes).digest();
}
