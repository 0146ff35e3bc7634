/**
 * A site plays on a gateway for hours: `pnpm soak --hours 1 [--vms 2000] [--rate 8] [--seed N]
 * [--json FILE] [--svg FILE]`. Build the gateway first. Ctrl-C ends it with a report. Linux only.
 */

import { writeFileSync } from 'node:fs';
import { argv, exit, stderr, stdout } from 'node:process';
import { parseArgs } from 'node:util';
import { drawSoak } from './picture.ts';
import { runSoak, type SoakReport } from './run-soak.ts';
import type { Sample } from './sample.ts';
import { CONNECT } from './visit.ts';

const MIB = 2 ** 20;

const { values } = parseArgs({
  args: argv.slice(2).filter((argument) => argument !== '--'),
  options: {
    hours: { type: 'string', default: '1' },
    vms: { type: 'string', default: '2000' },
    /** Jobs a second; with the default, a machine of two cores is about a quarter busy. */
    rate: { type: 'string', default: '8' },
    'sample-seconds': { type: 'string', default: '10' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    json: { type: 'string' },
    svg: { type: 'string' },
  },
});

function positive(name: string, text: string): number {
  const number = Number(text);
  if (Number.isFinite(number) && number > 0) return number;
  stderr.write(`--${name} must be a number above zero, not ${text}.\n`);
  return exit(2);
}

function describeSample(sample: Sample): string {
  const { rssBytes, heapBytes, descriptors, threads, cores, loopLagP99Ms, operations } = sample;
  const latency = (name: string) => {
    const { p50Ms, p99Ms } = operations[name] ?? { p50Ms: 0, p99Ms: 0 };
    return `${p50Ms}/${p99Ms}`;
  };
  return (
    `${sample.atSeconds.toFixed(0).padStart(6)} s  rss ${(rssBytes / MIB).toFixed(0)} MiB ` +
    `heap ${(heapBytes / MIB).toFixed(0)}  fd ${descriptors} threads ${threads}  ` +
    `cores ${cores.toFixed(2)}  loop ${loopLagP99Ms.toFixed(0)} ms  ` +
    `connect ${latency(CONNECT)} ms  Get ${latency('Get')} ms  lag sink ${sample.sinkLagEvents} ` +
    `auditor ${sample.auditorLagEvents}  db ${(sample.databaseBytes / MIB).toFixed(0)} MiB  ` +
    `errors ${sample.errors}\n`
  );
}

function describeReport({ operations, verdict, ...report }: SoakReport): string {
  const jobs = Object.entries(report.jobs).map(([job, count]) => `${job} ${count}`);
  const rows = Object.entries(operations).map(
    ([name, { count, p50Ms, p99Ms }]) =>
      `  ${name.padEnd(30)} ${String(count).padStart(9)}  p50 ${p50Ms} ms, p99 ${p99Ms} ms`,
  );
  const errors = report.errors.map(({ job, message }) => `  ${job}: ${message}`);
  const findings = verdict.findings.map(
    ({ what, result, words }) => `  ${result.padEnd(10)} ${what}: ${words}`,
  );
  return [
    `jobs: ${jobs.join(', ')}; held back ${report.heldBack} times; ${report.events} events`,
    ...rows,
    ...(errors.length > 0 ? [`${report.errorCount} errors, the first:`, ...errors] : []),
    ...findings,
    `Soak, seed ${report.options.seed}: ${verdict.passed ? 'passed' : 'FAILED'}.\n`,
  ].join('\n');
}

const interrupted = new AbortController();
process.once('SIGINT', () => {
  stdout.write('\nEnding with a report ...\n');
  interrupted.abort();
});

const hours = positive('hours', values.hours);
const machines = Math.ceil(positive('vms', values.vms));
const report = await runSoak({
  seconds: hours * 3600,
  machines,
  jobsPerSecond: positive('rate', values.rate),
  sampleSeconds: positive('sample-seconds', values['sample-seconds']),
  seed: Math.trunc(positive('seed', values.seed)),
  signal: interrupted.signal,
  onProvisioned(made) {
    if (made % 100 === 0 || made === machines) stdout.write(`${made} machines with keys\n`);
  },
  onSample: (sample) => stdout.write(describeSample(sample)),
});
if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(report)}\n`);
if (values.svg !== undefined) {
  const title = `Soak: ${machines} machines, ${values.rate} jobs a second, ${report.runtime}`;
  writeFileSync(values.svg, drawSoak(title, report.samples));
}
stdout.write(describeReport(report));
exit(report.verdict.passed ? 0 : 1);
