import { describe, expect, it } from 'vitest';
import { createSeedableRandomness, type RngSeedPolicy } from './seedable-randomness.ts';

/** A runtime that always gives the same: whatever differs comes from seeds. */
const RUNTIME = { uuid: () => 'uuid', bytes: (count: number) => new Uint8Array(count).fill(7) };

const seedable = (policy: RngSeedPolicy) => createSeedableRandomness(RUNTIME, policy);
const SEED = Uint8Array.from({ length: 32 }, (_, index) => index);

describe('randomness that clients may seed', () => {
  it.each([
    ['accept', 32],
    ['partial', 16],
    ['ignore', 0],
    ['deny', undefined],
  ] as const)('says under the policy %s that of 32 bytes %s are used', (policy, used) => {
    expect(seedable(policy).seed(SEED)).toBe(used);
  });

  it.each(['accept', 'partial'] as const)('%s: gives other bytes after each seed', (policy) => {
    const randomness = seedable(policy);
    const before = randomness.bytes(64);
    expect(before).toEqual(RUNTIME.bytes(64));
    randomness.seed(SEED);
    const after = randomness.bytes(64);
    randomness.seed(SEED);
    const later = randomness.bytes(64);
    expect(new Set([before, after, later].map(String)).size).toBe(3);
  });

  it('accept: uses the last byte of a seed too; partial: the first 16 only', () => {
    const other = SEED.with(31, 99);
    const bytesAfter = (policy: RngSeedPolicy, seed: Uint8Array) => {
      const randomness = seedable(policy);
      randomness.seed(seed);
      return randomness.bytes(16);
    };
    expect(bytesAfter('accept', other)).not.toEqual(bytesAfter('accept', SEED));
    expect(bytesAfter('partial', other)).toEqual(bytesAfter('partial', SEED));
  });

  it.each(['ignore', 'deny'] as const)('%s: leaves the bytes as they are', (policy) => {
    const randomness = seedable(policy);
    randomness.seed(SEED);
    expect(randomness.bytes(64)).toEqual(RUNTIME.bytes(64));
  });

  it('takes the bytes of the runtime into account after a seed, and repeats none', () => {
    const randomness = seedable('accept');
    randomness.seed(SEED);
    const others = createSeedableRandomness(
      { ...RUNTIME, bytes: (count) => new Uint8Array(count).fill(8) },
      'accept',
    );
    others.seed(SEED);
    const first = randomness.bytes(32);
    expect(others.bytes(32)).not.toEqual(first);
    expect(randomness.bytes(32)).not.toEqual(first);
    expect(randomness.bytes(0)).toHaveLength(0);
    expect(randomness.uuid()).toBe('uuid');
  });
});
