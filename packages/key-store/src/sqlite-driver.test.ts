import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { findEngine, openSqliteDatabase, type SqliteValue } from './sqlite-driver.ts';
import { temporaryDirectory } from './temporary-directory.fixtures.ts';

async function aFile(content = ''): Promise<string> {
  const path = join(await temporaryDirectory(), 'a.db');
  await writeFile(path, content);
  return path;
}

async function aDatabase() {
  const database = openSqliteDatabase(await aFile(), { readOnly: false });
  onTestFinished(() => database.close());
  return database;
}

describe('the driver', () => {
  it.each<readonly [string, SqliteValue, string]>([
    ['null', null, 'null'],
    ['a whole number', 5, 'integer'],
    ['the greatest whole number', Number.MAX_SAFE_INTEGER, 'integer'],
    ['the smallest whole number', Number.MIN_SAFE_INTEGER, 'integer'],
    ['a fraction', 0.1, 'real'],
    ['a number beyond 2^53', 2 ** 60, 'real'],
    ['infinity', Number.POSITIVE_INFINITY, 'real'],
    ['a text', 'Schlüssel 🔑', 'text'],
    ['an empty text', '', 'text'],
    ['bytes', Uint8Array.of(0, 255), 'blob'],
    ['no bytes', new Uint8Array(), 'blob'],
    ['no bytes from another thread', structuredClone(new Uint8Array()), 'blob'],
  ])('gives %s back as it was bound', async (_name, value, type) => {
    const database = await aDatabase();
    database.exec('CREATE TABLE t (v ANY) STRICT');
    expect(database.prepare('INSERT INTO t VALUES (?)').run([value])).toBe(1);
    const row = database.prepare('SELECT v, typeof(v) AS type FROM t').get([]);
    expect(row?.['type']).toBe(type);
    const read = row?.['v'];
    expect(read instanceof Uint8Array ? new Uint8Array(read) : read).toEqual(value);
  });

  it('answers undefined, an empty list and 0 where there are no rows', async () => {
    const database = await aDatabase();
    database.exec('CREATE TABLE t (v ANY) STRICT');
    const select = database.prepare('SELECT v FROM t WHERE v = ?');
    expect(select.get([1])).toBeUndefined();
    expect(select.all([1])).toEqual([]);
    expect(database.prepare('DELETE FROM t').run([])).toBe(0);
  });

  it('answers the rows of an INSERT with RETURNING', async () => {
    const database = await aDatabase();
    database.exec('CREATE TABLE t (id INTEGER PRIMARY KEY, v TEXT UNIQUE) STRICT');
    const insert = database.prepare(
      'INSERT INTO t (v) VALUES (?) ON CONFLICT DO NOTHING RETURNING id',
    );
    expect(insert.get(['a'])).toMatchObject({ id: 1 });
    expect(insert.get(['a'])).toBeUndefined();
    expect(database.prepare('SELECT count(*) AS n FROM t').get([])).toMatchObject({ n: 1 });
  });

  it('names the kind of a failure', async () => {
    const database = await aDatabase();
    database.exec('CREATE TABLE t (v TEXT NOT NULL UNIQUE) STRICT');
    const insert = database.prepare('INSERT INTO t VALUES (?)');
    insert.run(['a']);
    expect(() => insert.run(['a'])).toThrow(expect.objectContaining({ kind: 'constraint' }));
    expect(() => insert.run([null])).toThrow(expect.objectContaining({ kind: 'constraint' }));
    expect(() => insert.run([Uint8Array.of(1)])).toThrow(
      expect.objectContaining({ kind: 'constraint' }),
    );
    expect(() => database.prepare('SELEKT')).toThrow(expect.objectContaining({ kind: 'other' }));
  });

  it('says that a file is no database', async () => {
    const path = await aFile(
      'This is a letter, and a long one, but it is no database. '.repeat(20),
    );
    const open = () => {
      const database = openSqliteDatabase(path, { readOnly: true });
      try {
        database.prepare('SELECT * FROM sqlite_schema').all([]);
      } finally {
        database.close();
      }
    };
    expect(open).toThrow(expect.objectContaining({ kind: 'not-a-database' }));
  });

  it('says that another connection holds the lock', async () => {
    const path = await aFile();
    const [first, second] = [1, 2].map(() => openSqliteDatabase(path, { readOnly: false }));
    try {
      second?.exec('PRAGMA busy_timeout = 0');
      first?.exec('BEGIN IMMEDIATE');
      expect(() => second?.exec('BEGIN IMMEDIATE')).toThrow(
        expect.objectContaining({ kind: 'busy' }),
      );
    } finally {
      first?.close();
      second?.close();
    }
  });

  it('refuses to write through a connection for reading', async () => {
    const database = openSqliteDatabase(await aFile(), { readOnly: true });
    onTestFinished(() => database.close());
    expect(() => database.exec('CREATE TABLE t (v)')).toThrow(
      expect.objectContaining({ kind: 'read-only' }),
    );
  });

  it('does not create a file', async () => {
    const path = join(await temporaryDirectory(), 'absent.db');
    expect(() => openSqliteDatabase(path, { readOnly: true })).toThrow(
      expect.objectContaining({ name: 'SqliteFailure' }),
    );
  });

  it.each([
    [
      'not compiled',
      () => '/opt/claviger/better-sqlite3',
      /Run on Node 24, or compile the addon: npm --prefix "\/opt\/claviger\/better-sqlite3" run install/,
    ],
    [
      'not installed',
      () => fail('Cannot find module'),
      /Run on Node 24, or install the optional dependency better-sqlite3/,
    ],
  ])('says what to do when the only engine is %s', (_name, addonDirectory, message) => {
    const find = () =>
      findEngine({
        builtin: () => undefined,
        addon: () => fail('Could not locate the bindings file.'),
        addonDirectory,
      });
    expect(find).toThrow(
      expect.objectContaining({ code: 'cannot-open', message: expect.stringMatching(message) }),
    );
  });
});

function fail(message: string): never {
  throw new Error(message);
}
