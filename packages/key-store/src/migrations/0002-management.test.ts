import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import {
  aCertificate,
  anAdapter,
  anEvent,
  anObject,
  aPrincipal,
  aUnit,
} from '../key-store.fixtures.ts';
import { migrate } from '../migrate.ts';
import { openSqliteDatabase, type SqliteDatabase } from '../sqlite-driver.ts';
import { openSqliteKeyStore, type SqliteKeyStore } from '../sqlite-store.ts';
import { temporaryDirectory } from '../temporary-directory.fixtures.ts';
import type { Change } from '../unit-of-work.ts';
import { initial } from './0001-initial.ts';

const ROOT_KEY = aPrincipal().rootKey;
const ADAPTERS = [1_000, 2_000].map((createdAt) =>
  anAdapter({ rootKeyId: ROOT_KEY.id, createdAt, description: `made at ${createdAt}` }),
);
const OBJECTS = ADAPTERS.flatMap(({ id: adapterId }) =>
  Array.from({ length: 20 }, (_, position) =>
    anObject({
      adapterId,
      createdAt: 3_000 + position,
      index: [{ name: 'Position', value: position }],
      uniqueNames: [`vm-${position}`],
    }),
  ),
);
const CERTIFICATES = ADAPTERS.flatMap(({ id: adapterId }) =>
  [30, 10, 20].map((createdAt) => aCertificate({ adapterId, createdAt, name: 'vcenter' })),
);

/** A database as version 1 left it, filled, and closed. */
async function aDatabaseOfVersion1(): Promise<string> {
  const path = join(await temporaryDirectory(), 'a.db');
  writeFileSync(path, '');
  const database = openSqliteDatabase(path, { readOnly: false });
  database.exec('PRAGMA journal_mode = wal; PRAGMA foreign_keys = ON');
  migrate(database, [initial], 1_000);
  fill(database);
  database.close();
  return path;
}

function fill(database: SqliteDatabase): void {
  const insert = (table: string, values: readonly (string | number | Uint8Array | null)[]) =>
    database
      .prepare(`INSERT INTO ${table} VALUES (${values.map(() => '?').join(', ')})`)
      .run(values);
  const { id, name, state, wrappedKey, createdAt } = ROOT_KEY;
  insert('root_key', [id, name, state, wrappedKey, createdAt]);
  insert('setting', ['instance', 'kept']);
  for (const it of ADAPTERS) {
    insert('adapter', [it.id, it.name, it.description, it.rootKeyId, it.wrappedKey, it.createdAt]);
  }
  for (const it of CERTIFICATES) {
    insert('certificate', [
      it.id,
      it.adapterId,
      it.name,
      it.pem,
      it.fingerprintSha256,
      it.fingerprintSha1,
      it.subject,
      it.notBefore,
      it.notAfter,
      it.createdAt,
    ]);
  }
  OBJECTS.forEach((it, position) => {
    const rowid = position + 1;
    insert('object', [
      rowid,
      it.id,
      it.adapterId,
      it.version,
      it.objectType,
      it.attributes,
      it.material,
      it.createdAt,
    ]);
    for (const entry of it.index) {
      insert('object_index', [rowid, entry.name, entry.value, it.adapterId]);
    }
    for (const uniqueName of it.uniqueNames) {
      insert('object_name', [it.adapterId, uniqueName, rowid]);
    }
  });
  insert('event', [1, 'event 1', 0, 'action', 'success', 'normal', 'a', 'b', null, null, '{}']);
}

async function openMigrated(path: string): Promise<SqliteKeyStore> {
  const store = await openSqliteKeyStore({ path });
  onTestFinished(() => store.close());
  return store;
}

