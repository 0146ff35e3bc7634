/**
 * Brings a database to the schema of this version: numbered, forward only, each migration in one
 * transaction with its record in `schema_migration`. A newer schema is refused before a byte is written.
 */
import { createHash } from 'node:crypto';
import { rollBack } from './roll-back.ts';
import { integerColumn, textColumn } from './rows.ts';
import type { SqliteDatabase } from './sqlite-driver.ts';
import { StoreError } from './store.ts';

export interface Migration {
  /** From 1, without gaps. */
  readonly number: number;
  readonly name: string;
  readonly sql: string;
  /** What SQL alone cannot do, in the same transaction, in bounded memory. */
  readonly fill?: (database: SqliteDatabase, report: (done: number, total: number) => void) => void;
}

/** How far a migration is that reads all objects, which takes minutes in a large store. */
export interface MigrationProgress {
  readonly name: string;
  /** Objects, of `total`. */
  readonly done: number;
  readonly total: number;
}

/** "Clav": marks the file as a database of this program. */
const APPLICATION_ID = 0x436c6176;

const CREATE_MIGRATION_TABLE = `
PRAGMA application_id = ${APPLICATION_ID};
CREATE TABLE schema_migration (
  number INTEGER PRIMARY KEY,
  name TEXT NOT NULL,
  checksum TEXT NOT NULL,
  applied_at INTEGER NOT NULL
) STRICT;
`;

interface AppliedMigration {
  readonly number: number;
  readonly name: string;
  readonly checksum: string;
}

/**
 * Checks, without writing, that `database` is empty or written by this version or an older one.
 *
 * @throws StoreError `newer-version`, `corrupt` (a migration was applied with other content),
 * `cannot-open` (the tables are those of another program).
 */
export function checkSchema(database: SqliteDatabase, migrations: readonly Migration[]): void {
  readApplied(database, migrations);
}

/**
 * Applies what is missing. Safe when several processes do it at once: the others wait, then find it done.
 *
 * @param now - Milliseconds since the epoch; stands in the record of each migration.
 * @param onProgress - Told of long migrations, often.
 */
export function migrate(
  database: SqliteDatabase,
  migrations: readonly Migration[],
  now: number,
  onProgress: (progress: MigrationProgress) => void = () => {},
): void {
  // Usually there is nothing to do: then there is no waiting for a process that writes either.
  const missing = migrations.slice(readApplied(database, migrations).length);
  for (const migration of missing) {
    inTransaction(database, () => {
      const applied = readApplied(database, migrations);
      if (applied.length >= migration.number) return;
      const { name } = migration;
      if (migration.number === 1) database.exec(CREATE_MIGRATION_TABLE);
      database.exec(migration.sql);
      migration.fill?.(database, (done, total) => onProgress({ name, done, total }));
      database
        .prepare(
          'INSERT INTO schema_migration (number, name, checksum, applied_at) VALUES (?, ?, ?, ?)',
        )
        .run([migration.number, name, checksumOf(migration), now]);
    });
  }
}

function inTransaction(database: SqliteDatabase, action: () => void): void {
  database.exec('BEGIN IMMEDIATE');
  try {
    action();
    database.exec('COMMIT');
  } catch (error) {
    rollBack(database);
    throw error;
  }
}

function readApplied(
  database: SqliteDatabase,
  migrations: readonly Migration[],
): readonly AppliedMigration[] {
  const schema = database.prepare('SELECT count(*) AS entries FROM sqlite_schema').get([]);
  if (integerColumn(schema ?? {}, 'entries') === 0) return [];
  const owner = database.prepare('PRAGMA application_id').get([]);
  if (integerColumn(owner ?? {}, 'application_id') !== APPLICATION_ID) {
    throw new StoreError(
      'cannot-open',
      'The file is a database of another program. Name another path for the key store.',
    );
  }
  const applied = database
    .prepare('SELECT number, name, checksum FROM schema_migration ORDER BY number')
    .all([])
    .map((row) => ({
      number: integerColumn(row, 'number'),
      name: textColumn(row, 'name'),
      checksum: textColumn(row, 'checksum'),
    }));
  const newest = applied.at(-1)?.number ?? 0;
  if (newest > migrations.length) {
    throw new StoreError(
      'newer-version',
      `The database has schema version ${newest}; this version of Claviger knows up to ${migrations.length}. ` +
        'Run the version that wrote it, or a newer one. Nothing was changed.',
    );
  }
  applied.forEach((found, position) => {
    const expected = migrations[position];
    if (
      expected === undefined ||
      found.number !== expected.number ||
      found.checksum !== checksumOf(expected)
    ) {
      throw new StoreError(
        'corrupt',
        `Migration ${found.number} (${found.name}) was applied with other content than this version has. ` +
          'Restore the database from a backup, or run the version that wrote it. Nothing was changed.',
      );
    }
  });
  return applied;
}

function checksumOf(migration: Migration): string {
  return createHash('sha256').update(migration.sql, 'utf8').digest('hex');
}
