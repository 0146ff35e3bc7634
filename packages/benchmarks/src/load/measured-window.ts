/** The time that counts: from the end of the warm-up, with what the server used in it. */

import { performance } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import { readProcessUsage } from '../process-usage.ts';
import { createLatencies, type Latencies } from './latencies.ts';
import type { LoadPlan, LoadResult } from './load-plan.ts';

export interface MeasuredWindow {
  /** Those of answers within the window. */
  readonly latencies: Latencies;
  /** False when it is over: loops end themselves. */
  isOpen(): boolean;
  /** Notes a connection, and whether it took up a session. */
  connected(isResumed: boolean): void;
  /** Runs until the window is over, or one of the loops fails. */
  run(loops: readonly Promise<unknown>[]): Promise<LoadResult>;
}

/** Call it before the first connection. */
export function createMeasuredWindow({ pid, warmUpMs, durationMs }: LoadPlan): MeasuredWindow {
  const latencies = createLatencies();
  const rssBefore = readProcessUsage(pid).rssBytes;
  let isOpen = true;
  let resumed = 0;

  async function measure(): Promise<LoadResult> {
    await delay(warmUpMs);
    latencies.clear();
    resumed = 0;
    const before = readProcessUsage(pid);
    const begun = performance.now();
    await delay(durationMs);
    const after = readProcessUsage(pid);
    const seconds = (performance.now() - begun) / 1000;
    isOpen = false;
    return {
      operations: latencies.count,
      seconds,
      cpuSeconds: after.cpuSeconds - before.cpuSeconds,
      rssBytes: after.rssBytes,
      rssGrowthBytes: after.rssBytes - rssBefore,
      latencyMs: latencies.percentiles(),
      resumed,
      recorded: [],
    };
  }

  return {
    latencies,
    isOpen: () => isOpen,
    connected(isResumed) {
      if (isResumed) resumed += 1;
    },
    async run(loops) {
      const ended = Promise.all(loops).then(() => {
        throw new Error('The load ended before its time.');
      });
      return await Promise.race([measure(), ended]);
    },
  };
}
