/**
 * Loaded into a server by `--import`, with `--expose-gc`: on SIGUSR2 it collects all garbage and writes what memory
 * is left, for whoever measures. The path of the file stands in the query of the module's address.
 */

import { renameSync, writeFileSync } from 'node:fs';
import { memoryUsage, pid } from 'node:process';
import { setTimeout as delay } from 'node:timers/promises';

/** What a collection lets go of may have been all that held something else. */
const COLLECTIONS = 3;
/** For what is closed in a later turn, once its owner is gone. */
const BETWEEN_MS = 50;

const file = new URL(import.meta.url).searchParams.get('file');
const { gc } = globalThis;
if (file !== null && gc !== undefined) {
  process.on('SIGUSR2', () => {
    void collect(file, gc);
  });
}

async function collect(path: string, gc: NonNullable<typeof globalThis.gc>): Promise<void> {
  for (let n = 0; n < COLLECTIONS; n++) {
    gc();
    await delay(BETWEEN_MS);
  }
  const { rss, heapUsed } = memoryUsage();
  const draft = `${path}.${pid}`;
  writeFileSync(draft, JSON.stringify({ rssBytes: rss, heapBytes: heapUsed }));
  renameSync(draft, path); // whoever reads it reads all of it
}
