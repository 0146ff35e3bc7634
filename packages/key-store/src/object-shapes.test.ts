import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { anObject, aPrincipal, aUnit } from './key-store.fixtures.ts';
import { MAX_SHAPES } from './object-shapes.ts';
import type { IndexEntry, Predicate } from './records.ts';
import { openSqliteDatabase } from './sqlite-driver.ts';
import { openSqliteKeyStore } from './sqlite-store.ts';
import { temporaryDirectory } from './temporary-directory.fixtures.ts';
import type { Change } from './unit-of-work.ts';

const shared = (name: string, value: string | number): IndexEntry => ({
  name,
  value,
  shared: true,
});
const equals = (name: string, value: string | number): Predicate => ({
  kind: 'equals',
  name,
  value,
});

async function aStore() {
  const path = join(await temporaryDirectory(), 'a.db');
  const store = await openSqliteKeyStore({ path });
  onTestFinished(() => store.close());
  const { changes, adapter } = aPrincipal();
  await store.commit(aUnit({ changes }));
  const insert = async (...indexes: readonly IndexEntry[][]) => {
    const objects = indexes.map((index) => anObject({ adapterId: adapter.id, index }));
    const inserts = objects.map((object): Change => ({ kind: 'insert-object', object }));
    expect(await store.commit(aUnit({ changes: inserts }))).toMatchObject({ kind: 'committed' });
    return objects;
  };
  const locate = async (where: Predicate) =>
    (await store.locateObjects(adapter.id, { where, offset: 0, limit: 10 })).ids;
  const count = (table: string): unknown => {
    const database = openSqliteDatabase(path, { readOnly: true });
    const row = database.prepare(`SELECT count(*) AS n FROM ${table}`).get([]);
    database.close();
    return row?.['n'];
  };
  return { store, insert, locate, count };
}

it('keeps what objects share once, in whichever order it is given', async () => {
  const { insert, count } = await aStore();
  const [type, state] = [shared('Type', 'Key'), shared('State', 'Active')];
  await insert(
    [type, state, { name: 'Name', value: 'a' }],
    [{ name: 'Name', value: 'b' }, state, type],
  );
  expect(count('shape')).toBe(1);
  // Of each object its Name, and its shape.
  expect(count('object_entry')).toBe(4);
  expect(count('entry_object')).toBe(4);
});

it('finds objects of more shapes than there is room for, newest first, and changes them', async () => {
  const { store, insert, locate, count } = await aStore();
  const indexes = Array.from({ length: MAX_SHAPES + 3 }, (_, position) => [
    shared('Kind', position % 2),
    shared('Length', position),
    { name: 'Place', value: position },
  ]);
  const objects = await insert(...indexes);
  // And one that stands for all the others.
  expect(count('shape')).toBe(MAX_SHAPES + 1);
  const idAt = (position: number) => objects[position]?.id;

  for (const position of [0, MAX_SHAPES - 1, MAX_SHAPES, MAX_SHAPES + 2]) {
    expect(await locate(equals('Length', position))).toEqual([idAt(position)]);
    expect(
      await locate({ kind: 'and', of: [equals('Place', position), equals('Kind', position % 2)] }),
    ).toEqual([idAt(position)]);
  }
  const even = await locate(equals('Kind', 0));
  expect(even).toHaveLength(10);
  expect(even.slice(0, 3)).toEqual([MAX_SHAPES + 2, MAX_SHAPES, MAX_SHAPES - 2].map(idAt));
  expect(await locate({ kind: 'range', name: 'Length', from: MAX_SHAPES - 1 })).toEqual(
    [3, 2, 1, 0].map((above) => idAt(MAX_SHAPES - 1 + above)),
  );
  expect(
    (await locate({ kind: 'not', of: { kind: 'range', name: 'Length', to: MAX_SHAPES } })).length,
  ).toBe(2);

  const last = objects.at(-1);
  if (last === undefined) throw new Error('There is no object.');
  const changed = { ...last, version: 2, index: [shared('Kind', 0), shared('Length', 0)] };
  await store.commit(aUnit({ changes: [{ kind: 'update-object', object: changed }] }));
  expect(await locate(equals('Length', 0))).toEqual([last.id, idAt(0)]);
  expect(await locate(equals('Place', MAX_SHAPES + 2))).toEqual([]);
});

it('gives names and shapes anew when the unit that brought them was rolled back', async () => {
  const { store, insert, locate } = await aStore();
  const [taken] = await insert([]);
  if (taken === undefined) throw new Error('There is no object.');
  const index = [shared('New', 1), { name: 'Newer', value: 2 }];
  const refused = aUnit({
    changes: [
      { kind: 'insert-object', object: anObject({ adapterId: taken.adapterId, index }) },
      { kind: 'insert-object', object: taken },
    ],
  });
  expect(await store.commit(refused)).toMatchObject({ kind: 'duplicate' });
  const [other, object] = await insert([shared('Other', 1)], index);
  expect(await locate(equals('New', 1))).toEqual([object?.id]);
  expect(await locate(equals('Newer', 2))).toEqual([object?.id]);
  expect(await locate(equals('Other', 1))).toEqual([other?.id]);
});
