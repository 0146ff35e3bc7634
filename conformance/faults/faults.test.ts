/** The short form; `pnpm faults --kills 1000` kills at every point many times. */

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { clientOf } from '../gateway-client.ts';
import { type GatewayProcess, startGateway } from '../gateway-process.ts';
import { environmentOf, type StatementFault } from './injected-faults.ts';
import { killAtPoints } from './kill-at-points.ts';

const KEY = { algorithm: 'AES', lengthBits: 256, usage: ['Encrypt'] } as const;
const TIMEOUT_MS = 180_000;

/** A gateway in which a fault happens while `begin` was called and `end` was not. */
async function aGatewayWith(fault: Omit<StatementFault, 'whileExists'>) {
  const directory = mkdtempSync(join(tmpdir(), 'claviger-fault-'));
  const whileExists = join(directory, 'fault-is-on');
  const dataDirectory = join(directory, 'data');
  const env = environmentOf({ faults: [{ ...fault, whileExists }] });
  const gateway = await startGateway({ dataDirectory, env });
  onTestFinished(async () => {
    await gateway.kill('SIGKILL');
    rmSync(directory, { recursive: true, force: true });
  });
  return {
    gateway,
    begin: () => writeFileSync(whileExists, ''),
    end: () => rmSync(whileExists),
  };
}

async function createKey(gateway: GatewayProcess): Promise<string> {
  const client = clientOf(gateway);
  try {
    return await client.create(KEY);
  } finally {
    await client.close();
  }
}

async function readKey(gateway: GatewayProcess, id: string): Promise<Uint8Array | undefined> {
  const client = clientOf(gateway);
  try {
    return (await client.get(id)).material;
  } finally {
    await client.close();
  }
}

describe('a gateway that is killed at a step of a commit', () => {
  const seed = 1 + (Date.now() % 1_000_000);

  it(`has lost nothing that it acknowledged, and no event (seed ${seed})`, {
    timeout: TIMEOUT_MS,
  }, async () => {
    const report = await killAtPoints({ kills: 4, seed, killsPerComparison: 4 });
    expect(report).toMatchObject({ kills: 4, comparisons: 1, problems: [] });
  });
});

describe('a gateway whose store is lost', () => {
  it('ends with code 3 and a sentence when the thread that writes is lost, and starts again', {
    timeout: TIMEOUT_MS,
  }, async () => {
    const { gateway, begin, end } = await aGatewayWith({
      sql: '^COMMIT$',
      when: 'before',
      effect: 'end-thread',
    });
    const id = await createKey(gateway);
    const material = await readKey(gateway, id);
    begin();
    await expect(createKey(gateway)).rejects.toThrow();
    await expect.poll(() => gateway.exitCode, { timeout: 60_000 }).toBe(3);
    expect(gateway.stderr).toMatch(/thread of the key store stopped .*restart/);
    end();
    const again = await startGateway({ dataDirectory: gateway.dataDirectory });
    onTestFinished(() => again.kill('SIGKILL'));
    expect(await readKey(again, id)).toEqual(material);
  });
});
