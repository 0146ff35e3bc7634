/**
 * Keys from passwords as PKCS#12 makes them (RFC 7292 appendix B.2). Node has no such function, and that of
 * pkijs knows the MAC alone and computes in one go, for a tenth of a second or more in which no request would
 * be answered.
 */

import { createHash } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';

/** What the bytes are for (appendix B.3). */
const PURPOSES = { key: 1, iv: 2, mac: 3 } as const;
/** Block lengths of the hashes, in bytes. */
const BLOCKS = { sha1: 64, sha256: 64, sha384: 128, sha512: 128 } as const;

export type Pkcs12Hash = keyof typeof BLOCKS;

export interface Pkcs12Derivation {
  readonly hash: Pkcs12Hash;
  readonly purpose: keyof typeof PURPOSES;
  /** Without the zero character at its end, which is added here. */
  readonly password: string;
  /** At least 1 byte. */
  readonly salt: Uint8Array;
  readonly iterations: number;
  /** Of the result, in bytes. */
  readonly length: number;
}

/** About 2 ms of work before others have their turn. */
const ROUNDS_AT_ONCE = 1000;

/** Derives the bytes; they are to be wiped by the caller. */
export async function derivePkcs12Key(derivation: Pkcs12Derivation): Promise<Uint8Array> {
  const { hash, purpose, password, salt, iterations, length } = derivation;
  const blockBytes = BLOCKS[hash];
  const digest = (bytes: Uint8Array) => createHash(hash).update(bytes).digest();
  const characters = Buffer.from(`${password}\0`, 'utf16le').swap16(); // BMPString is big-endian.
  const diversifier = Buffer.alloc(blockBytes, PURPOSES[purpose]);
  const input = Buffer.concat([
    filledBlocks(salt, blockBytes),
    filledBlocks(characters, blockBytes),
  ]);
  characters.fill(0);
  const key = new Uint8Array(length);
  for (let filled = 0; filled < length; ) {
    let block = digest(Buffer.concat([diversifier, input]));
    for (let round = 1; round < iterations; round += 1) {
      block = digest(block);
      if (round % ROUNDS_AT_ONCE === 0) await setImmediate();
    }
    key.set(block.subarray(0, length - filled), filled);
    filled += block.length;
    if (filled < length) addToBlocks(input, Buffer.alloc(blockBytes, block));
    block.fill(0);
  }
  input.fill(0);
  return key;
}

/** Repeats the bytes until they fill whole blocks. */
function filledBlocks(bytes: Uint8Array, blockBytes: number): Buffer {
  return Buffer.alloc(Math.ceil(bytes.length / blockBytes) * blockBytes, bytes);
}

/** Adds a number and one to each block of the input, as numbers without a sign (step 6C). */
function addToBlocks(input: Uint8Array, addend: Uint8Array): void {
  for (let start = 0; start < input.length; start += addend.length) {
    let carry = 1;
    for (let at = addend.length - 1; at >= 0; at -= 1) {
      const sum = (input[start + at] ?? 0) + (addend[at] ?? 0) + carry;
      input[start + at] = sum & 0xff;
      carry = sum >> 8;
    }
  }
}
