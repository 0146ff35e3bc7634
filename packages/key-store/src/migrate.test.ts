import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { checkSchema, type Migration, migrate } from './migrate.ts';
import { openSqliteDatabase, type SqliteDatabase } from './sqlite-driver.ts';
import { temporaryDirectory } from './temporary-directory.fixtures.ts';

const FIRST: Migration = { number: 1, name: 'first', sql: 'CREATE TABLE a (x TEXT) STRICT;' };
const SECOND: Migration = {
  number: 2,
  name: 'second',
  sql: "INSERT INTO a VALUES ('kept'); ALTER TABLE a ADD COLUMN y TEXT;",
};

async function aDatabase(): Promise<SqliteDatabase> {
  const path = join(await temporaryDirectory(), 'a.db');
  writeFileSync(path, '');
  const database = openSqliteDatabase(path, { readOnly: false });
  onTestFinished(() => database.close());
  return database;
}

function applied(database: SqliteDatabase) {
  return database.prepare('SELECT number, name, applied_at FROM schema_migration').all([]);
}

describe('migrate', () => {
  it('applies every migration once, in order, and records it', async () => {
    const database = await aDatabase();
    migrate(database, [FIRST], 1_000);
    migrate(database, [FIRST, SECOND], 2_000);
    migrate(database, [FIRST, SECOND], 3_000);
    expect(applied(database)).toMatchObject([
      { number: 1, name: 'first', applied_at: 1_000 },
      { number: 2, name: 'second', applied_at: 2_000 },
    ]);
    expect(database.prepare('SELECT x, y FROM a').all([])).toMatchObject([{ x: 'kept', y: null }]);
  });

  it('leaves nothing of a migration that fails', async () => {
    const database = await aDatabase();
    const broken: Migration = { ...SECOND, sql: "INSERT INTO a VALUES ('lost'); SELEKT;" };
    expect(() => migrate(database, [FIRST, broken], 1_000)).toThrow(/SELEKT/);
    expect(applied(database)).toMatchObject([{ number: 1 }]);
    expect(database.prepare('SELECT count(*) AS n FROM a').get([])).toMatchObject({ n: 0 });
  });

  it('refuses a database of a newer version, naming both, and changes nothing', async () => {
    const database = await aDatabase();
    migrate(database, [FIRST, SECOND], 1_000);
    const refusal = expect.objectContaining({
      code: 'newer-version',
      message: expect.stringMatching(/schema version 2.*knows up to 1.*Nothing was changed/),
    });
    expect(() => migrate(database, [FIRST], 2_000)).toThrow(refusal);
    expect(() => checkSchema(database, [FIRST])).toThrow(refusal);
    expect(applied(database)).toHaveLength(2);
  });

  it('refuses a database to which a migration was applied with other content', async () => {
    const database = await aDatabase();
    migrate(database, [FIRST], 1_000);
    const edited: Migration = { ...FIRST, sql: `${FIRST.sql} ` };
    expect(() => migrate(database, [edited, SECOND], 2_000)).toThrow(
      expect.objectContaining({ code: 'corrupt', message: expect.stringContaining('first') }),
    );
    expect(applied(database)).toHaveLength(1);
  });

  it('refuses the database of another program', async () => {
    const database = await aDatabase();
    database.exec('CREATE TABLE invoice (id INTEGER)');
    expect(() => migrate(database, [FIRST], 1_000)).toThrow(
      expect.objectContaining({ code: 'cannot-open' }),
    );
  });
});
