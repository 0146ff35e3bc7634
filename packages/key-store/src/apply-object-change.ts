import type { Attribution } from './management-records.ts';
import type { ObjectIndex } from './object-index.ts';
import type { ObjectRecord } from './records.ts';
import type { ChangeOf, Refusal } from './refusal.ts';
import { integerColumn, textColumn } from './rows.ts';
import type { WriteStatements } from './write-statements.ts';

export function insertObject(
  statements: WriteStatements,
  index: ObjectIndex,
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
  index.insert(rowid, object.adapterId, object.index);
  return insertNames(statements, rowid, object.adapterId, new Set(object.uniqueNames));
}

export function updateObject(
  statements: WriteStatements,
  index: ObjectIndex,
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
  index.replace(rowid, adapterId, object.index);
  return replaceNames(statements, rowid, object);
}

function columnsOf(by: Attribution | undefined) {
  return {
    actor: by?.actor ?? null,
    certificateId: by?.certificateId ?? null,
    authorityId: by?.authorityId ?? null,
    fingerprintSha256: by?.fingerprintSha256 ?? null,
  };
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
