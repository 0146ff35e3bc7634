/**
 * The encoding of OAEP with a mask by another hash than the label's (RFC 8017 §7.1), which the runtime has
 * no option for. RSA itself stays the runtime's. Decoding takes the same steps whatever the bytes are, and
 * says only whether all of it was right: more would be an oracle.
 */

import { createHash } from 'node:crypto';

export interface OaepOptions {
  /** The runtime's names of the hashes. */
  readonly hash: string;
  readonly maskHash: string;
  readonly label: Uint8Array;
}

/**
 * @param modulusBytes - the length of what is encrypted.
 * @returns undefined for a message that is too long.
 */
export function encodeOaep(
  message: Uint8Array,
  modulusBytes: number,
  { hash, maskHash, label }: OaepOptions,
  randomBytes: (count: number) => Uint8Array,
): Uint8Array | undefined {
  const labelDigest = digestOf(hash, label);
  const hashBytes = labelDigest.length;
  if (message.length > modulusBytes - 2 * hashBytes - 2) return undefined;
  const encoded = new Uint8Array(modulusBytes);
  const seed = encoded.subarray(1, 1 + hashBytes);
  const block = encoded.subarray(1 + hashBytes);
  block.set(labelDigest);
  block[block.length - message.length - 1] = 1;
  block.set(message, block.length - message.length);
  const random = randomBytes(hashBytes);
  seed.set(random);
  random.fill(0);
  mask(block, seed, maskHash);
  mask(seed, block, maskHash);
  return encoded;
}

/** @returns the message, or undefined when the bytes are none. @param encoded - is overwritten. */
export function decodeOaep(
  encoded: Uint8Array,
  { hash, maskHash, label }: OaepOptions,
): Uint8Array | undefined {
  const labelDigest = digestOf(hash, label);
  const hashBytes = labelDigest.length;
  if (encoded.length < 2 * hashBytes + 2) return undefined; // of the key, not of the data
  const seed = encoded.subarray(1, 1 + hashBytes);
  const block = encoded.subarray(1 + hashBytes);
  mask(seed, block, maskHash);
  mask(block, seed, maskHash);
  let wrong = encoded[0] ?? 1;
  for (const [at, byte] of labelDigest.entries()) wrong |= byte ^ (block[at] ?? 0);
  // Zeros, a one, the message: all bytes are looked at, wherever the one is.
  let isFound = 0;
  let start = 0;
  for (let at = hashBytes; at < block.length; at++) {
    const byte = block[at] ?? 0;
    const isZero = ((byte | -byte) >>> 31) ^ 1;
    const isOne = (((byte ^ 1) | -(byte ^ 1)) >>> 31) ^ 1;
    const isSeparator = isOne & (isFound ^ 1);
    wrong |= (isFound ^ 1) & (isZero ^ 1) & (isOne ^ 1);
    start |= -isSeparator & (at + 1);
    isFound |= isSeparator;
  }
  wrong |= isFound ^ 1;
  // Copied: the slice of a Buffer would be a view.
  return wrong === 0 ? new Uint8Array(block.subarray(start)) : undefined;
}

/** Adds the mask that MGF1 makes of the seed (RFC 8017 §B.2.1). */
function mask(target: Uint8Array, seed: Uint8Array, hash: string): void {
  const counter = new Uint8Array(4);
  const view = new DataView(counter.buffer);
  for (let at = 0, block = 0; at < target.length; block++) {
    view.setUint32(0, block);
    for (const byte of createHash(hash).update(seed).update(counter).digest()) {
      if (at >= target.length) break;
      target[at] = (target[at] ?? 0) ^ byte;
      at += 1;
    }
  }
}

function digestOf(hash: string, data: Uint8Array): Uint8Array {
  return createHash(hash).update(data).digest();
}
