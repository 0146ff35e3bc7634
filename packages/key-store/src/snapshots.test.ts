import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { openForReading, openForWriting } from './open-database.ts';
import { createSnapshots } from './snapshots.ts';
import { temporaryDirectory } from './temporary-directory.fixtures.ts';

/** A reader of a database, and a writer that is not asked what the reader does. */
async function aReader() {
  const path = join(await temporaryDirectory(), 'a.db');
  const options = { path, busyTimeoutMs: 1_000, maxBytes: undefined };
  const writer = openForWriting(options, () => 0);
  const database = openForReading(options);
  onTestFinished(() => {
    database.close();
    writer.close();
  });
  let written = 0;
  const insert = writer.prepare('INSERT INTO setting (name, value) VALUES (?, ?)');
  const count = database.prepare("SELECT count(*) AS n FROM setting WHERE value = 'of the test'");
  return {
    database,
    snapshots: createSnapshots(database),
    write: () => insert.run([`n${written++}`, 'of the test']),
    read: () => count.get([])?.['n'],
  };
}

it('shows one state from the first read until it is let go', async () => {
  const { snapshots, write, read } = await aReader();
  snapshots.hold();
  write(); // before the first read: it is seen
  expect(read()).toBe(1);
  write();
  snapshots.hold();
  expect(read()).toBe(1);
  expect(snapshots.within(read)).toBe(1);
  snapshots.release();
  snapshots.release();
  expect(read()).toBe(2);
});

it('shows several statements one state where none is held', async () => {
  const { snapshots, write, read } = await aReader();
  const seen = snapshots.within(() => {
    const first = read();
    write();
    return [first, read()];
  });
  expect(seen).toEqual([0, 0]);
  expect(read()).toBe(1);
});

it('can be held again after SQLite has ended it for a failure', async () => {
  const { database, snapshots, write, read } = await aReader();
  snapshots.hold();
  expect(read()).toBe(0);
  database.exec('ROLLBACK');
  snapshots.release();
  write();
  snapshots.hold();
  expect(read()).toBe(1);
  write();
  expect(read()).toBe(1);
  snapshots.release();
});
