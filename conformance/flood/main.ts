/**
 * The long form: `pnpm conformance:flood [--connections 5000] [--depth 4] [--seconds 15] [--vms 2000]
 * [--set NAME=VALUE] [--json FILE]`. Build the gateway first. Linux only.
 */

import { readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { argv, exit, stderr, stdout, version } from 'node:process';
import { parseArgs } from 'node:util';
import { type FloodReport, runFlood } from './run-flood.ts';

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

function describe({ options, quiet, flooded, flood, restart, ...report }: FloodReport): string {
  const rate = flood.answers / flood.seconds;
  const own = flooded.count / flooded.seconds;
  const problem = ({ problem: words }: { problem?: string | undefined }) =>
    words === undefined ? '' : `, the first: ${words}`;
  return [
    `Node ${version}, ${availableParallelism()} processors, load generator on the same machine`,
    `flood: ${report.open} connections of one certificate open, ${report.refused} refused; ` +
      `${options.depth} requests under way on each; ${rate.toFixed(0)} answers/s, ` +
      `${flood.failures} failures, ${flood.lost} lost${problem(flood)}`,
    `gateway: ${report.cores.toFixed(2)} cores, ${(report.rssBytes / 2 ** 20).toFixed(0)} MiB`,
    `second client, quiet:   ${quiet.count} answers, p50 ${quiet.p50Ms} ms, p99 ${quiet.p99Ms} ms`,
    `second client, flooded: ${flooded.count} answers, p50 ${flooded.p50Ms} ms, ` +
      `p99 ${flooded.p99Ms} ms, ${flooded.errors.length} errors`,
    `p99 flooded / quiet: ${(flooded.p99Ms / quiet.p99Ms).toFixed(1)} (at most ${MAX_RATIO}); ` +
      `its one connection has ${own.toFixed(0)} answers/s, each of the flood ` +
      `${(rate / report.open).toFixed(1)}`,
    `restart of ${options.machines} machines: ${restart.answers} answers in ` +
      `${restart.seconds.toFixed(1)} s, ${restart.failures} failures, ${restart.lost} connections ` +
      `lost${problem(restart)}\n`,
  ].join('\n');
}

/** Nobody may fail or be refused, and the second client may not wait much longer than without the flood. */
function hasPassed({ options, quiet, flooded, flood, restart, refused }: FloodReport): boolean {
  const isFair = flooded.p99Ms <= MAX_RATIO * quiet.p99Ms;
  const answered = restart.answers === 3 * options.machines && restart.failures === 0;
  const unharmed = flooded.errors.length === 0 && flood.failures === 0 && refused === 0;
  return isFair && answered && unharmed && restart.lost === 0;
}

const connections = positive('connections', values.connections);
const machines = positive('vms', values.vms);
checkDescriptors(Math.max(connections, machines));
const report = await runFlood({
  connections,
  depth: positive('depth', values.depth),
  durationMs: positive('seconds', values.seconds) * 1000,
  machines,
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
