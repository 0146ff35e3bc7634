import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type OpenDatabaseOptions, openForReading, openForWriting } from './open-database.ts';
import { temporaryDirectory } from './temporary-directory.fixtures.ts';

const FULL = 2;
const MEMORY = 2;

async function someOptions(): Promise<OpenDatabaseOptions> {
  const path = join(await temporaryDirectory(), 'a.db');
  return { path, busyTimeoutMs: 1_234, maxBytes: undefined };
}

describe('opening a database', () => {
  it.each([
    ['journal_mode', 'wal'],
    ['synchronous', FULL],
    ['foreign_keys', 1],
    ['secure_delete', 1],
    ['temp_store', MEMORY],
    ['trusted_schema', 0],
    ['wal_autocheckpoint', 4000],
    ['cache_size', -32 * 1024],
  ])('for writing sets %s to %s', async (name, value) => {
    const database = openForWriting(await someOptions(), () => 0);
    onTestFinished(() => database.close());
    expect(database.prepare(`PRAGMA ${name}`).get([])?.[name]).toBe(value);
  });

  it('waits for other connections as long as it was told', async () => {
    const options = await someOptions();
    const database = openForWriting(options, () => 0);
    onTestFinished(() => database.close());
    const reading = openForReading(options);
    onTestFinished(() => reading.close());
    for (const connection of [database, reading]) {
      expect(connection.prepare('PRAGMA busy_timeout').get([])?.['timeout']).toBe(1_234);
    }
  });

  it('keeps the file within a quota', async () => {
    const database = openForWriting({ ...(await someOptions()), maxBytes: 1_000_000 }, () => 0);
    onTestFinished(() => database.close());
    expect(database.prepare('PRAGMA max_page_count').get([])?.['max_page_count']).toBe(244);
  });
});
