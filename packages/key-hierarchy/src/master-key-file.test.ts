import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openMasterKeyFile } from './master-key-file.ts';
import { aTemporaryDirectory } from './temporary-directory.fixtures.ts';

const KEY = Uint8Array.from({ length: 32 }, (_, index) => 0xe0 + index);
const aKeyFile = (content: Uint8Array = KEY, mode = 0o600): string => {
  const path = join(aTemporaryDirectory(), 'master.key');
  writeFileSync(path, content);
  chmodSync(path, mode);
  return path;
};
const failure = (code: string, message: RegExp) =>
  expect.objectContaining({ code, message: expect.stringMatching(message) });

describe('openMasterKeyFile', () => {
  it('makes a key of 32 bytes for the owner only, and opens the same key afterwards', async () => {
    const path = join(aTemporaryDirectory(), 'master.key');
    const made = await openMasterKeyFile(path, { create: true });
    expect(statSync(path).size).toBe(32);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect((await openMasterKeyFile(path, { create: false })).id).toBe(made.id);
  });

  it('keeps the file that is there when it may make one', async () => {
    const path = aKeyFile();
    await openMasterKeyFile(path, { create: true });
    expect(new Uint8Array(readFileSync(path))).toEqual(KEY);
  });

  it('opens one key when two processes make it at the same time', async () => {
    const path = join(aTemporaryDirectory(), 'master.key');
    const opened = await Promise.allSettled(
      [1, 2, 3, 4].map(() => openMasterKeyFile(path, { create: true })),
    );
    const { id } = await openMasterKeyFile(path, { create: false });
    for (const result of opened) {
      // The loser may see the file while it is still empty: refused then, and never another key.
      if (result.status === 'fulfilled') {
        expect(result.value.id).toBe(id);
      } else {
        expect(result.reason).toMatchObject({ code: 'key-file-malformed' });
      }
    }
  });

  it('makes nothing when it may not, and says to restore the file', async () => {
    const path = join(aTemporaryDirectory(), 'master.key');
    await expect(openMasterKeyFile(path, { create: false })).rejects.toThrow(
      failure('key-file-missing', /master\.key is missing; restore it/),
    );
    expect(existsSync(path)).toBe(false);
  });

  it.each([0o640, 0o604, 0o620, 0o601, 0o660])(
    'refuses a file of mode %o and says chmod',
    async (mode) => {
      const path = aKeyFile(KEY, mode);
      await expect(openMasterKeyFile(path, { create: false })).rejects.toThrow(
        failure('key-file-permissions', new RegExp(`mode ${mode.toString(8)}.*chmod 600 ${path}`)),
      );
    },
  );

  it.each([0o600, 0o400])('accepts a file of mode %o', async (mode) => {
    await expect(openMasterKeyFile(aKeyFile(KEY, mode), { create: false })).resolves.toBeDefined();
  });

  it.each([0, 31, 33, 4096])('refuses a file of %d bytes, naming the size', async (size) => {
    const path = aKeyFile(new Uint8Array(size).fill(7));
    await expect(openMasterKeyFile(path, { create: true })).rejects.toThrow(
      failure('key-file-malformed', new RegExp(`${size} bytes instead of 32`)),
    );
  });

  it('refuses a file of many bytes without reading it', async () => {
    const path = aKeyFile(new Uint8Array(1 << 20));
    await expect(openMasterKeyFile(path, { create: false })).rejects.toThrow(
      failure('key-file-malformed', /at most 4096/),
    );
  });

  it('refuses a key of zeros, which a failed disk write leaves', async () => {
    await expect(
      openMasterKeyFile(aKeyFile(new Uint8Array(32)), { create: false }),
    ).rejects.toThrow(failure('key-file-malformed', /only zeros/));
  });

  it('follows a symbolic link and checks what it leads to', async () => {
    const target = aKeyFile();
    const link = join(aTemporaryDirectory(), 'link.key');
    symlinkSync(target, link);
    await expect(openMasterKeyFile(link, { create: false })).resolves.toBeDefined();
    chmodSync(target, 0o644);
    await expect(openMasterKeyFile(link, { create: false })).rejects.toThrow(
      failure('key-file-permissions', /mode 644/),
    );
  });

  it('does not write through a link that leads nowhere', async () => {
    const directory = aTemporaryDirectory();
    const link = join(directory, 'link.key');
    symlinkSync(join(directory, 'nowhere'), link);
    await expect(openMasterKeyFile(link, { create: true })).rejects.toThrow(
      failure('key-file-missing', /restore it/),
    );
    expect(existsSync(join(directory, 'nowhere'))).toBe(false);
  });

  it('refuses a directory', async () => {
    const path = join(aTemporaryDirectory(), 'master.key');
    mkdirSync(path, { mode: 0o700 });
    await expect(openMasterKeyFile(path, { create: true })).rejects.toThrow(
      failure('key-file-malformed', /not a file/),
    );
  });

  it.skipIf(process.platform === 'win32')('does not hang on a pipe (not on Windows)', async () => {
    const path = join(aTemporaryDirectory(), 'master.key');
    execFileSync('mkfifo', ['-m', '600', path]);
    await expect(openMasterKeyFile(path, { create: false })).rejects.toThrow(
      failure('key-file-malformed', /not a file/),
    );
  });

  it('says which file it could not write and why', async () => {
    const path = join(aTemporaryDirectory(), 'no', 'such', 'folder', 'master.key');
    await expect(openMasterKeyFile(path, { create: true })).rejects.toThrow(
      failure('key-file-inaccessible', /cannot write .*master\.key: ENOENT/),
    );
  });
});
