/** The smallest run of every row: whether each gives its figures, beside a real gateway and the echo. */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execPath } from 'node:process';
import { expect, it, onTestFinished } from 'vitest';
import { isBuilt, readReportFile, runBuiltBenchmark } from './built-benchmark.fixtures.ts';
import { ROWS } from './rows/index.ts';

/** What needs no rate per second of CPU time, which so short a run may be unable to tell. */
const ALWAYS_TOLD = [
  'decode and encode of the captured Create, to a walk over its bytes',
  'memory of an idle mutual TLS connection',
  'p99 of Get at half of the highest load, to the p50 of the echo at the same pace',
  'start with the large store, to the start with an empty one',
];

it.skipIf(!isBuilt())(
  'gives figures for every row (skipped where the gateway is not built)',
  { timeout: 600_000 },
  async () => {
    const directory = mkdtempSync(join(tmpdir(), 'claviger-bench-test-'));
    onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
    const json = join(directory, 'run.json');

    const printed = await runBuiltBenchmark([
      ...['--smallest', '--node', execPath, '--pykmip', 'none'],
      ...['--cache', directory, '--json', json],
    ]);

    const { cells, targets } = readReportFile(json);
    const ownRow = (row: string) => row.replace(/^codec-.*/, 'codec');
    expect(new Set(cells.map(({ row }) => ownRow(row)))).toEqual(
      new Set(ROWS.map(({ name }) => name)),
    );
    for (const { row, subject, figures } of cells) {
      const values = Object.values(figures);
      expect([row, subject, values.length]).not.toContain(0);
      expect([row, subject, values.every(Number.isFinite)]).toEqual([row, subject, true]);
    }
    const resumed = cells.filter(({ row }) => row === 'connect-and-get-resumed');
    expect(resumed.map(({ subject, figures }) => [subject, figures.resumedShare])).toEqual([
      ['echo', 1],
      ['gateway', 1],
    ]);
    const told = targets.flatMap(({ work, reached }) => (reached === undefined ? [] : [work]));
    expect(told).toEqual(expect.arrayContaining(ALWAYS_TOLD));
    for (const work of told) expect(printed).toContain(work);
  },
);
