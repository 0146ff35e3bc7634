/**
 * `pnpm faults --kills 1000 [--seed S] [--lanes N] [--minutes M] [--json F]`: the long form of the kills.
 * Build the gateway first.
 */

import { writeFileSync } from 'node:fs';
import { argv, exit, stderr, stdout } from 'node:process';
import { parseArgs } from 'node:util';
import { type KillReport, killAtPoints } from './kill-at-points.ts';
import { KILL_POINTS } from './kill-points.ts';

const KILLS_PER_COMPARISON = 20;

function count(name: string, text: string): number {
  const number = Number(text);
  if (/^[1-9]\d{0,8}$/.test(text)) return number;
  stderr.write(`--${name} must be a whole number above 0, not ${text}.\n`);
  return exit(2);
}

function summary(report: KillReport): string {
  const { kills, acknowledged, underWay, committedUnderWay, comparisons, keys, events, problems } =
    report;
  return (
    `kills ${kills}, acknowledged ${acknowledged}, under way at a kill ${underWay} ` +
    `(committed ${committedUnderWay}), comparisons ${comparisons}, keys ${keys}, events ${events}, ` +
    `lost ${problems.length}`
  );
}

function sum(reports: readonly KillReport[]): KillReport {
  const of = (what: keyof Omit<KillReport, 'byPoint' | 'problems'>) =>
    reports.reduce((total, report) => total + report[what], 0);
  const byPoint: Record<string, number> = {};
  for (const report of reports) {
    for (const [point, kills] of Object.entries(report.byPoint)) {
      byPoint[point] = (byPoint[point] ?? 0) + kills;
    }
  }
  return {
    kills: of('kills'),
    byPoint,
    acknowledged: of('acknowledged'),
    underWay: of('underWay'),
    committedUnderWay: of('committedUnderWay'),
    comparisons: of('comparisons'),
    keys: of('keys'),
    events: of('events'),
    problems: reports.flatMap(({ problems }) => problems),
  };
}

const { values } = parseArgs({
  args: argv.slice(2),
  options: {
    kills: { type: 'string', default: '1000' },
    seed: { type: 'string', default: String(1 + (Date.now() % 1_000_000)) },
    lanes: { type: 'string', default: '1' },
    minutes: { type: 'string' },
    json: { type: 'string' },
  },
});
const kills = count('kills', values.kills);
const seed = count('seed', values.seed);
const lanes = Math.min(kills, count('lanes', values.lanes));
const minutes = values.minutes === undefined ? undefined : count('minutes', values.minutes);
const began = performance.now();

stdout.write(`seed ${seed}\n`);
const reports = await Promise.all(
  Array.from({ length: lanes }, (_, lane) =>
    killAtPoints({
      kills: Math.ceil((kills - lane) / lanes),
      seed: seed + lane,
      killsPerComparison: KILLS_PER_COMPARISON,
      isOver: () => minutes !== undefined && performance.now() - began > minutes * 60_000,
      onComparison: (soFar) => stdout.write(`${lane + 1}: ${summary(soFar)}\n`),
    }),
  ),
);
const report = sum(reports);
const isWhole = report.kills >= kills;
const passed = report.problems.length === 0;
for (const problem of report.problems) stderr.write(`${problem}\n`);
for (const point of new Set([
  ...KILL_POINTS.map(({ name }) => name),
  ...Object.keys(report.byPoint),
])) {
  // A point that is never reached shows as one.
  stdout.write(`${report.byPoint[point] ?? 0} ${point}\n`);
}
if (values.json !== undefined) {
  const seconds = Math.round((performance.now() - began) / 1000);
  const result = { seed, lanes, asked: kills, seconds, passed: passed && isWhole, ...report };
  writeFileSync(values.json, `${JSON.stringify(result, null, 2)}\n`);
}
const verdict = !passed ? 'FAILED' : isWhole ? 'Passed' : 'Nothing was lost, but time was up';
stdout.write(`Faults, seed ${seed}: ${summary(report)}. ${verdict}.\n`);
exit(passed && isWhole ? 0 : 1);
