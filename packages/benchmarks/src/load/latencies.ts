/** Latencies of one measurement, kept one by one: nothing is lost to buckets. */

export interface Latencies {
  add(milliseconds: number): void;
  readonly count: number;
  clear(): void;
  /** Nearest rank; 0 when there are none. */
  percentiles(): { readonly p50: number; readonly p95: number; readonly p99: number };
}

const FIRST_CAPACITY = 4096;

export function createLatencies(): Latencies {
  let values = new Float64Array(FIRST_CAPACITY);
  let count = 0;
  return {
    add(milliseconds) {
      if (count === values.length) {
        const larger = new Float64Array(values.length * 2);
        larger.set(values);
        values = larger;
      }
      values[count] = milliseconds;
      count += 1;
    },
    get count() {
      return count;
    },
    clear() {
      count = 0;
    },
    percentiles() {
      const sorted = values.slice(0, count).sort();
      const at = (share: number) => sorted[Math.max(0, Math.ceil(share * count) - 1)] ?? 0;
      return { p50: at(0.5), p95: at(0.95), p99: at(0.99) };
    },
  };
}
