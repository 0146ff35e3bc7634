/** Metrics of a store that stands still, with a clock that tests move. */
import { createMetrics } from './metrics.ts';

export const NOW = Date.UTC(2026, 4, 6);

export function someMetrics(sequence: () => Promise<number> = async () => 42) {
  let milliseconds = 0;
  const metrics = createMetrics({
    store: {
      statistics: () => ({
        units: 7,
        groups: 3,
        waitingUnits: 2,
        groupUnits: { bounds: [1, 2, 4], atMost: [1, 1, 3], count: 3, sum: 7 },
        commitSeconds: { bounds: [0.001, 0.01], atMost: [4, 6], count: 7, sum: 0.5 },
      }),
      lastEventSequence: sequence,
    },
    now: () => NOW,
    monotonicNow: () => milliseconds,
    version: '1.2.3',
    objectCounts: () => ({ Active: 5, Destroyed: 1 }),
  });
  return {
    metrics,
    later(by: number) {
      milliseconds += by;
    },
    async lines() {
      return (await metrics.render()).text.split('\n');
    },
  };
}
