/** A client that asks for its key now and then, one question at a time, and measures its answers. */

import { performance } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import type { KmipClient } from '@claviger/kmip-client';
import { createLatencies, type LatencySummary } from '../soak/latencies.ts';

export interface SteadyResult extends LatencySummary {
  readonly errors: readonly string[];
  readonly seconds: number;
}

/** @param until - Asks so long, in milliseconds. @param pauseMs - Between an answer and the next question. */
export async function askSteadily(
  client: KmipClient,
  keyId: string,
  { durationMs, pauseMs }: { readonly durationMs: number; readonly pauseMs: number },
): Promise<SteadyResult> {
  const latencies = createLatencies();
  const errors: string[] = [];
  const begun = performance.now();
  while (performance.now() - begun < durationMs) {
    const asked = performance.now();
    try {
      await client.get(keyId);
      latencies.record('Get', performance.now() - asked);
    } catch (error) {
      errors.push(error instanceof Error ? error.message : String(error));
    }
    await delay(pauseMs);
  }
  const { Get = { count: 0, p50Ms: 0, p99Ms: 0 } } = latencies.total();
  return { ...Get, errors, seconds: (performance.now() - begun) / 1000 };
}
