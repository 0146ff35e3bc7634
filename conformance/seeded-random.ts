/** Repeatable randomness for tests: the same seed makes the same choices. */

export interface Random {
  /** A whole number, both ends included. */
  integer(from: number, to: number): number;
  /** @throws RangeError when there is nothing to choose from. */
  pick<T>(items: readonly T[]): T;
  bytes(count: number): Uint8Array;
}

/** @param seed - A whole number; only its lowest 32 bits count. */
export function createRandom(seed: number): Random {
  let state = seed >>> 0;

  /** Mulberry32: small, fast, and good enough to choose tests with. */
  function next(): number {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  const integer = (from: number, to: number) => from + Math.floor(next() * (to - from + 1));
  return {
    integer,
    pick<T>(items: readonly T[]): T {
      if (items.length === 0) throw new RangeError('There is nothing to choose from.');
      return items[integer(0, items.length - 1)] as T; // within the bounds, by the line above
    },
    bytes: (count) => Uint8Array.from({ length: count }, () => integer(0, 255)),
  };
}
