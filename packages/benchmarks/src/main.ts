/** `pnpm bench`. */

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createCollection } from './figures.ts';
import { findPykmip } from './find-pykmip.ts';
import { HELP, type Options, parseOptions } from './options.ts';
import { describeMachine } from './report/machine.ts';
import { formatTable } from './report/table.ts';
import { ROWS } from './rows/index.ts';
import { startSite } from './site.ts';

async function run(options: Options): Promise<void> {
  const { settings, only, node } = options;
  const say = (line: string) => void process.stderr.write(`${line}\n`);
  const pykmip = options.pykmip === false ? undefined : (options.pykmip ?? findPykmip());
  if (pykmip === undefined) say('PyKMIP is left out: no Python with it was found (--pykmip).');
  const rows = ROWS.filter(({ name }) => only.length === 0 || only.includes(name));
  const workDirectory = await mkdtemp(join(tmpdir(), 'claviger-bench-'));
  const { small, middle, large } = settings.stores;
  try {
    const site = await startSite({
      node,
      workDirectory,
      cacheDirectory: options.cacheDirectory,
      stores: [small, middle, large],
      changedStore: middle,
      pykmip,
      say,
    });
    const collection = createCollection();
    try {
      for (let round = 1; round <= settings.rounds; round++) {
        for (const row of rows) {
          say(`round ${round} of ${settings.rounds}: ${row.name}`);
          await row.measure({ site, settings, collection });
        }
      }
    } finally {
      await site.stop();
    }
    const cells = collection.cells();
    const report = { machine: await describeMachine(node), settings, cells };
    if (options.json !== undefined) {
      await writeFile(options.json, `${JSON.stringify(report, undefined, 2)}\n`);
    }
    process.stdout.write(`${formatTable(cells)}\n`);
  } finally {
    await rm(workDirectory, { recursive: true, force: true });
  }
}

try {
  const options = parseOptions(process.argv.slice(2));
  if (options === 'help') process.stdout.write(`${HELP}\n`);
  else await run(options);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
