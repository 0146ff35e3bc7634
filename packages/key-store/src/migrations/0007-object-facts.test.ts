/** What becomes of the search index of version 6, in which each entry of each object was two rows. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { anObject, aPrincipal, aUnit } from '../key-store.fixtures.ts';
import { matchesPredicate } from '../matches-predicate.ts';
import { type MigrationProgress, migrate } from '../migrate.ts';
import type { IndexEntry, Predicate } from '../records.ts';
import { openSqliteDatabase, type SqliteDatabase } from '../sqlite-driver.ts';
import { openSqliteKeyStore } from '../sqlite-store.ts';
import { temporaryDirectory } from '../temporary-directory.fixtures.ts';
import { migrations } from './index.ts';

const BEFORE = migrations.slice(0, 6);
const TYPES = [
  'SymmetricKey',
  'Certificate',
  'PrivateKey',
  'PublicKey',
  'SecretData',
  'OpaqueObject',
];
const COUNT = 1_100;
const [MINE, OTHERS] = [aPrincipal(), aPrincipal()];

function indexOf(position: number): IndexEntry[] {
  return [
    // Rare types among many keys, a flag that few have, a date that each has for itself.
    { name: 'Object Type', value: TYPES[position % 200] ?? 'SymmetricKey' },
    { name: 'State', value: position % 10 === 0 ? 'Active' : 'PreActive' },
    { name: 'Length', value: position % 2 === 0 ? 128 : 256 },
    { name: 'Bit', value: 1 },
    ...(position % 3 === 0 ? [{ name: 'Bit', value: 2 }] : []),
    ...(position % 300 === 0 ? [{ name: 'Archive Date', value: position }] : []),
    { name: 'Initial Date', value: 5_000 + position },
    { name: 'Name', value: `vm-${position}` },
    { name: 'Name', value: `also ${position}` },
    { name: 'n', value: position % 2 === 0 ? 1 : '1' },
  ];
}

const OBJECTS = [
  ...Array.from({ length: COUNT }, (_, position) =>
    anObject({ adapterId: MINE.adapter.id, index: indexOf(position), uniqueNames: [] }),
  ),
  anObject({ adapterId: MINE.adapter.id, index: [], uniqueNames: [] }),
  anObject({ adapterId: OTHERS.adapter.id, index: indexOf(7), uniqueNames: [] }),
];

/** As version 6 left it; with its objects. */
async function aDatabaseOfVersion6(): Promise<string> {
  const path = join(await temporaryDirectory(), 'a.db');
  writeFileSync(path, '');
  const database = openSqliteDatabase(path, { readOnly: false });
  database.exec('PRAGMA journal_mode = wal; PRAGMA foreign_keys = ON');
  migrate(database, BEFORE, 1_000);
  database.exec('BEGIN');
  for (const { rootKey, adapter } of [MINE, OTHERS]) {
    insert(database, 'root_key', {
      id: rootKey.id,
      name: rootKey.name,
      state: rootKey.state,
      wrapped_key: rootKey.wrappedKey,
      created_at: 0,
    });
    insert(database, 'adapter', {
      id: adapter.id,
      name: adapter.name,
      root_key_id: rootKey.id,
      wrapped_key: adapter.wrappedKey,
      created_at: 0,
    });
  }
  OBJECTS.forEach((object, position) => {
    const rowid = position + 1;
    insert(database, 'object', {
      object_rowid: rowid,
      id: object.id,
      adapter_id: object.adapterId,
      version: 1,
      object_type: object.objectType,
      attributes: object.attributes,
      material: object.material,
      created_at: object.createdAt,
    });
    for (const { name, value } of object.index) {
      const entry = { object_rowid: rowid, name, value, adapter_id: object.adapterId };
      insert(database, 'object_index', entry);
    }
  });
  database.exec('COMMIT');
  database.close();
  return path;
}

function insert(
  database: SqliteDatabase,
  table: string,
  row: Readonly<Record<string, string | number | Uint8Array | null>>,
): void {
  const columns = Object.keys(row);
  database
    .prepare(`INSERT INTO ${table} (${columns}) VALUES (${columns.map(() => '?')})`)
    .run(Object.values(row));
}

