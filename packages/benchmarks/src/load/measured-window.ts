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
  /**
   * Runs until the window is over, or one of the loops fails.
   *
   * @param ready - The warm-up begins when it resolves.
   */
  run(loops: readonly Promise<unknown>[], ready?: Promise<unknown>): Promise<LoadResult>;
}

const WARM_UP_ANSWERS = 2000;
const MAX_WARM_UPS = 4;
/** Of fewer answers no percentile could be told; where they come slowly, the window is longer. */
const ENOUGH_ANSWERS = 200;
const MAX_DURATIONS = 4;
/** Nothing can be told without any answer: a busy machine gets this much more time for the first. */
const FIRST_ANSWER_TIMEOUT_MS = 30_000;

export function createMeasuredWindow({ pid, warmUpMs, durationMs }: LoadPlan): MeasuredWindow {
  const latencies = createLatencies();
  let isOpen = true;
  let handshakes = 0;
  let resumed = 0;

  /** Longer where little was answered: what is measured is compiled code. */
  async function warmUp(): Promise<void> {
    for (let times = 0; times < MAX_WARM_UPS; times++) {
      await delay(warmUpMs);
      if (latencies.count === 0 || latencies.count >= WARM_UP_ANSWERS) return;
    }
  }

  function isTooEarly(begun: number): boolean {
    return latencies.count === 0 && performance.now() - begun < FIRST_ANSWER_TIMEOUT_MS;
  }

  async function measure(): Promise<LoadResult> {
    await warmUp();
    latencies.clear();
    handshakes = 0;
    resumed = 0;
    const before = readProcessUsage(pid);
    const begun = performance.now();
    for (let times = 0; times < MAX_DURATIONS || isTooEarly(begun); times++) {
      await delay(durationMs);
      if (latencies.count >= ENOUGH_ANSWERS) break;
    }
    const after = readProcessUsage(pid);
    const seconds = (performance.now() - begun) / 1000;
    isOpen = false;
    return {
      operations: latencies.count,
      seconds,
      cpuSeconds: after.cpuSeconds - before.cpuSeconds,
      rssBytes: after.rssBytes,
      latencyMs: latencies.percentiles(),
      handshakes,
      resumed,
      recorded: [],
    };
  }

  return {
    latencies,
    isOpen: () => isOpen,
    connected(isResumed) {
      handshakes += 1;
      if (isResumed) resumed += 1;
    },
    async run(loops, ready = Promise.resolve()) {
      const ended = Promise.all(loops).then(() => {
        throw new Error('The load ended before its time.');
      });
      return await Promise.race([ready.then(measure), ended]);
    },
  };
}
