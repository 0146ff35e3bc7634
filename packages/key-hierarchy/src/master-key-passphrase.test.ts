import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openMasterKeyPassphrase } from './master-key-passphrase.ts';
import { aTemporaryDirectory } from './temporary-directory.fixtures.ts';

/** The lowest cost there is: these tests are about behaviour, not strength. */
const CHEAP = { logN: 10, r: 1, p: 1 };
const PASSPHRASE = new TextEncoder().encode('correct horse battery staple');
const CONTEXT = { purpose: 'root-key', rootKeyId: 'root-1' } as const;

const aPath = () => join(aTemporaryDirectory(), 'master-key.json');
const make = (parametersPath: string, passphrase: Uint8Array = PASSPHRASE) =>
  openMasterKeyPassphrase({ parametersPath, passphrase, create: true, cost: CHEAP });
const open = (parametersPath: string, passphrase: Uint8Array = PASSPHRASE) =>
  openMasterKeyPassphrase({ parametersPath, passphrase, create: false });
const failing = (code: string) => expect.objectContaining({ code });

describe('openMasterKeyPassphrase', () => {
  it('opens the same master key with the same passphrase', async () => {
    const path = aPath();
    const made = await make(path);
    const opened = await open(path);
    expect(opened.id).toBe(made.id);
    const secret = Uint8Array.of(1, 2, 3);
    expect(opened.unwrap(made.wrap(secret, CONTEXT), CONTEXT)).toEqual(secret);
  });

  it('makes a parameter file for the owner only, without passphrase or key in it', async () => {
    const path = aPath();
    await make(path);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    const file: unknown = JSON.parse(readFileSync(path, 'utf8'));
    expect(file).toEqual({
      format: 'claviger-master-key-passphrase-1',
      scrypt: CHEAP,
      salt: expect.any(String),
      wrappedMasterKey: expect.any(String),
    });
  });

  it('makes files at a cost of 128 MiB unless told', async () => {
    const path = aPath();
    await openMasterKeyPassphrase({ parametersPath: path, passphrase: PASSPHRASE, create: true });
    expect(JSON.parse(readFileSync(path, 'utf8'))).toMatchObject({
      scrypt: { logN: 17, r: 8, p: 1 },
    });
    await expect(open(path)).resolves.toBeDefined();
  });

  it('says so when the passphrase is wrong, and does not repeat it', async () => {
    const path = aPath();
    await make(path);
    const wrong = new TextEncoder().encode('correct horse battery stable');
    const error: unknown = await open(path, wrong).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'wrong-passphrase' });
    expect(String(error)).not.toContain('horse');
  });

  it('makes no second key when the file is there', async () => {
    const path = aPath();
    const first = await make(path);
    const before = readFileSync(path, 'utf8');
    expect((await make(path)).id).toBe(first.id);
    expect(readFileSync(path, 'utf8')).toBe(before);
    await expect(make(path, new TextEncoder().encode('another passphrase'))).rejects.toThrow(
      failing('wrong-passphrase'),
    );
  });

  it('refuses a passphrase below 12 bytes for a new key only', async () => {
    const short = new TextEncoder().encode('eleven byte');
    await expect(make(aPath(), short)).rejects.toThrow(failing('weak-passphrase'));
    const path = aPath();
    await make(path);
    await expect(open(path, short)).rejects.toThrow(failing('wrong-passphrase'));
  });

  it('says that the parameters are missing, and that the passphrase alone is not enough', async () => {
    await expect(open(aPath())).rejects.toThrow(
      expect.objectContaining({
        code: 'key-file-missing',
        message: expect.stringContaining('the passphrase alone opens nothing'),
      }),
    );
  });

  it('leaves the passphrase of the caller as it was', async () => {
    const passphrase = PASSPHRASE.slice();
    await make(aPath(), passphrase);
    expect(passphrase).toEqual(PASSPHRASE);
  });

  it.each([
    ['salt', 'AAAA'],
    ['wrappedMasterKey', 'AQID'],
  ])('cannot be opened after %s was altered', async (name, value) => {
    const path = aPath();
    await make(path);
    const file: object = JSON.parse(readFileSync(path, 'utf8'));
    writeFileSync(path, JSON.stringify({ ...file, [name]: value }));
    await expect(open(path)).rejects.toThrow(failing('wrong-passphrase'));
  });

  it.each([
    ['no JSON', 'salt: 1'],
    ['a JSON list', '[]'],
    ['another format', '{"format":"x"}'],
    ['no cost', '{"format":"claviger-master-key-passphrase-1"}'],
    ['nothing', ''],
  ])('refuses a file with %s', async (_, text) => {
    const path = aPath();
    writeFileSync(path, text, { mode: 0o600 });
    await expect(open(path)).rejects.toThrow(failing('key-file-malformed'));
  });

  it.each([
    ['too much memory', { logN: 20, r: 32, p: 1 }],
    ['a huge N', { logN: 60, r: 8, p: 1 }],
    ['a fraction', { logN: 10.5, r: 8, p: 1 }],
    ['a p of zero', { logN: 10, r: 8, p: 0 }],
    ['text', { logN: '10', r: 8, p: 1 }],
  ])('refuses a cost with %s instead of spending it', async (_, scrypt) => {
    const path = aPath();
    await make(path);
    const file: object = JSON.parse(readFileSync(path, 'utf8'));
    writeFileSync(path, JSON.stringify({ ...file, scrypt }));
    await expect(open(path)).rejects.toThrow(failing('key-file-malformed'));
  });
});
