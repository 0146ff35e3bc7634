import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { openForReading, openForWriting } from './open-database.ts';
import { createQueryBuilder } from './query-compiler.ts';
import { createReadQueries, type ReadQueries } from './read-queries.ts';
import { compileReadStatements } from './read-statements.ts';
import { type SqliteDatabase, SqliteFailure } from './sqlite-driver.ts';
import { temporaryDirectory } from './temporary-directory.fixtures.ts';

/** Reads of a database that fails once `happen` was called: once, at the next statement like `pattern`. */
async function readsThatFail(
  pattern: RegExp,
  fail: (database: SqliteDatabase) => never,
): Promise<{ readonly reads: ReadQueries; happen(): void }> {
  const options = {
    path: join(await temporaryDirectory(), 'a.db'),
    busyTimeoutMs: 1_000,
    maxBytes: undefined,
  };
  const writer = openForWriting(options, () => 0);
  const database = openForReading(options);
  onTestFinished(() => {
    database.close();
    writer.close();
  });
  let isDue = false;
  function failing<T>(action: () => T): T {
    if (!isDue) return action();
    isDue = false;
    return fail(database);
  }
  const wrapped: SqliteDatabase = {
    ...database,
    prepare(sql) {
      const statement = database.prepare(sql);
      if (!pattern.test(sql)) return statement;
      return {
        run: (parameters) => failing(() => statement.run(parameters)),
        get: (parameters) => failing(() => statement.get(parameters)),
        all: (parameters) => failing(() => statement.all(parameters)),
      };
    },
  };
  const reads = createReadQueries(wrapped, compileReadStatements(createQueryBuilder()));
  return {
    reads,
    happen() {
      isDue = true;
    },
  };
}

it('reads again after the end of a snapshot failed', async () => {
  const { reads, happen } = await readsThatFail(/^COMMIT$/, () => {
    throw new SqliteFailure('io', 'disk I/O error');
  });
  happen();
  expect(() => reads.findAdapter('vcenter')).toThrow('disk I/O error');
  expect(reads.findAdapter('vcenter')).toBeUndefined();
});

it('tells of the failure of a read, not of the snapshot that SQLite has ended for it', async () => {
  const { reads, happen } = await readsThatFail(/from "adapter"/, (database) => {
    database.exec('ROLLBACK');
    throw new SqliteFailure('io', 'disk I/O error');
  });
  happen();
  expect(() => reads.findAdapter('vcenter')).toThrow('disk I/O error');
  expect(reads.findAdapter('vcenter')).toBeUndefined();
});
