/**
 * Applies one change inside the open transaction. A refusal is answered, not thrown; the caller rolls
 * the unit back. Uniqueness is decided by the constraints of the tables, so that what another
 * process wrote counts as well.
 */
import { integerColumn, parseIndexRow, textColumn } from './rows.ts';
import type {
  AdapterRecord,
  CertificateRecord,
  Change,
  CommitOutcome,
  IndexEntry,
  ObjectRecord,
  RootKeyRecord,
  RootKeyState,
} from './store.ts';
import { unreachable } from './unreachable.ts';
import type { WriteStatements } from './write-statements.ts';

/** Why a unit did not happen. */
export type Refusal = Exclude<CommitOutcome, { readonly kind: 'committed' }>;

/** @returns undefined when the change was applied. */
export function applyChange(statements: WriteStatements, change: Change): Refusal | undefined {
  switch (change.kind) {
    case 'insert-object':
      return insertObject(statements, change.object);
    case 'update-object':
      return updateObject(statements, change.object);
    case 'insert-adapter':
      return insertAdapter(statements, change.adapter);
    case 'delete-adapter':
      return deleteAdapter(statements, change.id);
    case 'insert-certificate':
      return insertCertificate(statements, change.certificate);
    case 'delete-certificate':
      return deleteCertificate(statements, change.id);
    case 'insert-root-key':
      return insertRootKey(statements, change.rootKey);
    case 'set-root-key-state':
      return setRootKeyState(statements, change.id, change.state);
    default:
      return unreachable(change, 'change');
  }
}

function insertObject(statements: WriteStatements, object: ObjectRecord): Refusal | undefined {
  if (statements.findAdapter.get({ id: object.adapterId }) === undefined) {
    return { kind: 'not-found', what: 'adapter' };
  }
  const row = statements.insertObject.get(object);
  if (row === undefined) return { kind: 'duplicate', what: 'object-id' };
  return replaceFacts(statements, integerColumn(row, 'object_rowid'), object);
}

function updateObject(statements: WriteStatements, object: ObjectRecord): Refusal | undefined {
  const { id, adapterId, version } = object;
  const row = statements.updateObject.get({ ...object, storedVersion: version - 1 });
  if (row === undefined) {
    return statements.findObjectVersion.get({ id, adapterId }) === undefined
      ? { kind: 'not-found', what: 'object' }
      : { kind: 'conflict', id };
  }
  return replaceFacts(statements, integerColumn(row, 'object_rowid'), object);
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
  const wanted = new Map(object.index.map((entry) => [keyOf(entry), entry]));
  for (const stored of statements.listIndex.all({ rowid }).map(parseIndexRow)) {
    if (!wanted.delete(keyOf(stored))) statements.deleteIndex.run({ rowid, ...stored });
  }
  const { adapterId } = object;
  for (const { name, value } of wanted.values()) {
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
  for (const name of wanted) {
    const inserted = statements.insertName.run({ rowid, adapterId, name });
    if (inserted === 0) return { kind: 'duplicate', what: 'object-name' };
  }
  return undefined;
}

/** JSON keeps the text "1" apart from the number 1. */
function keyOf(entry: IndexEntry): string {
  return JSON.stringify([entry.name, entry.value]);
}

function insertAdapter(statements: WriteStatements, adapter: AdapterRecord): Refusal | undefined {
  if (statements.findRootKeyState.get({ id: adapter.rootKeyId }) === undefined) {
    return { kind: 'not-found', what: 'root-key' };
  }
  return statements.insertAdapter.run(adapter) === 0
    ? { kind: 'duplicate', what: 'adapter-name' }
    : undefined;
}

function deleteAdapter(statements: WriteStatements, id: string): Refusal | undefined {
  const used =
    statements.findCertificateOfAdapter.get({ id }) !== undefined ||
    statements.findObjectOfAdapter.get({ id }) !== undefined;
  if (used) return { kind: 'in-use', what: 'adapter' };
  return statements.deleteAdapter.run({ id }) === 0
    ? { kind: 'not-found', what: 'adapter' }
    : undefined;
}

function insertCertificate(
  statements: WriteStatements,
  certificate: CertificateRecord,
): Refusal | undefined {
  if (statements.findAdapter.get({ id: certificate.adapterId }) === undefined) {
    return { kind: 'not-found', what: 'adapter' };
  }
  return statements.insertCertificate.run(certificate) === 0
    ? { kind: 'duplicate', what: 'certificate' }
    : undefined;
}

function deleteCertificate(statements: WriteStatements, id: string): Refusal | undefined {
  return statements.deleteCertificate.run({ id }) === 0
    ? { kind: 'not-found', what: 'certificate' }
    : undefined;
}

function insertRootKey(statements: WriteStatements, rootKey: RootKeyRecord): Refusal | undefined {
  return statements.insertRootKey.run(rootKey) === 0
    ? { kind: 'duplicate', what: 'root-key' }
    : undefined;
}

function setRootKeyState(
  statements: WriteStatements,
  id: string,
  state: RootKeyState,
): Refusal | undefined {
  return statements.setRootKeyState.run({ id, state }) === 0
    ? { kind: 'not-found', what: 'root-key' }
    : undefined;
}
