/**
 * Promise: keys are in the clear nowhere but on the wire: not in the data directory, not in the log, not in
 * an event, whatever clients do.
 */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type KmipClient, KmipClientError } from '@claviger/kmip-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { clientOf } from '../gateway-client.ts';
import { type GatewayProcess, runClaviger, startGateway } from '../gateway-process.ts';
import { connectRaw } from '../raw-connection.ts';
import { request, text } from '../ttlv-request.ts';
import { carelessMessages } from './careless-messages.ts';
import { type Form, findForms, formsOf } from './forms.ts';
import { scanDirectory } from './scan-directory.ts';

const ENCRYPT = ['Encrypt', 'Decrypt'] as const;
const KEYS = [
  { version: '1.0', algorithm: 'AES', lengthBits: 128, usage: ENCRYPT },
  { version: '1.4', algorithm: 'AES', lengthBits: 256, usage: ENCRYPT },
  { version: '1.4', algorithm: 'DES3', lengthBits: 168, usage: ENCRYPT },
  { version: '2.1', algorithm: 'HMAC_SHA256', lengthBits: 512, usage: ['MACGenerate'] },
] as const;

async function refused(answer: Promise<unknown>): Promise<void> {
  await expect(answer).rejects.toBeInstanceOf(KmipClientError);
}

describe.each(['json', 'pretty'])('a gateway with a log for debugging, as %s', (format) => {
  const dataDirectory = mkdtempSync(join(tmpdir(), 'claviger-secrets-'));
  const env = { CLAVIGER_LOG__LEVEL: 'debug', CLAVIGER_LOG__FORMAT: format };
  const received: Uint8Array[] = [];
  const processes: GatewayProcess[] = [];
  let gateway: GatewayProcess;

  async function start(): Promise<void> {
    gateway = await startGateway({ dataDirectory, env });
    processes.push(gateway);
  }

  /** Makes a key in each way, works with it, and ends some. */
  async function liveLives(): Promise<void> {
    for (const { version, ...key } of KEYS) {
      const client = clientOf(gateway, undefined, { protocolVersion: version });
      const id = await client.create({ ...key, names: [`${key.algorithm} in ${version}`] });
      received.push(await materialOf(client, id));
      await client.activate(id);
      await client.getAttributes(id);
      await refused(client.destroy(id));
      await refused(client.get(id, { keyFormatType: 'PKCS_8' }));
      await getWithTooLittleRoom(client, id);
      await client.revoke(id, { reason: 'KeyCompromise' });
      if (version === '1.4') await client.destroy(id);
      await client.close();
    }
  }

  async function materialOf(client: KmipClient, id: string): Promise<Uint8Array> {
    const { material } = await client.get(id);
    if (material === undefined) throw new Error('Get brought no key.');
    return material.slice();
  }

  /** The answer with the key is made, and then may not be sent. */
  async function getWithTooLittleRoom(client: KmipClient, id: string): Promise<void> {
    const narrow = clientOf(gateway, undefined, { maximumMessageBytes: 180 });
    await refused(narrow.get(id));
    await narrow.close();
    expect(await client.getAttributeList(id)).not.toEqual([]);
  }

  /** The client is gone before its answer comes. */
  async function askAndLeave(id: string): Promise<void> {
    const connection = await connectRaw(gateway);
    for (let count = 0; count < 20; count++) {
      connection.send(request([1, 4], 'Get', text('UniqueIdentifier', id)));
    }
    connection.socket.destroy();
    await connection.closed;
  }

  async function beCareless(key: Uint8Array): Promise<void> {
    for (const message of Object.values(carelessMessages(key))) {
      const connection = await connectRaw(gateway);
      connection.send(message);
      connection.socket.end();
      while ((await connection.receive()) !== undefined);
      await connection.closed;
    }
  }

  beforeAll(async () => {
    await start();
    await liveLives();
    const client = clientOf(gateway);
    const lasting = await client.create({ algorithm: 'AES', lengthBits: 256, usage: ENCRYPT });
    received.push(await materialOf(client, lasting));
    await client.close();
    await askAndLeave(lasting);
    for (const key of received) await beCareless(key);
  });

  afterAll(async () => {
    await gateway.stop();
    rmSync(dataDirectory, { recursive: true, force: true });
  });

  function forms(): readonly Form[] {
    expect(received).toHaveLength(KEYS.length + 1);
    return received.flatMap(formsOf);
  }

  it('has no key bytes in any file of the data directory, running or killed', async () => {
    const running = scanDirectory(dataDirectory, forms());
    expect(running.finds).toEqual([]);
    expect(running.files).toEqual(expect.arrayContaining(['claviger.db', 'claviger.db-wal']));

    await gateway.kill('SIGKILL');
    const killed = scanDirectory(dataDirectory, forms());
    expect(killed.finds).toEqual([]);
    expect(killed.files).toContain('claviger.db-wal');

    await start();
  });

  it('has no key bytes in what it writes', () => {
    const log = processes.map(({ stderr }) => stderr).join('');
    const output = processes.map(({ stdout }) => stdout).join('');
    for (const line of ['a message was refused', 'an operation was refused']) {
      expect(log.split(line).length).toBeGreaterThan(KEYS.length);
    }
    expect(findForms(Buffer.from(log), forms())).toEqual([]);
    expect(findForms(Buffer.from(output), forms())).toEqual([]);
  });

  it('has no key bytes in its events', async () => {
    const data = ['--data-dir', dataDirectory];
    const { stdout } = await runClaviger(['events', 'list', '--json', ...data]);
    expect(stdout.match(/"hs-crypto.kmip-key.read"/g)?.length).toBeGreaterThan(KEYS.length);
    expect(findForms(Buffer.from(stdout), forms())).toEqual([]);

    const shown = await runClaviger(['object', 'list', '--json', ...data]);
    expect(shown.exitCode).toBe(0);
    expect(findForms(Buffer.from(shown.stdout), forms())).toEqual([]);
  });
});
