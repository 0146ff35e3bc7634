/** Writes the search index of version 6 anew, in the form of version 7. */
import { createObjectShapes, type ObjectShapes, SHAPE_FACT } from './object-shapes.ts';
import { indexValueColumn, integerColumn, textColumn } from './rows.ts';
import type { SqliteDatabase } from './sqlite-driver.ts';

/** Objects that are read at a time. */
const PAGE = 500;
/** What was shared nobody had written down: names of few values, each of many objects, it is. */
const MAX_SHARED_VALUES = 16;
const MIN_OBJECTS_OF_A_SHARED_VALUE = 8;

/** A name of entries, in an adapter. */
interface Fact {
  readonly adapterId: string;
  readonly name: string;
  readonly id: number;
  readonly isShared: boolean;
}

/** @param report - Told how many of all objects were read; not all of the time is over with the last. */
export function convertObjectIndex(
  database: SqliteDatabase,
  report: (done: number, total: number) => void,
): void {
  const shapes = createObjectShapes(database);
  const facts = findFacts(database, shapes);
  writeObjects(database, shapes, facts, report);
  // Apart, in the order of values: rows written in the order of objects would each go to a page of its own.
  const insertOfValue = database.prepare(
    'INSERT INTO entry_object (fact_id, value, object_rowid) ' +
      'SELECT ?, value, object_rowid FROM object_index WHERE adapter_id = ? AND name = ? ' +
      'ORDER BY value, object_rowid',
  );
  for (const { id, adapterId, name, isShared } of facts.toSorted((a, b) => a.id - b.id)) {
    if (!isShared) insertOfValue.run([id, adapterId, name]);
  }
  // The old index held no sealed material: its pages need no zeroing, which would write all of them.
  database.exec('PRAGMA secure_delete = OFF; DROP TABLE object_index; PRAGMA secure_delete = ON;');
}

/** The names of the old index, without reading it all: each is one step in the index by value. */
function findFacts(database: SqliteDatabase, shapes: ObjectShapes): readonly Fact[] {
  const nextName = database.prepare(
    'SELECT adapter_id, name FROM object_index WHERE (adapter_id, name) > (?, ?) ' +
      'ORDER BY adapter_id, name LIMIT 1',
  );
  const nextValue = database.prepare(
    'SELECT value FROM object_index WHERE adapter_id = ? AND name = ? AND value > ? ' +
      'ORDER BY value LIMIT 1',
  );
  const countEntries = database.prepare(
    'SELECT count(*) AS entries FROM ' +
      '(SELECT 1 FROM object_index WHERE adapter_id = ? AND name = ? LIMIT ?)',
  );

  function isShared(adapterId: string, name: string): boolean {
    let values = 0;
    // Numbers come before texts; no entry has the smallest of them all.
    let value: number | string = -Infinity;
    for (;;) {
      const row = nextValue.get([adapterId, name, value]);
      if (row === undefined) break;
      value = indexValueColumn(row, 'value');
      values += 1;
      if (values > MAX_SHARED_VALUES) return false;
    }
    const enough = values * MIN_OBJECTS_OF_A_SHARED_VALUE;
    const row = countEntries.get([adapterId, name, enough]);
    return integerColumn(row ?? {}, 'entries') === enough;
  }

  const facts: Fact[] = [];
  let last = nextName.get(['', '']);
  while (last !== undefined) {
    const adapterId = textColumn(last, 'adapter_id');
    const name = textColumn(last, 'name');
    const id = shapes.factOf(adapterId, name);
    facts.push({ adapterId, name, id, isShared: isShared(adapterId, name) });
    last = nextName.get([adapterId, name]);
  }
  return facts;
}

/** Gives each object its shape, and the rows that stand in the order of objects. */
function writeObjects(
  database: SqliteDatabase,
  shapes: ObjectShapes,
  facts: readonly Fact[],
  report: (done: number, total: number) => void,
): void {
  const shared = new Set(facts.filter((fact) => fact.isShared).map((fact) => fact.id));
  const readTotal = database.prepare('SELECT coalesce(max(object_rowid), 0) AS total FROM object');
  const readPage = database.prepare(
    'SELECT object_rowid, adapter_id FROM object WHERE object_rowid > ? ORDER BY object_rowid LIMIT ?',
  );
  const readEntries = database.prepare(
    'SELECT name, value FROM object_index WHERE object_rowid = ?',
  );
  const insertOfObject = database.prepare(
    'INSERT INTO object_entry (object_rowid, fact_id, value) VALUES (?, ?, ?)',
  );
  const insertOfValue = database.prepare(
    'INSERT INTO entry_object (object_rowid, fact_id, value) VALUES (?, ?, ?)',
  );
  const total = integerColumn(readTotal.get([]) ?? {}, 'total');
  let rowid = 0;
  for (;;) {
    const page = readPage.all([rowid, PAGE]);
    for (const object of page) {
      rowid = integerColumn(object, 'object_rowid');
      const adapterId = textColumn(object, 'adapter_id');
      const entries = readEntries.all([rowid]).map((row) => {
        const name = textColumn(row, 'name');
        const value = indexValueColumn(row, 'value');
        return shared.has(shapes.factOf(adapterId, name))
          ? { name, value, shared: true as const }
          : { name, value };
      });
      for (const { factId, value } of shapes.rowsOf(adapterId, entries)) {
        insertOfObject.run([rowid, factId, value]);
        // The shape, and what is shared but found no room in one. The others follow in their order.
        const isOrdered = factId !== SHAPE_FACT && !shared.has(factId);
        if (!isOrdered) insertOfValue.run([rowid, factId, value]);
      }
    }
    if (page.length > 0) report(rowid, total);
    if (page.length < PAGE) return;
  }
}
