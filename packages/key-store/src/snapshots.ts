import { rollBack } from './roll-back.ts';
import { type SqliteDatabase, SqliteFailure } from './sqlite-driver.ts';

/** Reads of one state of the database, whatever is committed meanwhile. */
export interface Snapshots {
  /** What is read from now on is of one state: that of the first read. Does nothing when one is held already. */
  hold(): void;
  /** Lets it go; does nothing when none is held. To be called after a read that failed as well. */
  release(): void;
  /** Several statements on one state: the one that is held, or one of their own. */
  within<T>(read: () => T): T;
}

export function createSnapshots(database: SqliteDatabase): Snapshots {
  const begin = database.prepare('BEGIN');
  const commit = database.prepare('COMMIT');
  let isHeld = false;

  return {
    hold() {
      if (isHeld) return;
      begin.run([]);
      isHeld = true;
    },
    release() {
      if (!isHeld) return;
      isHeld = false;
      try {
        commit.run([]);
      } catch (error) {
        if (!(error instanceof SqliteFailure)) throw error;
        // What was read is right all the same, or has told of its failure.
        rollBack(database);
      }
    },
    within(read) {
      if (isHeld) return read();
      begin.run([]);
      try {
        const result = read();
        commit.run([]);
        return result;
      } catch (error) {
        rollBack(database);
        throw error;
      }
    },
  };
}
