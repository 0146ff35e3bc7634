/** Opens the database file the way this store needs it: durable, private, checked. */
import { closeSync, openSync } from 'node:fs';
import { checkSchema, type MigrationProgress, migrate } from './migrate.ts';
import { migrations } from './migrations/index.ts';
import { integerColumn, textColumn } from './rows.ts';
import { openSqliteDatabase, type SqliteDatabase, SqliteFailure } from './sqlite-driver.ts';
import { StoreError } from './store.ts';

export interface OpenDatabaseOptions {
  /** Absolute. */
  readonly path: string;
  /** How long to wait for another process that writes, in milliseconds. */
  readonly busyTimeoutMs: number;
  /** The file grows no further than this; undefined: as far as the disk allows. */
  readonly maxBytes: number | undefined;
}

const PAGE_BYTES = 4096;
/** Every page of a file up to this size is checked at opening (about 100 ms); of a larger one the schema. */
const FULL_CHECK_BYTES = 32 * 1024 * 1024;
/** A page that many commits change is written back once for all of them. */
const WAL_PAGES_BEFORE_CHECKPOINT = 4000;
const WAL_BYTES_KEPT = 16 * 1024 * 1024;
/** Room for all pages that a group of commits changes: what does not fit is written twice. */
const PAGE_CACHE_KIB = 32 * 1024;
const RETRY_PAUSE_MS = 10;

/**
 * Opens for writing: creates the file (mode 0600) where there is none and brings the schema up to date.
 *
 * @param now - Answers milliseconds since the epoch.
 * @param onMigration - Told how far a long migration is.
 * @throws StoreError `cannot-open`, `corrupt`, `newer-version`; nothing was overwritten then.
 */
export function openForWriting(
  options: OpenDatabaseOptions,
  now: () => number,
  onMigration?: (progress: MigrationProgress) => void,
): SqliteDatabase {
  createFile(options.path);
  return opening(options, false, (database) => {
    checkSchema(database, migrations);
    checkIntegrity(database);
    enableWriteAheadLog(database);
    // FULL: a commit returns after its fsync. secure_delete: replaced wrapped material is zeroed.
    database.exec(`
      PRAGMA synchronous = FULL;
      PRAGMA secure_delete = ON;
      PRAGMA wal_autocheckpoint = ${WAL_PAGES_BEFORE_CHECKPOINT};
      PRAGMA journal_size_limit = ${WAL_BYTES_KEPT};
    `);
    migrate(database, migrations, now(), onMigration);
    if (options.maxBytes !== undefined) {
      database.exec(
        `PRAGMA max_page_count = ${Math.max(1, Math.floor(options.maxBytes / PAGE_BYTES))}`,
      );
    }
  });
}

/** Opens for reading only; the writer of the same process came first. */
export function openForReading(options: OpenDatabaseOptions): SqliteDatabase {
  return opening(options, true, (database) => checkSchema(database, migrations));
}

function createFile(path: string): void {
  try {
    // SQLite gives its -wal and -shm files the mode of the database file.
    closeSync(openSync(path, 'wx', 0o600));
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'EEXIST') return;
    throw cannotOpen(path, cause);
  }
}

function opening(
  options: OpenDatabaseOptions,
  readOnly: boolean,
  prepare: (database: SqliteDatabase) => void,
): SqliteDatabase {
  const deadline = performance.now() + options.busyTimeoutMs;
  for (;;) {
    try {
      return tryOpening(options, readOnly, prepare);
    } catch (cause) {
      // Turning a new file into WAL mode does not wait for a second process that does the same.
      const again = cause instanceof SqliteFailure && cause.kind === 'busy';
      if (!again || performance.now() >= deadline) throw toOpeningError(options.path, cause);
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, RETRY_PAUSE_MS);
    }
  }
}

function tryOpening(
  options: OpenDatabaseOptions,
  readOnly: boolean,
  prepare: (database: SqliteDatabase) => void,
): SqliteDatabase {
  const database = openSqliteDatabase(options.path, { readOnly });
  try {
    database.exec(`
      PRAGMA busy_timeout = ${Math.round(options.busyTimeoutMs)};
      PRAGMA foreign_keys = ON;
      PRAGMA trusted_schema = OFF;
      PRAGMA temp_store = MEMORY;
      PRAGMA cache_size = -${PAGE_CACHE_KIB};
    `);
    prepare(database);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

function checkIntegrity(database: SqliteDatabase): void {
  const pages = pragma(database, 'page_count', integerColumn);
  if (pages * PAGE_BYTES > FULL_CHECK_BYTES) return;
  const answer = pragma(database, 'quick_check', textColumn, '(1)');
  if (answer !== 'ok') throw new SqliteFailure('corrupt', answer);
}

function enableWriteAheadLog(database: SqliteDatabase): void {
  const mode = pragma(database, 'journal_mode', textColumn, ' = WAL');
  if (mode !== 'wal') {
    throw new SqliteFailure('cannot-open', 'the file system does not support a write-ahead log');
  }
}

function pragma<T>(
  database: SqliteDatabase,
  name: string,
  column: (row: Readonly<Record<string, unknown>>, column: string) => T,
  argument = '',
): T {
  return column(database.prepare(`PRAGMA ${name}${argument}`).get([]) ?? {}, name);
}

function toOpeningError(path: string, cause: unknown): StoreError {
  if (cause instanceof StoreError) return cause;
  if (cause instanceof SqliteFailure && cause.kind === 'full') {
    return new StoreError(
      'cannot-open',
      `The key store ${path} cannot be opened: the disk, or the quota, is full. Make room and start again.`,
      { cause },
    );
  }
  const damaged =
    cause instanceof SqliteFailure && (cause.kind === 'corrupt' || cause.kind === 'not-a-database');
  return damaged
    ? new StoreError(
        'corrupt',
        `The file ${path} is no key store, or is damaged (${cause.message}). ` +
          'Restore it from a backup, or name another path. Nothing was changed.',
        { cause },
      )
    : cannotOpen(path, cause);
}

function cannotOpen(path: string, cause: unknown): StoreError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new StoreError(
    'cannot-open',
    `The key store ${path} cannot be opened (${reason}). ` +
      'Check that its directory exists and that this user may read and write there.',
    { cause },
  );
}
