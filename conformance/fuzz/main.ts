/**
 * The long form of fuzzing: `pnpm fuzz --minutes 10 [--inputs N] [--seed 1] [--target decoders] [--json F]`.
 * Build the gateway first. Without a number of inputs each target has its share of the time.
 */

import { writeFileSync } from 'node:fs';
import { argv, exit, memoryUsage, stderr, stdout } from 'node:process';
import { parseArgs } from 'node:util';
import { FUZZ_TARGETS, runFuzz } from './fuzz.ts';

const { values } = parseArgs({
  args: argv.slice(2),
  options: {
    minutes: { type: 'string', default: '4' },
    inputs: { type: 'string' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    target: { type: 'string', default: 'all' },
    json: { type: 'string' },
  },
});

function positive(name: string, text: string): number {
  const number = Number(text);
  if (Number.isFinite(number) && number > 0) return number;
  stderr.write(`--${name} must be a number above 0, not ${text}.\n`);
  return exit(2);
}

const targets = FUZZ_TARGETS.filter((name) => values.target === 'all' || values.target === name);
if (targets.length === 0) {
  stderr.write(`--target must be all or one of ${FUZZ_TARGETS.join(', ')}.\n`);
  exit(2);
}
const seed = positive('seed', values.seed);
const most = values.inputs === undefined ? undefined : positive('inputs', values.inputs);
const shareMs = (positive('minutes', values.minutes) * 60_000) / targets.length;

stdout.write(`seed ${seed}\n`);
const report = await runFuzz({
  targets,
  seed,
  isWatched: true,
  isEnough: (inputs, startedMs) =>
    most === undefined ? Date.now() - startedMs >= shareMs : inputs >= most,
  onProgress: (target, inputs) =>
    stdout.write(`${target}: ${inputs} inputs, ${Math.round(memoryUsage.rss() / 2 ** 20)} MiB\n`),
});
for (const [outcome, count] of Object.entries(report.outcomes))
  stdout.write(`${outcome} ${count}\n`);
for (const finding of report.findings) stdout.write(`${JSON.stringify(finding)},\n`);
for (const [target, count] of Object.entries(report.inputs)) {
  stdout.write(
    `${target}: ${count} inputs, slowest ${Math.round(report.slowest[target]?.milliseconds ?? 0)} ms\n`,
  );
}
for (const [target, { warm, end, highest }] of Object.entries(report.memory)) {
  stdout.write(`${target}: ${warm} MiB after the warm-up, ${end} at the end, ${highest} at most\n`);
}
if (values.json !== undefined)
  writeFileSync(values.json, `${JSON.stringify(report, undefined, 2)}\n`);
stdout.write(`Fuzzing, seed ${seed}: ${report.findings.length} findings.\n`);
exit(report.findings.length === 0 ? 0 : 1);
