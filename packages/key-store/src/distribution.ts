/** How values are spread, counted by bounds that never change: memory and work are the same for every value. */

export interface Distribution {
  /** Upper bounds, inclusive, in ascending order. */
  readonly bounds: readonly number[];
  /** By bound: how many values were no greater. Those above the last bound are in `count` alone. */
  readonly atMost: readonly number[];
  /** All values. */
  readonly count: number;
  readonly sum: number;
}

export interface DistributionCounter {
  add(value: number): void;
  /** How many values were added. */
  readonly count: number;
  /** A copy of what was counted so far. */
  read(): Distribution;
}

/** @param bounds - Upper bounds, inclusive, in ascending order. */
export function createDistributionCounter(bounds: readonly number[]): DistributionCounter {
  /** By bound, those above the bound before it; at the end those above all. */
  const between = [...bounds, Number.POSITIVE_INFINITY].map(() => 0);
  let count = 0;
  let sum = 0;
  return {
    add(value) {
      count += 1;
      sum += value;
      let index = 0;
      while (value > (bounds[index] ?? Number.POSITIVE_INFINITY)) index += 1;
      between[index] = (between[index] ?? 0) + 1;
    },
    get count() {
      return count;
    },
    read() {
      let total = 0;
      const atMost = bounds.map((_bound, index) => {
        total += between[index] ?? 0;
        return total;
      });
      return { bounds, atMost, count, sum };
    },
  };
}
