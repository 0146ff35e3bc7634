import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { holdLock } from './hold-lock.ts';
import { temporaryDirectory } from './temporary-directory.fixtures.ts';

async function aProcessWithTheLock(path: string) {
  const program = fileURLToPath(new URL('./hold-lock.fixtures.ts', import.meta.url));
  const child = spawn(process.execPath, ['--import', import.meta.resolve('tsx'), program, path], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  const [said] = await once(child.stdout, 'data');
  expect(String(said)).toBe('held\n');
  return child;
}

describe('a lock', () => {
  it('is held by one at a time, in a file for its owner alone', async () => {
    const path = join(await temporaryDirectory(), 'a.lock');
    const held = holdLock(path);
    expect(held).toBeDefined();
    expect(holdLock(path)).toBeUndefined();
    expect(await stat(path)).toMatchObject({ size: 0 });
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    held?.release();
    const again = holdLock(path);
    expect(again).toBeDefined();
    again?.release();
  });

  it('of another process ends when that is killed', { timeout: 60_000 }, async () => {
    const path = join(await temporaryDirectory(), 'a.lock');
    const child = await aProcessWithTheLock(path);
    expect(holdLock(path)).toBeUndefined();
    child.kill('SIGKILL');
    await once(child, 'exit');
    const held = holdLock(path);
    expect(held).toBeDefined();
    held?.release();
  });

  it('that cannot be taken is told of with its file', async () => {
    const path = join(await temporaryDirectory(), 'missing', 'a.lock');
    expect(() => holdLock(path)).toThrow(
      expect.objectContaining({ code: 'cannot-open', message: expect.stringContaining(path) }),
    );
  });
});
