import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const FOLLOW = new URL('follow-launcher.mjs', import.meta.url).href;

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'claviger-launcher-'));
  // Runs until it is asked to stop, as the gateway does; says what happens to it.
  writeFileSync(
    join(folder, 'server.mjs'),
    `import { followLauncher } from ${JSON.stringify(FOLLOW)};
     followLauncher();
     const timer = setInterval(() => {}, 1000);
     process.on('SIGTERM', () => { clearInterval(timer); process.stdout.write('stopped\\n'); });
     process.stdout.write('started\\n');`,
  );
  // Like pnpm: starts a script through a shell, and dies of SIGTERM without passing it on.
  writeFileSync(
    join(folder, 'pnpm.cjs'),
    `const { spawn } = require('node:child_process');
     const env = { ...process.env, npm_lifecycle_event: process.argv[2] || undefined };
     spawn('sh', ['-c', process.execPath + ' server.mjs; true'], { env, cwd: ${JSON.stringify(folder)}, stdio: 'inherit' });`,
  );
  // Like a script of somebody's that starts a server and goes on, or ends.
  writeFileSync(
    join(folder, 'caller.cjs'),
    `const { spawn } = require('node:child_process');
     spawn(process.execPath, ['pnpm.cjs', 'start'], { cwd: ${JSON.stringify(folder)}, stdio: 'inherit' });`,
  );
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function start(script: string, ...args: string[]): { child: ChildProcess; said(): string } {
  const child = spawn(process.execPath, [join(folder, script), ...args], {
    cwd: folder,
    detached: true,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let said = '';
  child.stdout?.on('data', (chunk) => {
    said += String(chunk);
  });
  return { child, said: () => said };
}

async function until(condition: () => boolean, patienceMs = 10_000): Promise<void> {
  const deadline = performance.now() + patienceMs;
  while (!condition()) {
    if (performance.now() > deadline) throw new Error('It did not happen.');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** Ends what a test started, as a group: what is left of it is no orphan then. */
function endGroup({ pid }: ChildProcess): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // All of it is gone, as it should be.
  }
}

describe.skipIf(process.platform !== 'linux')('followLauncher (reads /proc: Linux only)', () => {
  it('stops a server whose package manager was ended', async () => {
    const { child, said } = start('pnpm.cjs', 'start');
    try {
      await until(() => said().includes('started'));
      child.kill('SIGTERM');
      await until(() => said().includes('stopped'));
      expect(said()).toBe('started\nstopped\n');
    } finally {
      endGroup(child);
    }
  });

  it('lets a server run on when only the caller of the package manager ended', async () => {
    const { child, said } = start('caller.cjs');
    try {
      await until(() => said().includes('started'));
      child.kill('SIGTERM');
      await once(child, 'exit');
      await new Promise((resolve) => setTimeout(resolve, 1_000));
      expect(said()).toBe('started\n');
    } finally {
      endGroup(child);
    }
  });

  it('does nothing for a process that no package manager started', async () => {
    const { child, said } = start('pnpm.cjs', '');
    try {
      await until(() => said().includes('started'));
      child.kill('SIGTERM');
      await once(child, 'exit');
      await new Promise((resolve) => setTimeout(resolve, 1_000));
      expect(said()).toBe('started\n');
    } finally {
      endGroup(child);
    }
  });
});
