/**
 * The search index, as the writer keeps it: each object has the rows of `object-shapes.ts`, once in the
 * order of objects, from which they are deleted and looked up, and once in the order of values.
 */
import { createObjectShapes, type EntryRow } from './object-shapes.ts';
import type { IndexEntry } from './records.ts';
import { indexValueColumn, integerColumn } from './rows.ts';
import type { SqliteDatabase } from './sqlite-driver.ts';

export interface ObjectIndex {
  insert(rowid: number, adapterId: string, entries: readonly IndexEntry[]): void;
  /** Makes `entries` those of the object; rows that stay are not touched, which spares the log. */
  replace(rowid: number, adapterId: string, entries: readonly IndexEntry[]): void;
  /** To be called after a rollback. */
  forget(): void;
}

/** Works in the transaction that is open. */
export function createObjectIndex(database: SqliteDatabase): ObjectIndex {
  const shapes = createObjectShapes(database);
  const listRows = database.prepare(
    'SELECT fact_id, value FROM object_entry WHERE object_rowid = ?',
  );
  const insertOfObject = database.prepare(
    'INSERT INTO object_entry (object_rowid, fact_id, value) VALUES (?, ?, ?)',
  );
  const insertOfValue = database.prepare(
    'INSERT INTO entry_object (object_rowid, fact_id, value) VALUES (?, ?, ?)',
  );
  const deleteOfObject = database.prepare(
    'DELETE FROM object_entry WHERE object_rowid = ? AND fact_id = ? AND value = ?',
  );
  const deleteOfValue = database.prepare(
    'DELETE FROM entry_object WHERE object_rowid = ? AND fact_id = ? AND value = ?',
  );

  function insertRows(rowid: number, rows: Iterable<EntryRow>): void {
    for (const { factId, value } of rows) {
      insertOfObject.run([rowid, factId, value]);
      insertOfValue.run([rowid, factId, value]);
    }
  }

  return {
    insert: (rowid, adapterId, entries) => insertRows(rowid, shapes.rowsOf(adapterId, entries)),

    replace(rowid, adapterId, entries) {
      const wanted = new Map(shapes.rowsOf(adapterId, entries).map((row) => [keyOf(row), row]));
      for (const stored of listRows.all([rowid])) {
        const factId = integerColumn(stored, 'fact_id');
        const value = indexValueColumn(stored, 'value');
        if (wanted.delete(keyOf({ factId, value }))) continue;
        deleteOfObject.run([rowid, factId, value]);
        deleteOfValue.run([rowid, factId, value]);
      }
      insertRows(rowid, wanted.values());
    },

    forget: shapes.forget,
  };
}

/** The type keeps the text "1" apart from the number 1. */
function keyOf({ factId, value }: EntryRow): string {
  return `${factId}:${typeof value}:${value}`;
}
