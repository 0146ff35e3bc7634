import type { Attribution } from './management-records.ts';
import type { IndexEntry, ObjectRecord } from './records.ts';
import type { ChangeOf, Refusal } from './refusal.ts';
import { integerColumn, parseIndexRow, textColumn } from './rows.ts';
import type { WriteStatements } from './write-statements.ts';

export function insertObject(
  statements: WriteStatements,
  { object, by }: ChangeOf<'insert-object'>,
): Refusal | undefined {
  if (statements.findAdapter.get({ id: object.adapterId }) === undefined) {
    return { kind: 'not-found', what: 'adapter' };
  }
  const row = statements.insertObject.get({
    ...object,
    ...columnsOf(by),
    owner: object.owner ?? null,
  });
  if (row === undefined) return { kind: 'duplicate', what: 'object-id' };
  const rowid = integerColumn(row, 'object_rowid');
  insertIndex(statements, rowid, object.adapterId, distinct(object.index).values());
  return insertNames(statements, rowid, object.adapterId, new Set(object.uniqueNames));
}

export function updateObject(
  statements: WriteStatements,
  { object, by, destroyed }: ChangeOf<'update-object'>,
): Refusal | undefined {
  const { id, adapterId, version } = object;
  const row = statements.updateObject.get({ ...object, storedVersion: version - 1 });
  if (row === undefined) {
    return statements.findObjectVersion.get({ id, adapterId }) === undefined
      ? { kind: 'not-found', what: 'object' }
      : { kind: 'conflict', id };
  }
  const rowid = integerColumn(row, 'object_rowid');
  if (by !== undefined) {
    const columns = { rowid, at: by.at, ...columnsOf(by) };
    statements.attributeUpdate.run(columns);
    if (destroyed) statements.attributeDestruction.run(columns);
  }
  return replaceFacts(statements, rowid, object);
}

function columnsOf(by: Attribution | undefined) {
  return {
    actor: by?.actor ?? null,
    certificateId: by?.certificateId ?? null,
    authorityId: by?.authorityId ?? null,
    fingerprintSha256: by?.fingerprintSha256 ?? null,
  };
}

/** Makes names and index those of `object`; rows that stay are not touched, which spares the log. */
function replaceFacts(
  statements: WriteStatements,
  rowid: number,
  object: ObjectRecord,
): Refusal | undefined {
  replaceIndex(statements, rowid, object);
  return replaceNames(statements, rowid, object);
}

function replaceIndex(statements: WriteStatements, rowid: number, object: ObjectRecord): void {
  const wanted = distinct(object.index);
  for (const stored of statements.listIndex.all({ rowid }).map(parseIndexRow)) {
    if (!wanted.delete(keyOf(stored))) statements.deleteIndex.run({ rowid, ...stored });
  }
  insertIndex(statements, rowid, object.adapterId, wanted.values());
}

function insertIndex(
  statements: WriteStatements,
  rowid: number,
  adapterId: string,
  entries: Iterable<IndexEntry>,
): void {
  for (const { name, value } of entries) {
    statements.insertIndex.run({ rowid, adapterId, name, value });
  }
}

function replaceNames(
  statements: WriteStatements,
  rowid: number,
  object: ObjectRecord,
): Refusal | undefined {
  const { adapterId } = object;
  const wanted = new Set(object.uniqueNames);
  for (const row of statements.listNames.all({ rowid })) {
    const name = textColumn(row, 'name');
    if (!wanted.delete(name)) statements.deleteName.run({ adapterId, name });
  }
  return insertNames(statements, rowid, adapterId, wanted);
}

function insertNames(
  statements: WriteStatements,
  rowid: number,
  adapterId: string,
  names: ReadonlySet<string>,
): Refusal | undefined {
  for (const name of names) {
    const inserted = statements.insertName.run({ rowid, adapterId, name });
    if (inserted === 0) return { kind: 'duplicate', what: 'object-name' };
  }
  return undefined;
}

/** An entry stands in the index once. */
function distinct(entries: readonly IndexEntry[]): Map<string, IndexEntry> {
  return new Map(entries.map((entry) => [keyOf(entry), entry]));
}

/** The type keeps the text "1" apart from the number 1, the length where the name ends. */
function keyOf({ name, value }: IndexEntry): string {
  return `${typeof value}:${name.length}:${name}${value}`;
}
