/**
 * The long form of the durability proof: `pnpm conformance:durability --rounds 100 [--seed 1]`.
 * Build the gateway first.
 */

import { argv, exit, stderr, stdout } from 'node:process';
import { parseArgs } from 'node:util';
import { type KillReport, killRounds } from './kill-rounds.ts';

const LONGEST_MS = 800;

function count(name: string, text: string): number {
  const number = Number(text);
  if (/^\d{1,9}$/.test(text)) return number;
  stderr.write(`--${name} must be a whole number, not ${text}.\n`);
  return exit(2);
}

function summary(report: KillReport): string {
  const { rounds, acknowledged, underWay, committedUnderWay, keys, events, problems } = report;
  return (
    `rounds ${rounds}, acknowledged ${acknowledged}, under way at a kill ${underWay} ` +
    `(committed ${committedUnderWay}), keys ${keys}, events ${events}, lost ${problems.length}`
  );
}

const { values } = parseArgs({
  args: argv.slice(2),
  options: {
    rounds: { type: 'string', default: '100' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
  },
});
const rounds = count('rounds', values.rounds);
const seed = count('seed', values.seed);

stdout.write(`seed ${seed}\n`);
const report = await killRounds({
  rounds,
  seed,
  longestMs: LONGEST_MS,
  onRound: (soFar) => stdout.write(`${summary(soFar)}\n`),
});
for (const problem of report.problems) stderr.write(`${problem}\n`);
stdout.write(
  `Durability, seed ${seed}: ${summary(report)}. ${report.problems.length === 0 ? 'Passed' : 'FAILED'}.\n`,
);
exit(report.problems.length === 0 ? 0 : 1);