describe('a database of version 1', () => {
  it('keeps its adapters, objects, root keys, settings and events', async () => {
    const store = await openMigrated(await aDatabaseOfVersion1());
    expect(await store.listAdapters()).toStrictEqual(ADAPTERS);
    expect(await store.listObjects(undefined, { offset: 0, limit: 100 })).toEqual(
      OBJECTS.toReversed(),
    );
    expect(await store.listRootKeys()).toStrictEqual([ROOT_KEY]);
    expect(await store.readSetting('instance')).toBe('kept');
    expect(await store.commit(aUnit({ events: [anEvent()] }))).toEqual({
      kind: 'committed',
      lastSequence: 2,
    });
    const where = { kind: 'equals', name: 'Position', value: 7 } as const;
    const found = await store.locateObjects(ADAPTERS[1]?.id ?? '', { where, offset: 0, limit: 9 });
    expect(found).toEqual({ ids: [OBJECTS[27]?.id], total: 1 });
  });

  it('lets the oldest of several certificates keep their name, and names the others apart', async () => {
    const store = await openMigrated(await aDatabaseOfVersion1());
    for (const { id: adapterId } of ADAPTERS) {
      const before = CERTIFICATES.filter((it) => it.adapterId === adapterId);
      const [late, oldest, middle] = before.map(({ id }) => id);
      const names = (await store.listCertificates(adapterId)).map(({ id, name }) => [id, name]);
      expect(names).toEqual([
        [oldest, 'vcenter'],
        [middle, `vcenter-${middle}`],
        [late, `vcenter-${late}`],
      ]);
    }
    const pems = (await store.listCertificates(undefined)).map(({ pem }) => pem);
    expect(pems).toEqual(CERTIFICATES.map(({ pem }) => pem));
  });

  it('has a first version of each root key, that can be rotated', async () => {
    const store = await openMigrated(await aDatabaseOfVersion1());
    const { id, wrappedKey, createdAt } = ROOT_KEY;
    const version = { id: 'second', wrappedKey: Uint8Array.of(9), createdAt: 9_000 };
    const rotation: Change = {
      kind: 'rotate-root-key',
      id,
      fromVersionId: id,
      version,
      adapters: ADAPTERS.map((adapter) => ({ id: adapter.id, wrappedKey: Uint8Array.of(8) })),
    };
    expect(await store.commit(aUnit({ changes: [rotation] }))).toMatchObject({ kind: 'committed' });
    expect(await store.pageRootKeyVersions(id, { offset: 0, limit: 9 })).toEqual({
      items: [version, { id, wrappedKey, createdAt }],
      total: 2,
    });
  });

  it('tells of its objects when they were made, and of nobody', async () => {
    const store = await openMigrated(await aDatabaseOfVersion1());
    const [object] = OBJECTS;
    const summary = await store.readObjectSummary(object?.adapterId ?? '', object?.id ?? '');
    expect(summary).toMatchObject({ created: { at: 3_000 }, updated: { at: 3_000 } });
    expect(summary?.destroyed).toBeUndefined();
  });

  it('still ties certificates and objects to adapters, and adapters to root keys', async () => {
    const path = await aDatabaseOfVersion1();
    await (await openMigrated(path)).close();
    const database = openSqliteDatabase(path, { readOnly: false });
    onTestFinished(() => database.close());
    database.exec('PRAGMA foreign_keys = ON');
    expect(database.prepare('PRAGMA foreign_key_check').all([])).toEqual([]);
    for (const table of ['adapter', 'root_key']) {
      expect(() => database.exec(`DELETE FROM ${table}`)).toThrow(/FOREIGN KEY/);
    }
    expect(database.prepare('PRAGMA integrity_check').get([])).toMatchObject({
      integrity_check: 'ok',
    });
  });

  it('stays as it was when the migration cannot end', async () => {
    const path = await aDatabaseOfVersion1();
    const database = openSqliteDatabase(path, { readOnly: false });
    // A table in the way of the last one that the migration makes.
    database.exec('CREATE TABLE client_authority (x TEXT)');
    database.close();
    await expect(openSqliteKeyStore({ path })).rejects.toMatchObject({ name: 'StoreError' });
    const after = openSqliteDatabase(path, { readOnly: false });
    onTestFinished(() => after.close());
    expect(after.prepare('SELECT count(*) AS n FROM schema_migration').get([])).toMatchObject({
      n: 1,
    });
    expect(after.prepare('SELECT count(*) AS n FROM adapter').get([])).toMatchObject({ n: 2 });
    expect(after.prepare('PRAGMA foreign_key_check').all([])).toEqual([]);
  });
});
