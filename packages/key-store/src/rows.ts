/** Rows of the database to records. A column of another type than expected is damage: `corrupt`. */

import type { CheckpointRecord, SinkCursor } from './log-records.ts';
import type {
  AdapterRecord,
  CertificateRecord,
  EventRecord,
  IndexEntry,
  IndexValue,
  RootKeyRecord,
  RootKeyState,
} from './records.ts';
import type { SqliteRow } from './sqlite-driver.ts';
import { StoreError } from './store.ts';
import type { FoundObject } from './thread-messages.ts';

/** Columns of `object` without those of its index and names. */
export interface ObjectRow {
  readonly objectRowid: number;
  readonly id: string;
  readonly adapterId: string;
  readonly version: number;
  readonly objectType: string;
  readonly attributes: Uint8Array;
  readonly material: Uint8Array | null;
  readonly createdAt: number;
  readonly owner?: string | undefined;
}

export function parseObjectRow(row: SqliteRow): ObjectRow {
  return {
    objectRowid: integerColumn(row, 'object_rowid'),
    id: textColumn(row, 'id'),
    adapterId: textColumn(row, 'adapter_id'),
    version: integerColumn(row, 'version'),
    objectType: textColumn(row, 'object_type'),
    attributes: bytesColumn(row, 'attributes'),
    material: nullableBytesColumn(row, 'material'),
    createdAt: integerColumn(row, 'created_at'),
    ...presentOf({ owner: nullableTextColumn(row, 'owner') }),
  };
}

/** Its bytes are those of the row: whoever keeps them copies them. */
export function parseFoundObjectRow(row: SqliteRow): FoundObject {
  const owner = nullableTextColumn(row, 'owner');
  return {
    version: integerColumn(row, 'version'),
    objectType: textColumn(row, 'object_type'),
    attributes: viewColumn(row, 'attributes'),
    material: row['material'] === null ? null : viewColumn(row, 'material'),
    createdAt: integerColumn(row, 'created_at'),
    ...(owner !== null && { owner }),
  };
}

export function parseIndexRow(row: SqliteRow): IndexEntry {
  return { name: textColumn(row, 'name'), value: indexValueColumn(row, 'value') };
}

export function parseSharedIndexRow(row: SqliteRow): IndexEntry {
  return { ...parseIndexRow(row), shared: true };
}

export function parseAdapterRow(row: SqliteRow): AdapterRecord {
  return {
    id: textColumn(row, 'id'),
    name: textColumn(row, 'name'),
    description: nullableTextColumn(row, 'description'),
    rootKeyId: textColumn(row, 'root_key_id'),
    wrappedKey: bytesColumn(row, 'wrapped_key'),
    createdAt: integerColumn(row, 'created_at'),
    ...presentOf({
      createdBy: nullableTextColumn(row, 'created_by'),
      updatedAt: nullableIntegerColumn(row, 'updated_at'),
      updatedBy: nullableTextColumn(row, 'updated_by'),
      profile: nullableTextColumn(row, 'profile'),
    }),
  };
}

export function parseCertificateRow(row: SqliteRow): CertificateRecord {
  return {
    id: textColumn(row, 'id'),
    adapterId: textColumn(row, 'adapter_id'),
    name: textColumn(row, 'name'),
    pem: textColumn(row, 'pem'),
    fingerprintSha256: textColumn(row, 'fingerprint_sha256'),
    fingerprintSha1: textColumn(row, 'fingerprint_sha1'),
    subject: textColumn(row, 'subject'),
    notBefore: integerColumn(row, 'not_before'),
    notAfter: integerColumn(row, 'not_after'),
    createdAt: integerColumn(row, 'created_at'),
    ...presentOf({ createdBy: nullableTextColumn(row, 'created_by') }),
  };
}

export function parseRootKeyRow(row: SqliteRow): RootKeyRecord {
  return {
    id: textColumn(row, 'id'),
    name: textColumn(row, 'name'),
    state: rootKeyStateColumn(row, 'state'),
    wrappedKey: bytesColumn(row, 'wrapped_key'),
    createdAt: integerColumn(row, 'created_at'),
  };
}

