/** What is shut in a gateway that runs, seen from outside, and the files that it refuses to start with. */

import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execPath } from 'node:process';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import {
  GatewayFailure,
  type GatewayOptions,
  type GatewayProcess,
  NODE_FLAGS,
  startGateway,
} from '../gateway-process.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const UNIT = new URL(
  'packages/gateway/docs/systemd/claviger.service',
  new URL('../../', import.meta.url),
);
const PROBE = new URL('probe-runtime.mjs', import.meta.url);
const DATA_EXIT_CODE = 3;
const GROUP_AND_OTHERS = 0o077;

const Probed = z.object({ pid: z.number(), isMainThread: z.boolean(), hasProto: z.boolean() });

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'claviger-hardening-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

/** Starts a gateway, looks at it and stops it. */
async function whileRunning(
  options: GatewayOptions,
  look: (gateway: GatewayProcess) => void | Promise<void>,
): Promise<void> {
  const gateway = await startGateway({ dataDirectory: join(directory, 'data'), ...options });
  try {
    await look(gateway);
  } finally {
    await gateway.stop();
  }
}

it('has no __proto__ in any of its threads, when it is started by the script', async () => {
  const probes = join(directory, 'probes.ndjson');
  const { scripts } = z
    .object({ scripts: z.object({ claviger: z.string() }) })
    .parse(JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')));
  // Instead of node, its flags and main.js: what the script says, with what follows them.
  const command = scripts.claviger.replace(/^node /, '"$0" ');
  const via = ['sh', '-c', `cd "$ROOT" && shift ${NODE_FLAGS.length + 1} && exec ${command} "$@"`];
  const env = { ROOT, PROBE_FILE: probes, NODE_OPTIONS: `--import=${PROBE.href}` };
  await whileRunning({ via, env }, ({ pid }) => {
    const threads = readProbes(probes);
    expect(threads[0]).toEqual({ pid, isMainThread: true, hasProto: false });
    // Those of the database.
    expect(threads.length).toBeGreaterThanOrEqual(3);
    expect(threads.filter(({ hasProto }) => hasProto)).toEqual([]);
  });
  // The probe finds it where nobody has taken it away.
  const others = join(directory, 'others.ndjson');
  spawnSync(execPath, ['--eval', '0'], { env: { ...env, PROBE_FILE: others } });
  expect(readProbes(others)).toMatchObject([{ hasProto: true }]);
}, 120_000);

describe.skipIf(process.platform !== 'linux')('on Linux', () => {
  it('writes no core dump with the limit that the unit sets', async () => {
    const limit = /^LimitCORE=(\d+)$/m.exec(readFileSync(UNIT, 'utf8'))?.[1];
    await whileRunning({ via: ['prlimit', `--core=${limit}`] }, ({ pid }) => {
      const limits = readFileSync(`/proc/${pid}/limits`, 'utf8');
      expect(limits).toMatch(/^Max core file size +0 +0 /m);
    });
  }, 120_000);
});

describe.skipIf(process.platform === 'win32')('files (not on Windows, which has no modes)', () => {
  it('are for its account alone, but for certificates, whatever the mask of the account', async () => {
    const via = ['sh', '-c', 'umask 0; exec "$0" "$@"'];
    await whileRunning({ via }, ({ dataDirectory }) => {
      const open = readdirSync(dataDirectory, { recursive: true, encoding: 'utf8' }).filter(
        (path) => isOpenToOthers(join(dataDirectory, path)),
      );
      expect(isOpenToOthers(dataDirectory)).toBe(false);
      expect(open.sort()).toEqual(['pki/ca.crt', 'pki/client.crt', 'pki/server.crt']);
    });
  }, 120_000);

  it('that are secret and that others can read are refused, each by its name', async () => {
    const dataDirectory = join(directory, 'data');
    const passphraseFile = join(directory, 'passphrase');
    writeFileSync(passphraseFile, 'correct horse battery staple\n', { mode: 0o600 });
    await whileRunning({}, () => {});
    const secrets = ['keys/master.key', 'keys/token-signing.key', 'pki/server.key', 'pki/ca.key'];
    for (const name of secrets) {
      const path = join(dataDirectory, name);
      chmodSync(path, 0o644);
      expect(await startedWith(dataDirectory), name).toEqual(refusalOf(path));
      chmodSync(path, 0o600);
    }
    chmodSync(passphraseFile, 0o644);
    const env = {
      CLAVIGER_MASTER_KEY__PROVIDER: 'passphrase',
      CLAVIGER_MASTER_KEY__PASSPHRASE_FILE: passphraseFile,
    };
    expect(await startedWith(join(directory, 'other'), env)).toEqual(refusalOf(passphraseFile));
    // Nothing was lost by it.
    await whileRunning({}, ({ exitCode }) => expect(exitCode).toBeNull());
  }, 300_000);

  it('seal no log with a key that others can read, and the program log says so', async () => {
    await whileRunning({}, () => {});
    const path = join(directory, 'data', 'keys', 'audit-signing.key');
    chmodSync(path, 0o644);
    await whileRunning({}, async (gateway) => {
      const told = () =>
        gateway.stderr.split('\n').filter((line) => line.includes('is not sealed'));
      await expect.poll(told, { timeout: 60_000 }).toHaveLength(1);
      expect(told()[0]).toContain(`run: chmod 600 ${path}`);
    });
  }, 180_000);
});

function readProbes(path: string) {
  const lines = readFileSync(path, 'utf8').trim().split('\n');
  return lines.map((line) => Probed.parse(JSON.parse(line)));
}

function isOpenToOthers(path: string): boolean {
  return (statSync(path).mode & GROUP_AND_OTHERS) !== 0;
}

/** How a start has failed. */
async function startedWith(dataDirectory: string, env: Readonly<Record<string, string>> = {}) {
  try {
    const gateway = await startGateway({ dataDirectory, env });
    await gateway.stop();
    return undefined;
  } catch (error) {
    if (!(error instanceof GatewayFailure)) throw error;
    const { ending, message } = error;
    return { ending, last: message.trim().split('\n').at(-1) };
  }
}

/** One sentence that says what is wrong and what to do. */
function refusalOf(path: string) {
  const words = `${path} is open to others than its owner (mode 644); run: chmod 600 ${path}`;
  return { ending: DATA_EXIT_CODE, last: expect.stringContaining(words) };
}
