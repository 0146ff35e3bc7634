import { closeSync, openSync } from 'node:fs';
import { openSqliteDatabase, SqliteFailure } from './sqlite-driver.ts';
import { StoreError } from './store.ts';

export interface HeldLock {
  release(): void;
}

/**
 * Takes a lock that one process at a time can have, and that ends with the process, however that ends.
 * It is a lock of SQLite's on a file of its own, since the runtime has none: works where the store works.
 *
 * @param path - File of the lock; made (mode 0600, empty for good) where there is none.
 * @returns undefined while another process, or this one, has it.
 * @throws StoreError `cannot-open` when the file cannot be used.
 */
export function holdLock(path: string): HeldLock | undefined {
  try {
    makeFile(path);
    const database = openSqliteDatabase(path, { readOnly: false });
    try {
      // Nothing is written: the transaction is open for as long as the lock is held.
      database.exec('PRAGMA busy_timeout = 0; BEGIN EXCLUSIVE');
    } catch (error) {
      database.close();
      throw error;
    }
    return { release: () => database.close() };
  } catch (cause) {
    if (cause instanceof SqliteFailure && cause.kind === 'busy') return undefined;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new StoreError(
      'cannot-open',
      `The lock file ${path} cannot be used (${reason}). Check that this user may read and write it.`,
      { cause },
    );
  }
}

function makeFile(path: string): void {
  try {
    closeSync(openSync(path, 'wx', 0o600));
  } catch (cause) {
    if (!(cause instanceof Error && 'code' in cause && cause.code === 'EEXIST')) throw cause;
  }
}
