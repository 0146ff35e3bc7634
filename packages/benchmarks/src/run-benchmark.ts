/** A whole run: starts the site, measures round by round, and writes down what came of it. */

import { rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { createCollection } from './figures.ts';
import { findPykmip } from './find-pykmip.ts';
import type { Options } from './options.ts';
import { describeMachine } from './report/machine.ts';
import type { Report } from './report/report.ts';
import { ROWS } from './rows/index.ts';
import { createWarmth } from './rows/warmth.ts';
import { startSite } from './site.ts';
import { judge } from './targets.ts';

/** @param say - Told what is being done, a line at a time. */
export async function runBenchmark(
  { settings, only, ...options }: Options,
  say: (line: string) => void,
): Promise<Report> {
  const pykmip = options.pykmip === false ? undefined : (options.pykmip ?? findPykmip());
  if (pykmip === undefined) say('PyKMIP is left out: no Python with it was found (--pykmip).');
  const rows = ROWS.filter(({ name }) => only.length === 0 || only.includes(name));
  const { small, middle, large } = settings.stores;
  const workDirectory = await mkdtemp(join(tmpdir(), 'claviger-bench-'));
  // Also when the process is told to end: a copy of the large store is as large as a million keys are.
  const removeCopies = () => rmSync(workDirectory, { recursive: true, force: true });
  process.once('exit', removeCopies);
  const collection = createCollection();
  const warmth = createWarmth(settings);
  try {
    const site = await startSite({
      node: settings.node,
      workDirectory,
      cacheDirectory: options.cacheDirectory,
      stores: [small, middle, large],
      changedStore: middle,
      pykmip,
      say,
    });
    try {
      for (let round = 1; round <= settings.rounds; round++) {
        for (const row of rows.filter(({ hasTarget }) => hasTarget || round === 1)) {
          const begun = performance.now();
          await row.measure({ site, settings, collection, warmth, round });
          const seconds = Math.round((performance.now() - begun) / 1000);
          say(`round ${round} of ${settings.rounds}: ${row.name} (${seconds} s)`);
        }
      }
    } finally {
      await site.stop();
    }
  } finally {
    process.off('exit', removeCopies);
    removeCopies();
  }
  const cells = collection.cells();
  const machine = await describeMachine(settings.node);
  return { machine, settings, cells, targets: judge(settings, cells) };
}
