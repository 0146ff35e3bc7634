import { type SqliteDatabase, SqliteFailure } from './sqlite-driver.ts';

/**
 * Ends a transaction that failed, so that the next one can begin. The error that made it fail is the one to
 * be told: SQLite itself ends a transaction on a full disk and on I/O errors, and then finds none here.
 */
export function rollBack(database: SqliteDatabase): void {
  try {
    database.exec('ROLLBACK');
  } catch (error) {
    if (!(error instanceof SqliteFailure)) throw error;
  }
}
