import { SqliteFailure } from './sqlite-driver.ts';
import { StoreError } from './store.ts';
import { unreachable } from './unreachable.ts';

/** Anything that went wrong while working with an open database, as the error of this package. */
export function toStoreError(cause: unknown): StoreError {
  if (cause instanceof StoreError) return cause;
  const reason = cause instanceof Error ? cause.message : String(cause);
  if (cause instanceof SqliteFailure) return fromSqlite(cause, reason);
  return new StoreError('unavailable', `The key store failed: ${reason}.`, { cause });
}

function fromSqlite(cause: SqliteFailure, reason: string): StoreError {
  switch (cause.kind) {
    case 'corrupt':
    case 'not-a-database':
      return new StoreError(
        'corrupt',
        `The database is damaged (${reason}). Stop the gateway and restore it from a backup.`,
        { cause },
      );
    case 'full':
      return unavailable('The disk, or the quota of the key store, is full. Make room.', cause);
    case 'busy':
      return unavailable(
        'Another process held the database for too long. Try again; if it stays, look for a process that hangs.',
        cause,
      );
    case 'io':
    case 'read-only':
    case 'cannot-open':
      return unavailable(`The disk refused the work (${reason}). Check it and its mount.`, cause);
    case 'constraint':
    case 'other':
      return unavailable(`The database refused the work (${reason}).`, cause);
    default:
      return unreachable(cause.kind, 'failure');
  }
}

function unavailable(message: string, cause: SqliteFailure): StoreError {
  return new StoreError('unavailable', message, { cause });
}
