/** A client that asks now and then, one question at a time, and measures its answers. */

import { performance } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import { createLatencies, type LatencySummary } from '../soak/latencies.ts';

export interface SteadyResult extends LatencySummary {
  readonly errors: readonly string[];
  readonly seconds: number;
}

export type Questions<Name extends string> = Readonly<Record<Name, () => Promise<unknown>>>;

/** Between an answer and the next question. */
const PAUSE_MS = 1;

/**
 * Asks the questions in turn, so that each meets the same state of the machine.
 *
 * @param until - Aborted when there has been enough; the question under way is awaited.
 */
export async function askSteadily<Name extends string>(
  questions: Questions<Name>,
  until: AbortSignal,
): Promise<Readonly<Record<Name, SteadyResult>>> {
  const latencies = createLatencies();
  const asked = Object.keys(questions) as Name[]; // the type says that there are no others
  const errors = new Map<Name, string[]>(asked.map((name) => [name, []]));
  const begun = performance.now();
  while (!until.aborted) {
    for (const name of asked) {
      const since = performance.now();
      try {
        await questions[name]();
        latencies.record(name, performance.now() - since);
      } catch (error) {
        errors.get(name)?.push(error instanceof Error ? error.message : String(error));
      }
      await delay(PAUSE_MS);
    }
  }
  const seconds = (performance.now() - begun) / 1000;
  const summaries = latencies.total();
  const resultOf = (name: Name): SteadyResult => {
    const summary = summaries[name] ?? { count: 0, p50Ms: 0, p99Ms: 0 };
    return { ...summary, errors: errors.get(name) ?? [], seconds };
  };
  // One for each name, as asked.
  return Object.fromEntries(asked.map((name) => [name, resultOf(name)])) as Record<
    Name,
    SteadyResult
  >;
}
