import { chmod, cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadSettings, type Override } from './config/load-settings.ts';
import { describeFailure } from './describe-failure.ts';
import { AMBIENT, aTemporaryDirectory } from './gateway.fixtures.ts';
import { makeInstallation, openInstallation, openKeyedInstallation } from './installation.ts';

let directory: Awaited<ReturnType<typeof aTemporaryDirectory>>;
/** A data directory that is complete; tests damage copies of it. */
let pristine: string;
beforeAll(async () => {
  directory = await aTemporaryDirectory();
  pristine = join(directory.path, 'pristine');
  const installation = await makeInstallation(await settingsFor(pristine), AMBIENT);
  await installation.close();
});
afterAll(() => directory.remove());

async function settingsFor(dataDir: string, ...overrides: Override[]) {
  return await loadSettings({
    environment: {},
    workingDirectory: directory.path,
    overrides: [{ path: ['data_dir'], value: dataDir }, ...overrides],
  });
}

let copies = 0;
async function aCopy(): Promise<string> {
  const path = join(directory.path, `copy-${copies}`);
  copies += 1;
  await cp(pristine, path, { recursive: true, preserveTimestamps: true });
  await chmod(join(path, 'keys', 'master.key'), 0o600);
  return path;
}

async function failureOf(dataDir: string, ...overrides: Override[]) {
  try {
    const opened = await makeInstallation(await settingsFor(dataDir, ...overrides), AMBIENT);
    await opened.close();
  } catch (error) {
    return describeFailure(error);
  }
  throw new Error('It opened.');
}

describe('a data directory', () => {
  it('keeps its instance id', async () => {
    const settings = await settingsFor(await aCopy());
    const first = await openInstallation(settings, AMBIENT);
    const second = await openKeyedInstallation(settings, AMBIENT);
    expect(first.instanceId).toMatch(/^[0-9a-f-]{36}$/);
    expect(second.instanceId).toBe(first.instanceId);
    await Promise.all([first.close(), second.close()]);
  });

  it('must be there for those who only look', async () => {
    const settings = await settingsFor(join(directory.path, 'nowhere'));
    await expect(openInstallation(settings, AMBIENT)).rejects.toThrow(/There is no Claviger in/);
    await expect(openKeyedInstallation(settings, AMBIENT)).rejects.toThrow(/There is no Claviger/);
  });

  it('is refused, with a word on its backup, when its master key is missing; none is made', async () => {
    const dataDir = await aCopy();
    await rm(join(dataDir, 'keys', 'master.key'));
    expect(await failureOf(dataDir)).toEqual({
      reason: 'data',
      message: expect.stringMatching(/master key file .* is missing; restore it from its backup/),
    });
    await expect(readFile(join(dataDir, 'keys', 'master.key'))).rejects.toThrow('ENOENT');
  });

  it('is refused when its master key is open to others', async () => {
    const dataDir = await aCopy();
    await chmod(join(dataDir, 'keys', 'master.key'), 0o644);
    expect(await failureOf(dataDir)).toEqual({
      reason: 'data',
      message: expect.stringMatching(/mode 644\); run: chmod 600 /),
    });
  });

  it('is refused when its master key is another', async () => {
    const dataDir = await aCopy();
    await writeFile(join(dataDir, 'keys', 'master.key'), Buffer.alloc(32, 7));
    expect(await failureOf(dataDir)).toEqual({
      reason: 'data',
      message: expect.stringMatching(/^The master key in use \([0-9a-f]{32}\) is not the one of/),
    });
  });

  it('is refused, and not touched, when its database is no database', async () => {
    const dataDir = await aCopy();
    const path = join(dataDir, 'claviger.db');
    await writeFile(path, 'a letter to a friend '.repeat(500));
    const before = await readFile(path);
    expect(await failureOf(dataDir)).toEqual({
      reason: 'data',
      message: expect.stringMatching(/is no key store, or is damaged/),
    });
    expect(await readFile(path)).toEqual(before);
  });

  it('is refused, and not touched, when a newer version wrote it', async () => {
    const dataDir = await aCopy();
    const path = join(dataDir, 'claviger.db');
    await addMigration(path);
    const before = await readFile(path);
    expect(await failureOf(dataDir)).toEqual({
      reason: 'data',
      message: expect.stringMatching(/Run the version that wrote it, or a newer one/),
    });
    expect(await readFile(path)).toEqual(before);
  });

  it('is refused when it is a file', async () => {
    const path = join(directory.path, 'a-file');
    await writeFile(path, '');
    expect(await failureOf(path)).toEqual({
      reason: 'data',
      message: expect.stringMatching(/There is a file where a directory is needed/),
    });
  });

  it('keeps its account: another one in the settings is refused', async () => {
    const account = { path: ['audit', 'account_id'], value: '0'.repeat(32) };
    expect(await failureOf(await aCopy(), account)).toEqual({
      reason: 'usage',
      message: expect.stringMatching(/^audit\.account_id: this data directory was made with/),
    });
  });

  it('opens with a passphrase from a file, its last line end aside', async () => {
    const dataDir = join(directory.path, 'with-passphrase');
    const passphraseFile = join(directory.path, 'passphrase');
    const overrides = [
      { path: ['master_key', 'provider'], value: 'passphrase' },
      { path: ['master_key', 'passphrase_file'], value: passphraseFile },
    ];
    await writeFile(passphraseFile, 'correct horse battery staple\r\n', { mode: 0o600 });
    const settings = await settingsFor(dataDir, ...overrides);
    await (await makeInstallation(settings, AMBIENT)).close();

    await writeFile(passphraseFile, 'correct horse battery staple');
    await (await openKeyedInstallation(settings, AMBIENT)).close();

    await writeFile(passphraseFile, 'wrong horse battery staple');
    const wrong = await failureOf(dataDir, ...overrides);
    expect(wrong.message).toMatch(/^The passphrase does not open the master key/);
    expect(wrong.message).not.toMatch(/horse/);

    await chmod(passphraseFile, 0o640);
    expect((await failureOf(dataDir, ...overrides)).message).toMatch(/run: chmod 600 /);
    await rm(passphraseFile);
    expect((await failureOf(dataDir, ...overrides)).message).toMatch(/cannot be read \(ENOENT\)/);
    await mkdir(passphraseFile);
    expect((await failureOf(dataDir, ...overrides)).message).toMatch(/must be a file of 1 to 4096/);
  });
});

/** What a later version leaves: a migration that this one does not know. */
async function addMigration(path: string): Promise<void> {
  const { openSqliteDatabase } = await import('../../key-store/src/sqlite-driver.ts');
  const database = openSqliteDatabase(path, { readOnly: false });
  database
    .prepare(
      'INSERT INTO schema_migration (number, name, checksum, applied_at) VALUES (?, ?, ?, ?)',
    )
    .run([999, 'from the future', 'x', 0]);
  database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
  database.close();
}
