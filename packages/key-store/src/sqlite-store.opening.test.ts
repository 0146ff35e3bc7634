import { mkdir, readFile, truncate, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { anEvent, aUnit } from './key-store.fixtures.ts';
import { openForWriting } from './open-database.ts';
import { openSqliteKeyStore } from './sqlite-store.ts';
import { temporaryDirectory } from './temporary-directory.fixtures.ts';

async function aPath(): Promise<string> {
  return join(await temporaryDirectory(), 'a.db');
}

/** A closed database with a few hundred events. */
async function aFilledDatabase(): Promise<string> {
  const path = await aPath();
  const store = await openSqliteKeyStore({ path });
  const events = Array.from({ length: 300 }, () => anEvent());
  await store.commit(aUnit({ events }));
  await store.close();
  return path;
}

/** Opening fails so, and changes no byte of the file. */
async function expectRefusal(path: string, code: string, message: RegExp): Promise<void> {
  const before = await readFile(path);
  await expect(openSqliteKeyStore({ path })).rejects.toMatchObject({
    name: 'StoreError',
    code,
    message: expect.stringMatching(message),
  });
  expect((await readFile(path)).equals(before)).toBe(true);
}

describe('opening a store', () => {
  it('refuses a database of a newer version', async () => {
    const path = await aFilledDatabase();
    const database = openForWriting({ path, busyTimeoutMs: 0, maxBytes: undefined }, () => 0);
    database.exec("INSERT INTO schema_migration VALUES (99, 'tomorrow', 'x', 0)");
    database.close();
    await expectRefusal(path, 'newer-version', /schema version 99.*Run the version that wrote it/);
  });

  it('refuses a file that is no database', async () => {
    const path = await aPath();
    await writeFile(path, 'Dear reader, this is a letter and no database. '.repeat(100));
    await expectRefusal(path, 'corrupt', /no key store, or is damaged.*Nothing was changed/);
  });

  it('refuses a database with a damaged page', async () => {
    const path = await aFilledDatabase();
    const bytes = await readFile(path);
    bytes.fill(0xa5, bytes.length - 3 * 4096, bytes.length - 2 * 4096);
    await writeFile(path, bytes);
    await expectRefusal(path, 'corrupt', /damaged/);
  });

  it('refuses a database that was cut off', async () => {
    const path = await aFilledDatabase();
    await truncate(path, 10 * 4096);
    await expectRefusal(path, 'corrupt', /damaged/);
  });

  it('refuses the database of another program', async () => {
    const path = await aPath();
    const other = await aPath();
    const database = openForWriting(
      { path: other, busyTimeoutMs: 0, maxBytes: undefined },
      () => 0,
    );
    database.exec('PRAGMA application_id = 7');
    database.exec(`VACUUM INTO '${path}'`);
    database.close();
    await expectRefusal(path, 'cannot-open', /another program/);
  });

  it('refuses a directory', async () => {
    const path = await aPath();
    await mkdir(path);
    await expect(openSqliteKeyStore({ path })).rejects.toMatchObject({ code: 'cannot-open' });
  });

  it('refuses a path in a directory that does not exist, naming it', async () => {
    const path = join(await temporaryDirectory(), 'nowhere', 'a.db');
    await expect(openSqliteKeyStore({ path })).rejects.toMatchObject({
      code: 'cannot-open',
      message: expect.stringContaining(path),
    });
  });

  it('takes an empty file for a new database, and a name that SQLite knows for a file', async () => {
    const directory = dirname(await aPath());
    for (const name of ['empty.db', ':memory:', 'file:a.db?mode=memory']) {
      const path = join(directory, name);
      await writeFile(path, '');
      const store = await openSqliteKeyStore({ path });
      onTestFinished(() => store.close());
      await store.commit(aUnit({ events: [anEvent()] }));
      expect(await store.lastEventSequence()).toBe(1);
    }
  });

  it.each([
    ['a negative time', { busyTimeoutMs: -1 }],
    ['a negative quota', { maxBytes: -1 }],
    ['an endless queue', { maxWaitingUnits: Number.POSITIVE_INFINITY }],
  ])('refuses %s', async (_name, options) => {
    await expect(openSqliteKeyStore({ path: await aPath(), ...options })).rejects.toMatchObject({
      code: 'invalid',
    });
  });
});
