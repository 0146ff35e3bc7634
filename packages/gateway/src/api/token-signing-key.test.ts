import { generateKeyPairSync } from 'node:crypto';
import { chmod, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AMBIENT, aTemporaryDirectory } from '../gateway.fixtures.ts';
import { openTokenSigningKey } from './token-signing-key.ts';

const { uuid } = AMBIENT.randomness;

let directory: Awaited<ReturnType<typeof aTemporaryDirectory>>;
beforeAll(async () => {
  directory = await aTemporaryDirectory();
});
afterAll(() => directory.remove());

let files = 0;
function aPath(): string {
  files += 1;
  return join(directory.path, `token-signing-${files}.key`);
}

describe('the token signing key', () => {
  it('is made once, for its owner only, whoever comes first', async () => {
    const path = aPath();
    const [one, two] = await Promise.all([
      openTokenSigningKey(path, uuid),
      openTokenSigningKey(path, uuid),
    ]);
    expect(one.kid).toBe(two.kid);
    expect(((await stat(path)).mode & 0o777).toString(8)).toBe('600');
    const content = await readFile(path, 'utf8');
    expect((await openTokenSigningKey(path, uuid)).kid).toBe(one.kid);
    expect(await readFile(path, 'utf8')).toBe(content);
    expect((await readdir(directory.path)).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  });

  it('is refused, and stays, when the file is no key, another kind of key, or open to others', async () => {
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    for (const [content, mode, message] of [
      ['a letter', 0o600, /is no RSA key of at least 2048 bits/],
      [privateKey.export({ type: 'pkcs8', format: 'pem' }), 0o600, /is no RSA key/],
      ['', 0o600, /must be a file of 1 to/],
      ['a letter', 0o644, /mode 644\); run: chmod 600 /],
    ] as const) {
      const path = aPath();
      await writeFile(path, content);
      await chmod(path, mode);
      await expect(openTokenSigningKey(path, uuid)).rejects.toThrow(message);
      expect(await readFile(path, 'utf8')).toBe(content);
    }
  });

  it('says why it cannot be made', async () => {
    const path = join(directory.path, 'nowhere', 'token-signing.key');
    await expect(openTokenSigningKey(path, uuid)).rejects.toThrow(/cannot be made \(ENOENT\)/);
  });
});
