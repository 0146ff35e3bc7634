/**
 * Randomness to which clients may add (RNG Seed). What they send is mixed into what the runtime gives, never put in
 * its place: whoever knows every seed still foretells no byte.
 */

import { createHash } from 'node:crypto';
import type { Randomness } from '../dependencies.ts';

/** What becomes of a seed: all of it is used, its beginning, or nothing; or it is refused. */
export type RngSeedPolicy = 'accept' | 'partial' | 'ignore' | 'deny';

/** As much as the state of a generator of 128 bits. */
const PARTIAL_BYTES = 16;

export interface SeedableRandomness extends Randomness {
  /**
   * Mixes a seed into all bytes from now on.
   *
   * @returns How many bytes of it are used; undefined when nobody may seed.
   */
  seed(data: Uint8Array): number | undefined;
}

export function createSeedableRandomness(
  randomness: Randomness,
  policy: RngSeedPolicy,
): SeedableRandomness {
  /** All seeds so far; undefined before the first. */
  let pool: Uint8Array | undefined;
  let round = 0n;

  function mixInto(bytes: Uint8Array, state: Uint8Array): void {
    const counter = Buffer.alloc(8);
    counter.writeBigUInt64BE(round);
    round += 1n;
    const outputLength = bytes.length;
    const mask = createHash('shake256', { outputLength }).update(state).update(counter).digest();
    for (const [index, byte] of mask.entries()) bytes[index] = (bytes[index] ?? 0) ^ byte;
    mask.fill(0);
  }

  return {
    uuid: () => randomness.uuid(),
    bytes(count) {
      const bytes = randomness.bytes(count);
      if (pool !== undefined && count > 0) mixInto(bytes, pool);
      return bytes;
    },
    seed(data) {
      if (policy === 'deny') return undefined;
      if (policy === 'ignore') return 0;
      const used = policy === 'partial' ? data.subarray(0, PARTIAL_BYTES) : data;
      const hash = createHash('sha512');
      if (pool !== undefined) hash.update(pool);
      pool = new Uint8Array(hash.update(used).digest());
      return used.length;
    },
  };
}