export function parseEventRow(row: SqliteRow): EventRecord {
  return {
    sequence: integerColumn(row, 'sequence'),
    id: textColumn(row, 'id'),
    time: integerColumn(row, 'time'),
    action: textColumn(row, 'action'),
    outcome: textColumn(row, 'outcome'),
    severity: textColumn(row, 'severity'),
    initiatorId: textColumn(row, 'initiator_id'),
    targetId: textColumn(row, 'target_id'),
    adapterId: nullableTextColumn(row, 'adapter_id'),
    correlationId: nullableTextColumn(row, 'correlation_id'),
    body: textColumn(row, 'body'),
  };
}

export function parseCheckpointRow(row: SqliteRow): CheckpointRecord {
  return {
    size: integerColumn(row, 'size'),
    note: textColumn(row, 'note'),
    frontier: bytesColumn(row, 'frontier'),
    isSuccession: booleanColumn(row, 'is_succession'),
    createdAt: integerColumn(row, 'created_at'),
  };
}

export function parseSinkCursorRow(row: SqliteRow): SinkCursor {
  return {
    name: textColumn(row, 'name'),
    sequence: integerColumn(row, 'sequence'),
    updatedAt: integerColumn(row, 'updated_at'),
  };
}

export function textColumn(row: SqliteRow, column: string): string {
  const value = row[column];
  if (typeof value !== 'string') throw damaged(column, 'a text');
  return value;
}

export function integerColumn(row: SqliteRow, column: string): number {
  const value = row[column];
  if (typeof value !== 'number' || !Number.isSafeInteger(value)) {
    throw damaged(column, 'a whole number below 2^53');
  }
  return value;
}

/** 0 or 1. */
export function booleanColumn(row: SqliteRow, column: string): boolean {
  const value = row[column];
  if (value !== 0 && value !== 1) throw damaged(column, '0 or 1');
  return value === 1;
}

export function nullableTextColumn(row: SqliteRow, column: string): string | null {
  return row[column] === null ? null : textColumn(row, column);
}

export function nullableIntegerColumn(row: SqliteRow, column: string): number | null {
  return row[column] === null ? null : integerColumn(row, column);
}

export function nullableBytesColumn(row: SqliteRow, column: string): Uint8Array | null {
  return row[column] === null ? null : bytesColumn(row, column);
}

/** The entries that are not null: what was absent in a record is absent in what comes back. */
export function presentOf<T extends object>(
  entries: T,
): { readonly [K in keyof T]?: Exclude<T[K], null> } {
  // Only entries of `entries` are left, and of these none is null: what the type says.
  return Object.fromEntries(Object.entries(entries).filter(([, value]) => value !== null)) as {
    readonly [K in keyof T]?: Exclude<T[K], null>;
  };
}

/** A copy in memory of its own: it travels between threads without what lay beside it. */
export function bytesColumn(row: SqliteRow, column: string): Uint8Array {
  return new Uint8Array(viewColumn(row, column));
}

function viewColumn(row: SqliteRow, column: string): Uint8Array {
  const value = row[column];
  if (!(value instanceof Uint8Array)) throw damaged(column, 'bytes');
  return value;
}

export function indexValueColumn(row: SqliteRow, column: string): IndexValue {
  const value = row[column];
  if (typeof value !== 'string' && typeof value !== 'number') {
    throw damaged(column, 'a text or a number');
  }
  return value;
}

export function rootKeyStateColumn(row: SqliteRow, column: string): RootKeyState {
  const value = row[column];
  if (value === 'enabled' || value === 'disabled' || value === 'deleted') return value;
  throw damaged(column, 'the state of a root key');
}

export function damaged(column: string, expected: string): StoreError {
  return new StoreError(
    'corrupt',
    `The database is damaged: a column ${column} does not hold ${expected}. Restore it from a backup.`,
  );
}
