import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { reserveOutput } from './write-output.ts';

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'claviger-output-'));
  path = join(folder, 'client.key');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe('output files', () => {
  it('are for their owner alone, and nothing else is left behind', async () => {
    const output = await reserveOutput(path, { force: false });
    await output.write('secret');
    await output.discard();
    expect(await readFile(path, 'utf8')).toBe('secret');
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect(await readdir(folder)).toEqual(['client.key']);
  });

  it('are never written over what is there', async () => {
    await writeFile(path, 'mine');
    await expect(reserveOutput(path, { force: false })).rejects.toThrow(/already.*--force/);
    expect(await readFile(path, 'utf8')).toBe('mine');
  });

  it('are not written over what came in between either', async () => {
    const output = await reserveOutput(path, { force: false });
    await writeFile(path, 'faster');
    await expect(output.write('secret')).rejects.toThrow(/already/);
    expect(await readFile(path, 'utf8')).toBe('faster');
    expect(await readdir(folder)).toEqual(['client.key']);
  });

  it('replace what is there when that is said, with a mode of their own', async () => {
    await writeFile(path, 'old', { mode: 0o644 });
    const output = await reserveOutput(path, { force: true });
    expect(await readFile(path, 'utf8')).toBe('old');
    await output.write('new');
    expect(await readFile(path, 'utf8')).toBe('new');
    expect((await stat(path)).mode & 0o777).toBe(0o600);
  });

  it('leave nothing behind when there is nothing to write', async () => {
    const output = await reserveOutput(path, { force: false });
    await output.discard();
    expect(await readdir(folder)).toEqual([]);
  });

  it('say which file cannot be written', async () => {
    const nowhere = join(folder, 'nowhere', 'client.key');
    await expect(reserveOutput(nowhere, { force: false })).rejects.toThrow(
      /client\.key cannot be written \(ENOENT\)/,
    );
  });
});
