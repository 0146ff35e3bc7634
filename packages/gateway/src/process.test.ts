/**
 * The command as a process, from its source: signals, streams and exit codes. What commands say and do
 * is tried without a process, which is quicker.
 */
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { aTemporaryDirectory } from './gateway.fixtures.ts';

const MAIN = fileURLToPath(new URL('main.ts', import.meta.url));
const TSX = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;

let directory: Awaited<ReturnType<typeof aTemporaryDirectory>>;
beforeAll(async () => {
  directory = await aTemporaryDirectory();
});
afterAll(() => directory.remove());

function start(...args: string[]): ChildProcessWithoutNullStreams {
  return spawn(
    process.execPath,
    [
      '--disable-warning=ExperimentalWarning',
      '--conditions=@claviger/source',
      `--import=${TSX}`,
      MAIN,
      ...args,
    ],
    { env: { PATH: process.env['PATH'], ...directory.environment }, cwd: directory.path },
  );
}

function startGateway(): ChildProcessWithoutNullStreams {
  return start('up', '--kmip', '127.0.0.1:0', '--api', '127.0.0.1:0', '--json');
}

async function textOf(stream: NodeJS.ReadableStream): Promise<string> {
  let text = '';
  for await (const chunk of stream) text += String(chunk);
  return text;
}

async function endOf(child: ChildProcessWithoutNullStreams) {
  const [out, err, [code, signal]] = await Promise.all([
    textOf(child.stdout),
    textOf(child.stderr),
    once(child, 'exit'),
  ]);
  return { out, err, code: code as number | null, signal: signal as string | null };
}

describe('the process', () => {
  it.each(['SIGTERM', 'SIGINT'] as const)(
    'serves from ./data until %s, ends with 0, and prints nothing but the ready line',
    async (signal) => {
      const gateway = startGateway();
      gateway.stdout.once('data', () => gateway.kill(signal));
      const { out, err, code } = await endOf(gateway);
      expect(code).toBe(0);
      expect(out.split('\n')).toHaveLength(2);
      expect(JSON.parse(out)).toMatchObject({ ready: true, dataDir: join(directory.path, 'data') });
      const last = err.trim().split('\n').at(-1) ?? '';
      expect(JSON.parse(last)).toMatchObject({ level: 'info', msg: 'stopped' });
    },
  );

  it('survives that whoever read its ready line closes the pipe', async () => {
    const gateway = startGateway();
    await once(gateway.stdout, 'data');
    gateway.stdout.destroy();
    const list = start('adapter', 'list', '--json');
    expect(JSON.parse((await endOf(list)).out)).toHaveLength(1);
    expect(gateway.exitCode).toBeNull();
    const exit = once(gateway, 'exit');
    gateway.kill('SIGTERM');
    expect((await exit)[0]).toBe(0);
  });

  it('reads its certificate again at SIGHUP, and goes on', async () => {
    const gateway = startGateway();
    const [ready] = await once(gateway.stdout, 'data');
    const { serverCertificate } = JSON.parse(String(ready)).pki;
    const good = await readFile(serverCertificate, 'utf8');
    await writeFile(serverCertificate, 'broken');
    gateway.kill('SIGHUP');
    let log = '';
    for await (const chunk of gateway.stderr) {
      log += String(chunk);
      if (log.includes('the old one stays')) break;
    }
    await writeFile(serverCertificate, good);
    expect(gateway.exitCode).toBeNull();
    const exit = once(gateway, 'exit');
    gateway.kill('SIGTERM');
    expect((await exit)[0]).toBe(0);
  });

  it('ends with the code of its failure, one sentence and no stack', async () => {
    const failed = await endOf(start('adapter', 'list', '--data-dir', 'nowhere'));
    expect(failed).toMatchObject({ code: 3, out: '' });
    expect(failed.err).toMatch(/^error: There is no Claviger in .*\.\n$/);
    const verbose = await endOf(start('adapter', 'list', '--data-dir', 'nowhere', '--verbose'));
    expect(verbose.err).toMatch(/\n {4}at /);
  });
});
