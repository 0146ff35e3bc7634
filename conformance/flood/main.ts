/**
 * The long form: `pnpm conformance:flood [--connections 5000] [--depth 4] [--seconds 15] [--vms 2000]
 * [--place together|behind|apart] [--set NAME=VALUE] [--json FILE]`. Build the gateway first. Linux only.
 */

import { readFileSync, writeFileSync } from 'node:fs';
import { argv, exit, stderr, stdout, version } from 'node:process';
import { parseArgs } from 'node:util';
import type { LoadDone } from './load-plan.ts';
import { BEHIND, type Placement, PROCESSORS, placeApart, TOGETHER } from './placement.ts';
import { type FloodReport, runFlood } from './run-flood.ts';
import type { SteadyResult } from './steady-client.ts';

/** What the gateway and the process of load need beside their connections. */
const SPARE_DESCRIPTORS = 500;
/** How much longer the slowest answers may take under the flood. */
const MAX_RATIO = 3;

const { values } = parseArgs({
  args: argv.slice(2).filter((argument) => argument !== '--'),
  options: {
    connections: { type: 'string', default: '5000' },
    depth: { type: 'string', default: '4' },
    seconds: { type: 'string', default: '15' },
    vms: { type: 'string', default: '2000' },
    /** How gateways and load share the processors. */
    place: { type: 'string', default: 'together' },
    /** `NAME=VALUE` of the first listener, e.g. `MAX_REQUESTS_IN_WORK=16`. */
    set: { type: 'string', multiple: true, default: [] },
    json: { type: 'string' },
  },
});

function positive(name: string, text: string): number {
  const number = Number(text);
  if (Number.isInteger(number) && number > 0) return number;
  stderr.write(`--${name} must be a whole number above zero, not ${text}.\n`);
  return exit(2);
}

function place(): Placement {
  switch (values.place) {
    case 'together':
      return TOGETHER;
    case 'behind':
      return BEHIND;
    case 'apart':
      return placeApart();
    default:
      stderr.write(`--place must be together, behind or apart, not ${values.place}.\n`);
      return exit(2);
  }
}

/** Every connection is an open file of two processes. */
function checkDescriptors(connections: number): void {
  const limits = readFileSync('/proc/self/limits', 'utf8');
  const allowed = Number(/^Max open files\s+(\d+)/m.exec(limits)?.[1] ?? Number.POSITIVE_INFINITY);
  const needed = connections + SPARE_DESCRIPTORS;
  if (allowed >= needed) return;
  stderr.write(
    `${connections} connections need ${needed} open files, and this shell allows ${allowed}: ` +
      `raise it by \`ulimit -n ${needed}\`, or ask for fewer by --connections.\n`,
  );
  exit(2);
}

function describe(report: FloodReport): string {
  const { quiet, accompanied, flooded, flood, beside, restart } = report;
  const rate = flood.answers / flood.seconds;
  const problem = ({ problem: words }: { problem?: string | undefined }) =>
    words === undefined ? '' : `, the first: ${words}`;
  const row = (name: string, { count, p50Ms, p99Ms, errors }: SteadyResult) =>
    `  ${name.padEnd(34)} ${count} answers, p50 ${p50Ms} ms, p99 ${p99Ms} ms, ${errors.length} errors`;
  return [
    `Node ${version}, ${PROCESSORS} processors, load generator on the same machine (${report.placement})`,
    `flood: ${report.open} connections of one certificate open, ${report.refused} refused; ` +
      `${report.depth} requests under way on each; ${rate.toFixed(0)} answers/s, ` +
      `${flood.failures} failures, ${flood.lost} lost${problem(flood)}`,
    `gateway: ${report.cores.toFixed(2)} cores, ${(report.rssBytes / 2 ** 20).toFixed(0)} MiB`,
    'second client:',
    row('quiet', quiet),
    row('quiet, connecting each time', report.quietConnecting),
    row('in polite company', accompanied),
    row('while the flood connects', report.opening),
    row('flooded', flooded),
    row('flooded, connecting each time', report.floodedConnecting),
    row('at another gateway, then', beside),
    `p99 flooded / quiet: ${ratioOf(flooded, quiet)} (at most ${MAX_RATIO}); flooded / in polite company: ` +
      `${ratioOf(flooded, accompanied)}; flooded / at the other gateway: ${ratioOf(flooded, beside)}; ` +
      `while the flood connects / quiet: ${ratioOf(report.opening, quiet)}`,
    `the second client's share of the gateway's time: ${percent(shareOf(accompanied, report.company))} in polite ` +
      `company, ${percent(shareOf(flooded, flood))} beside the flood`,
    `restart of ${report.machines} machines: ${restart.answers} answers in ` +
      `${restart.seconds.toFixed(1)} s, ${restart.failures} failures, ${restart.lost} connections ` +
      `lost${problem(restart)}\n`,
  ].join('\n');
}

function ratioOf(one: SteadyResult, other: SteadyResult): string {
  return (one.p99Ms / other.p99Ms).toFixed(1);
}

/** Of all answers. A Get costs the gateway the same, whoever asks: so it is the share of its processor time. */
function shareOf({ count, seconds }: SteadyResult, other: LoadDone): number {
  const [own, its] = [count / seconds, other.answers / other.seconds];
  return own / (own + its);
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}

/**
 * Nobody may fail or be refused; and the second client waits little longer than without the flood, or it has as much
 * of the gateway's time as beside one that is polite, which is all that it asks for there.
 */
function hasPassed({ quiet, flooded, flood, restart, ...report }: FloodReport): boolean {
  const { accompanied, company } = report;
  const isFair =
    flooded.p99Ms <= MAX_RATIO * quiet.p99Ms ||
    shareOf(flooded, flood) >= shareOf(accompanied, company);
  const answered = restart.answers === 3 * report.machines && restart.failures === 0;
  const asked = [accompanied, flooded, report.opening, report.floodedConnecting];
  const unharmed = asked.every(({ errors }) => errors.length === 0);
  const served =
    [company, flood].every(({ failures, lost }) => failures === 0 && lost === 0) &&
    report.refused === 0;
  return isFair && answered && unharmed && served && restart.lost === 0;
}

const connections = positive('connections', values.connections);
const machines = positive('vms', values.vms);
checkDescriptors(Math.max(connections, machines));
const report = await runFlood({
  connections,
  depth: positive('depth', values.depth),
  durationMs: positive('seconds', values.seconds) * 1000,
  machines,
  placement: place(),
  env: Object.fromEntries(
    values.set.map((setting) => {
      const [name = '', value = ''] = setting.split('=');
      return [`CLAVIGER_KMIP__LISTENERS__0__${name}`, value];
    }),
  ),
});
if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(report)}\n`);
const passed = hasPassed(report);
stdout.write(`${describe(report)}Flood: ${passed ? 'passed' : 'FAILED'}.\n`);
exit(passed ? 0 : 1);
