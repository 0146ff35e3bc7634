/** How long operations took, in bounded memory however long a run is. */

export interface LatencySummary {
  readonly count: number;
  /** Milliseconds, exact to a twentieth. */
  readonly p50Ms: number;
  readonly p99Ms: number;
}

export type LatencySummaries = Readonly<Record<string, LatencySummary>>;

export interface Latencies {
  record(operation: string, milliseconds: number): void;
  /** What was recorded since it was last taken. */
  take(): LatencySummaries;
  /** What was recorded ever. */
  total(): LatencySummaries;
}

/** From one bucket to the next. */
const STEP = Math.log(1.05);
const SMALLEST_MS = 0.01;

type Buckets = Map<number, number>;

export function createLatencies(): Latencies {
  let recent = new Map<string, Buckets>();
  const ever = new Map<string, Buckets>();
  return {
    record(operation, milliseconds) {
      const bucket = Math.round(Math.log(Math.max(milliseconds, SMALLEST_MS)) / STEP);
      for (const all of [recent, ever]) {
        const buckets = all.get(operation) ?? new Map<number, number>();
        buckets.set(bucket, (buckets.get(bucket) ?? 0) + 1);
        all.set(operation, buckets);
      }
    },
    take() {
      const taken = summarize(recent);
      recent = new Map();
      return taken;
    },
    total: () => summarize(ever),
  };
}

function summarize(all: ReadonlyMap<string, Buckets>): LatencySummaries {
  return Object.fromEntries(
    [...all].map(([operation, buckets]) => {
      const sorted = [...buckets].sort(([one], [other]) => one - other);
      const count = sorted.reduce((sum, [, times]) => sum + times, 0);
      const at = (part: number) => percentile(sorted, count * part);
      return [operation, { count, p50Ms: at(0.5), p99Ms: at(0.99) }];
    }),
  );
}

function percentile(sorted: readonly (readonly [number, number])[], rank: number): number {
  let passed = 0;
  for (const [bucket, times] of sorted) {
    passed += times;
    if (passed >= rank) return Number(Math.exp(bucket * STEP).toPrecision(3));
  }
  return 0;
}