const equals = (name: string, value: string | number): Predicate => ({
  kind: 'equals',
  name,
  value,
});
const SEARCHES: readonly Predicate[] = [
  ...TYPES.map((type) => equals('Object Type', type)),
  equals('Name', 'vm-3'),
  equals('Name', 'also 1099'),
  equals('n', '1'),
  equals('n', 1),
  equals('Nothing', 1),
  equals('Initial Date', 5_600),
  { kind: 'range', name: 'Initial Date', from: 5_010, to: 5_020 },
  { kind: 'range', name: 'Archive Date' },
  { kind: 'range', name: 'Bit', from: 2 },
  { kind: 'and', of: [] },
  { kind: 'not', of: equals('Bit', 1) },
  { kind: 'and', of: [equals('State', 'Active'), equals('Bit', 2), equals('Length', 128)] },
  {
    kind: 'and',
    of: [equals('State', 'Active'), { kind: 'not', of: { kind: 'range', name: 'Archive Date' } }],
  },
  { kind: 'or', of: [equals('Object Type', 'Certificate'), equals('Name', 'vm-3')] },
];

describe('a database of version 6', () => {
  it('finds its objects by everything that they were found by, and takes new ones', async () => {
    const told: MigrationProgress[] = [];
    const store = await openSqliteKeyStore({
      path: await aDatabaseOfVersion6(),
      onMigration: (progress) => told.push(progress),
    });
    onTestFinished(() => store.close());
    expect(told.at(-1)).toEqual({
      name: 'object-facts',
      done: OBJECTS.length,
      total: OBJECTS.length,
    });
    const adapterId = MINE.adapter.id;
    const object = anObject({ adapterId, index: indexOf(0), uniqueNames: [] });
    await store.commit(aUnit({ changes: [{ kind: 'insert-object', object }] }));
    const [first] = OBJECTS;
    if (first === undefined) throw new Error('There is no object.');
    const changed = { ...first, version: 2, index: indexOf(3) };
    await store.commit(aUnit({ changes: [{ kind: 'update-object', object: changed }] }));

    const expected = [changed, ...OBJECTS.slice(1), object]
      .filter((each) => each.adapterId === adapterId)
      .toReversed();
    for (const where of SEARCHES) {
      const found = await store.locateObjects(adapterId, { where, offset: 0, limit: 2_000 });
      const ids = expected
        .filter(({ index }) => matchesPredicate(index, where))
        .map(({ id }) => id);
      expect(found, JSON.stringify(where)).toEqual({ ids, total: ids.length });
    }
    const other = await store.locateObjects(OTHERS.adapter.id, {
      where: equals('Name', 'vm-7'),
      offset: 0,
      limit: 9,
    });
    expect(other.ids).toEqual([OBJECTS.at(-1)?.id]);
    const listed = await store.listObjects(OTHERS.adapter.id, { offset: 0, limit: 9 });
    expect(new Set(listed[0]?.index)).toEqual(new Set(indexOf(7)));
  });

  it('keeps once what many objects have, and tells how far it is', async () => {
    const database = openSqliteDatabase(await aDatabaseOfVersion6(), { readOnly: false });
    onTestFinished(() => database.close());
    const told: MigrationProgress[] = [];
    migrate(database, migrations.slice(0, 7), 2_000, (progress) => told.push(progress));
    const total = OBJECTS.length;
    expect(told).toEqual([
      { name: 'object-facts', done: 500, total },
      { name: 'object-facts', done: 1_000, total },
      { name: 'object-facts', done: total, total },
    ]);
    const count = (table: string) =>
      Number(database.prepare(`SELECT count(*) AS n FROM ${table}`).get([])?.['n']);
    expect(count('shape')).toBeLessThan(60);
    // A date, two Names, the shape; and what few have.
    expect(count('object_entry')).toBeLessThan(4.2 * COUNT);
    expect(count('entry_object')).toBe(count('object_entry'));
    expect(
      count(`(SELECT object_rowid, fact_id, value FROM object_entry
        EXCEPT SELECT object_rowid, fact_id, value FROM entry_object)`),
    ).toBe(0);
    expect(() => count('object_index')).toThrow(/no such table/);
    expect(database.prepare('PRAGMA integrity_check').get([])).toMatchObject({
      integrity_check: 'ok',
    });
  });

  it('stays as it was when the migration is cut off', async () => {
    const database = openSqliteDatabase(await aDatabaseOfVersion6(), { readOnly: false });
    onTestFinished(() => database.close());
    const cutOff = (progress: MigrationProgress) => {
      if (progress.done > 0) throw new Error('The power is gone.');
    };
    expect(() => migrate(database, migrations, 2_000, cutOff)).toThrow('The power is gone.');
    const row = database.prepare('SELECT count(*) AS n FROM schema_migration').get([]);
    expect(row).toMatchObject({ n: BEFORE.length });
    expect(() => database.prepare('SELECT * FROM fact')).toThrow(/no such table/);
    migrate(database, migrations, 3_000);
    expect(database.prepare('SELECT count(*) AS n FROM object_entry').get([])).not.toEqual({
      n: 0,
    });
  });
});
