/** What a row is, and what it measures with. */

import type { Collection, Figures, Place } from '../figures.ts';
import type { LoadPlan, LoadResult } from '../load/load-plan.ts';
import { runLoad } from '../load/run-load.ts';
import type { ObjectIds } from '../object-ids.ts';
import type { Settings } from '../settings.ts';
import type { Site } from '../site.ts';
import type { Subject } from '../subjects/subject.ts';
import type { Warmth } from './warmth.ts';

export interface Row {
  /** As `--only` takes it. */
  readonly name: string;
  readonly about: string;
  /** Whether a target is about it: such rows are measured in each round, the others in the first. */
  readonly hasTarget: boolean;
  /** One round: every subject, one right after the other. */
  measure(bench: Bench): Promise<void>;
}

export interface Bench {
  readonly site: Site;
  readonly settings: Settings;
  readonly collection: Collection;
  readonly warmth: Warmth;
  /** From 1. */
  readonly round: number;
}

export type Load = Pick<LoadPlan, 'workload' | 'loop'> & {
  readonly ids: ObjectIds;
  readonly connections: number;
};

/** Sends load for the time that the settings give it, and notes what came of it. */
export async function measureLoad(
  { settings, collection, warmth }: Bench,
  place: Omit<Place, 'connections'>,
  { pid, host, port, tls }: Subject,
  load: Load,
): Promise<LoadResult> {
  const { durationMs } = settings;
  const warmUpMs = warmth.warmUpMs(place.subject, { pid, ...load });
  const result = await runLoad({ pid, host, port, tls, warmUpMs, durationMs, ...load });
  collection.add({ ...place, connections: load.connections }, figuresOf(result));
  return result;
}

/**
 * @returns No rate where the server used less CPU time than the operating system counts.
 * @throws Error when nothing was answered: then there is nothing to tell.
 */
export function figuresOf(result: LoadResult): Figures {
  const { operations, seconds, cpuSeconds, latencyMs } = result;
  if (operations === 0) {
    throw new Error(`There was no answer in ${seconds.toFixed(1)} s: nothing can be said of it.`);
  }
  return {
    ...(cpuSeconds > 0 && { perCpuSecond: operations / cpuSeconds }),
    perSecond: operations / seconds,
    p50Ms: latencyMs.p50,
    p95Ms: latencyMs.p95,
    p99Ms: latencyMs.p99,
    rssBytes: result.rssBytes,
    ...(result.resumed > 0 && { resumedShare: result.resumed / result.handshakes }),
  };
}

export function seeded(count: number): ObjectIds {
  return { kind: 'seeded', count };
}
