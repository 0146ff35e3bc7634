/** A whole run: a gateway of its own, the site on it, samples, and what came of it. */

import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type Identity, ownIdentity } from '../gateway-client.ts';
import { type GatewayProcess, startGateway } from '../gateway-process.ts';
import { startAuditor } from './auditor.ts';
import { createLatencies, type LatencySummaries } from './latencies.ts';
import { startOperator } from './operator.ts';
import { createSampler, type Sample } from './sample.ts';
import { createSite } from './site.ts';
import { judge, type Verdict } from './verdict.ts';
import { createVisitor } from './visit.ts';

export interface SoakOptions {
  readonly seconds: number;
  readonly machines: number;
  readonly jobsPerSecond: number;
  readonly sampleSeconds: number;
  readonly seed: number;
  /** Ends the run before its time, with a report. */
  readonly signal: AbortSignal;
  onProvisioned(made: number): void;
  onSample(sample: Sample): void;
}

export interface SoakReport {
  readonly startedAt: string;
  readonly runtime: string;
  readonly options: Pick<SoakOptions, 'seconds' | 'machines' | 'jobsPerSecond' | 'seed'>;
  readonly verdict: Verdict;
  readonly jobs: Readonly<Record<string, number>>;
  readonly heldBack: number;
  readonly events: number;
  /** As the clients saw them, over the whole run. */
  readonly operations: LatencySummaries;
  /** The first of them. */
  readonly errors: readonly { readonly job: string; readonly message: string }[];
  readonly errorCount: number;
  readonly samples: readonly Sample[];
}

const ERRORS_KEPT = 50;
const DRAIN_SECONDS = 60;

/** @throws Error when the gateway does not start, ends, or does not stop in order. */
export async function runSoak(options: SoakOptions): Promise<SoakReport> {
  const directory = await mkdtemp(join(tmpdir(), 'claviger-soak-'));
  try {
    const sink = { NAME: 'soak', TYPE: 'file', PATH: join(directory, 'events.ndjson') };
    const settings = Object.entries({ ...sink, ROTATE_BYTES: 2 ** 26, KEEP: 1 });
    const env = settings.map(([name, value]) => [`CLAVIGER_AUDIT__SINKS__0__${name}`, `${value}`]);
    const gateway = await startGateway({ env: Object.fromEntries(env) });
    try {
      const report = await playOn(gateway, directory, options);
      await gateway.stop();
      return report;
    } catch (error) {
      await gateway.kill('SIGKILL');
      throw error;
    }
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

async function playOn(
  gateway: GatewayProcess,
  directory: string,
  options: SoakOptions,
): Promise<SoakReport> {
  const { seconds, machines, jobsPerSecond, sampleSeconds, seed, signal } = options;
  const startedAt = new Date().toISOString();
  const errors: SoakReport['errors'][number][] = [];
  let errorCount = 0;
  function onError(job: string, error: unknown): void {
    errorCount += 1;
    if (errors.length < ERRORS_KEPT) errors.push({ job, message: describe(error) });
  }

  const latencies = createLatencies();
  const ca = readFileSync(gateway.pki.ca, 'utf8');
  const visitorOf = (identity: Identity) => createVisitor(gateway.kmip, ca, identity, latencies);
  const visitor = visitorOf(ownIdentity(gateway));
  const operator = await startOperator({ gateway, latencies, directory, visitorOf });
  const site = createSite({ gateway, visitor, operator, seed, onError });
  const auditor = await startAuditor(gateway);
  await site.provision(machines, signal, options.onProvisioned);

  const takeSample = createSampler(gateway, {
    auditorPlace: () => auditor.place,
    errors: () => errorCount,
    operations: () => latencies.take(),
  });
  const samples: Sample[] = [];
  async function sampleOnce(): Promise<Sample> {
    const sample = await takeSample();
    samples.push(sample);
    options.onSample(sample);
    return sample;
  }

  latencies.take(); // what the making of the machines took
  await sampleOnce();
  const ending = new AbortController();
  const end = () => ending.abort();
  const timer = setTimeout(end, seconds * 1000);
  signal.addEventListener('abort', end);
  if (signal.aborted) end();
  const played = site.play(jobsPerSecond, ending.signal);
  while (!ending.signal.aborted) {
    await delay(sampleSeconds * 1000, undefined, { signal: ending.signal }).catch(() => {});
    await sampleOnce().catch((error: unknown) => onError('sample', error));
  }
  clearTimeout(timer);
  await played;

  let newest = await sampleOnce();
  for (let waited = 0; waited < DRAIN_SECONDS && lagsBehind(newest); waited += 1) {
    await delay(1000);
    newest = await takeSample();
  }
  await auditor.close();
  const { events, gaps, drops } = auditor;
  const left = { sinkEvents: newest.sinkLagEvents, auditorEvents: newest.auditorLagEvents };
  return {
    startedAt,
    runtime: `Node.js ${process.version}`,
    options: { seconds, machines, jobsPerSecond, seed },
    verdict: judge({ samples, errors: errorCount, auditor: { events, gaps, drops }, left }),
    jobs: site.jobs,
    heldBack: site.heldBack,
    events,
    operations: latencies.total(),
    errors,
    errorCount,
    samples,
  };
}

function lagsBehind({ sinkLagEvents, auditorLagEvents }: Sample): boolean {
  return sinkLagEvents > 0 || auditorLagEvents > 0;
}

function describe(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
