/**
 * The shapes of objects. Most of what an object is found by, it has in common with many others: its
 * type, its State, its flags. These *shared* entries, with the names of the entries that it has for
 * itself alone, are its shape, which is kept once. So a new object is a few rows, and a search sees by
 * the shape whether its objects can match at all.
 */
import { hash } from 'node:crypto';
import type { IndexEntry, IndexValue } from './records.ts';
import { integerColumn } from './rows.ts';
import type { SqliteDatabase } from './sqlite-driver.ts';

/** Stands for the name of the entry whose value is the object's shape. */
export const SHAPE_FACT = 0;

/**
 * How many shapes an adapter has: a search looks at each. Objects of further ones have a row for each
 * of their entries, and one shape together.
 */
export const MAX_SHAPES = 1024;

/** The digest of that one. */
const OPEN_SHAPE = '';

/** Names and shapes that are remembered; beyond, all are looked up again. */
const MAX_REMEMBERED = 16_384;

/** An entry of an object, with the number that stands for its name. */
export interface EntryRow {
  readonly factId: number;
  readonly value: IndexValue;
}

export interface ObjectShapes {
  /** What the object has rows for: its shape, and what is not in that. */
  rowsOf(adapterId: string, entries: readonly IndexEntry[]): readonly EntryRow[];
  /** The number of a name; given when there is none. */
  factOf(adapterId: string, name: string): number;
  /** To be called after a rollback: what was written last may be gone. */
  forget(): void;
}

/** Works in the transaction that is open. */
export function createObjectShapes(database: SqliteDatabase): ObjectShapes {
  const findFact = database.prepare('SELECT id FROM fact WHERE adapter_id = ? AND name = ?');
  const insertFact = database.prepare(
    'INSERT INTO fact (adapter_id, name) VALUES (?, ?) RETURNING id',
  );
  const findShape = database.prepare('SELECT id FROM shape WHERE adapter_id = ? AND digest = ?');
  const countShapes = database.prepare('SELECT count(*) AS shapes FROM shape WHERE adapter_id = ?');
  const insertShape = database.prepare(
    'INSERT INTO shape (adapter_id, digest) VALUES (?, ?) RETURNING id',
  );
  const insertShapeEntry = database.prepare(
    'INSERT INTO shape_entry (fact_id, value, shape_id) VALUES (?, ?, ?)',
  );
  const insertShapeFact = database.prepare(
    'INSERT INTO shape_fact (fact_id, shape_id) VALUES (?, ?) ON CONFLICT DO NOTHING',
  );

  // What was given once is never changed or deleted, also not by another process.
  const facts = new Map<string, Map<string, number>>();
  const shapes = new Map<string, Map<string, number>>();
  let remembered = 0;

  function remember(all: Map<string, Map<string, number>>, adapterId: string, key: string) {
    return (id: number): number => {
      if (remembered >= MAX_REMEMBERED) forget();
      const known = all.get(adapterId);
      if (known === undefined) all.set(adapterId, new Map([[key, id]]));
      else known.set(key, id);
      remembered += 1;
      return id;
    };
  }

  function forget(): void {
    facts.clear();
    shapes.clear();
    remembered = 0;
  }

  function factOf(adapterId: string, name: string): number {
    const known = facts.get(adapterId)?.get(name);
    if (known !== undefined) return known;
    const row = findFact.get([adapterId, name]) ?? insertFact.get([adapterId, name]);
    return remember(facts, adapterId, name)(integerColumn(row ?? {}, 'id'));
  }

  /** @returns undefined when there is no room for another shape. */
  function shapeOf(
    adapterId: string,
    shared: readonly EntryRow[],
    own: readonly EntryRow[],
  ): number | undefined {
    const ownFacts = [...new Set(own.map(({ factId }) => factId))].sort((a, b) => a - b);
    const content = `${shared.map(textOf).sort().join(',')}|${ownFacts.join(',')}`;
    const known = shapes.get(adapterId)?.get(content);
    if (known !== undefined) return known;
    const digest = hash('sha256', content, 'hex');
    const row = findShape.get([adapterId, digest]);
    if (row !== undefined) return remember(shapes, adapterId, content)(integerColumn(row, 'id'));
    if (integerColumn(countShapes.get([adapterId]) ?? {}, 'shapes') >= MAX_SHAPES) return undefined;
    const id = integerColumn(insertShape.get([adapterId, digest]) ?? {}, 'id');
    for (const { factId, value } of shared) insertShapeEntry.run([factId, value, id]);
    for (const factId of ownFacts) insertShapeFact.run([factId, id]);
    return remember(shapes, adapterId, content)(id);
  }

  /** Says of each name that one of its objects may have it: then a search looks at them. */
  function openShape(adapterId: string, rows: readonly EntryRow[]): number {
    const row = findShape.get([adapterId, OPEN_SHAPE]) ?? insertShape.get([adapterId, OPEN_SHAPE]);
    const id = integerColumn(row ?? {}, 'id');
    for (const { factId } of rows) insertShapeFact.run([factId, id]);
    return id;
  }

  return {
    rowsOf(adapterId, entries) {
      const shared: EntryRow[] = [];
      const own: EntryRow[] = [];
      for (const { name, value, shared: isShared } of distinct(entries)) {
        (isShared ? shared : own).push({ factId: factOf(adapterId, name), value });
      }
      const shape = shapeOf(adapterId, shared, own);
      if (shape !== undefined) return [{ factId: SHAPE_FACT, value: shape }, ...own];
      const all = [...shared, ...own];
      return [{ factId: SHAPE_FACT, value: openShape(adapterId, all) }, ...all];
    },
    factOf,
    forget,
  };
}

/** An entry stands in the index once. */
function distinct(entries: readonly IndexEntry[]): Iterable<IndexEntry> {
  const names = new Set(entries.map(({ name }) => name));
  if (names.size === entries.length) return entries;
  // The type keeps the text "1" apart from the number 1, the length where the name ends.
  const keyOf = ({ name, value }: IndexEntry) => `${typeof value}:${name.length}:${name}${value}`;
  return new Map(entries.map((entry) => [keyOf(entry), entry])).values();
}

function textOf({ factId, value }: EntryRow): string {
  return `${factId}:${JSON.stringify(value)}`;
}
