/** One look at the gateway: what the system says of its process, and what its own metrics say. */

import { readFileSync } from 'node:fs';
import { get } from 'node:https';
import { text as readText } from 'node:stream/consumers';
import type { GatewayProcess } from '../gateway-process.ts';
import type { LatencySummaries } from './latencies.ts';
import { bytesIn, readProcessFacts } from './process-facts.ts';
import { largestOf, type MetricValues, parsePrometheusText } from './prometheus-text.ts';

export interface Sample {
  /** Seconds since the site began to work. */
  readonly atSeconds: number;
  readonly rssBytes: number;
  readonly heapBytes: number;
  readonly externalBytes: number;
  readonly descriptors: number;
  readonly threads: number;
  /** Of libuv: sockets, timers and the like. */
  readonly handles: number;
  /** Processor cores that the gateway has used since the sample before. */
  readonly cores: number;
  readonly loopLagP99Ms: number;
  readonly commitQueue: number;
  readonly sinkLagEvents: number;
  readonly sinkLagSeconds: number;
  readonly auditorLagEvents: number;
  readonly databaseBytes: number;
  /** So far. */
  readonly errors: number;
  /** As the clients saw them, since the sample before. */
  readonly operations: LatencySummaries;
}

export interface SampleSources {
  /** The place of the newest event that the auditor has; undefined before the first. */
  auditorPlace(): number | undefined;
  errors(): number;
  operations(): LatencySummaries;
}

/** Makes what takes samples. @returns one that counts time from now. */
export function createSampler(
  gateway: GatewayProcess,
  sources: SampleSources,
): () => Promise<Sample> {
  const ca = readFileSync(gateway.pki.ca, 'utf8');
  const start = performance.now();
  let last: { readonly at: number; readonly cpuSeconds: number } | undefined;

  return async () => {
    const metrics = await readMetrics(gateway, ca);
    const facts = await readProcessFacts(gateway.pid);
    const at = performance.now();
    const used = last === undefined ? 0 : facts.cpuSeconds - last.cpuSeconds;
    const passed = last === undefined ? 1 : (at - last.at) / 1000;
    last = { at, cpuSeconds: facts.cpuSeconds };
    const value = (name: string) => largestOf(metrics, name) ?? 0;
    const newest = value('claviger_event_sequence');
    return {
      atSeconds: (at - start) / 1000,
      rssBytes: facts.rssBytes,
      heapBytes: value('nodejs_heap_size_used_bytes'),
      externalBytes: value('nodejs_external_memory_bytes'),
      descriptors: facts.descriptors,
      threads: facts.threads,
      handles: value('nodejs_active_handles_total'),
      cores: used / passed,
      loopLagP99Ms: value('nodejs_eventloop_lag_p99_seconds') * 1000,
      commitQueue: value('claviger_commit_queue_units'),
      sinkLagEvents: value('claviger_sink_lag_events'),
      sinkLagSeconds: value('claviger_sink_lag_seconds'),
      auditorLagEvents: Math.max(0, newest - (sources.auditorPlace() ?? newest)),
      databaseBytes: await bytesIn(gateway.dataDirectory, /^claviger\.db/),
      errors: sources.errors(),
      operations: sources.operations(),
    };
  };
}

async function readMetrics({ api }: GatewayProcess, ca: string): Promise<MetricValues> {
  return await new Promise((resolve, reject) => {
    get({ ...api, ca, agent: false, path: '/metrics' }, (response) => {
      readText(response).then((text) => {
        if (response.statusCode === 200) resolve(parsePrometheusText(text));
        else reject(new Error(`/metrics was answered with ${response.statusCode}: ${text}`));
      }, reject);
    }).on('error', reject);
  });
}
