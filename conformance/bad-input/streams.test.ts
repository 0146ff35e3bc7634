/**
 * Promise: whatever a client does with its connections, the others are served, and what it costs is
 * bounded. Here the bytes are good and the way in which they come is not.
 */

import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { KmipClient } from '@claviger/kmip-client';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import {
  addAdapter,
  type ClientCertificate,
  makeClientCertificate,
} from '../client-certificates.ts';
import { clientOf } from '../gateway-client.ts';
import { type GatewayProcess, startGateway } from '../gateway-process.ts';
import { connectRaw, parseAnswer, type RawConnection } from '../raw-connection.ts';
import { batchItem, enumeration, header, request, requestMessage } from '../ttlv-request.ts';
import { canMeasureMemory, MAX_RESIDENT_MIB, residentMiB } from './resident-memory.ts';

const CONNECTIONS_PER_CERTIFICATE = 150;

/** Time limits that a test can wait for. */
const CONFIGURATION = `
data_dir = "data"

[[kmip.listeners]]
host = "127.0.0.1"
port = 0
max_connections = 400
max_connections_per_certificate = ${CONNECTIONS_PER_CERTIFICATE}
handshake_timeout_ms = 3000
idle_timeout_ms = 4000

[api]
host = "127.0.0.1"
port = 0

[audit]
# Reads of the server leave no event then, so that thousands of them cost no thousand commits.
extension_actions = false
`;

const V1_4 = [1, 4] as const;
const DISCOVER_VERSIONS = request(V1_4, 'DiscoverVersions');
const QUERY_OPERATIONS = 1;

/** A request that has an answer some hundred times as large. */
function largeQuery(): Uint8Array {
  const items = Array.from({ length: 100 }, () =>
    batchItem('Query', [enumeration('QueryFunction', QUERY_OPERATIONS)], new Uint8Array(8)),
  );
  return requestMessage(header(V1_4, items.length), ...items);
}

function numbered(number: number): Uint8Array {
  const id = new Uint8Array(4);
  new DataView(id.buffer).setUint32(0, number);
  return id;
}

describe('a gateway with a difficult client', () => {
  const directory = mkdtempSync(join(tmpdir(), 'claviger-streams-'));
  let gateway: GatewayProcess;
  let difficult: ClientCertificate;
  let witness: KmipClient;

  beforeAll(async () => {
    const configFile = join(directory, 'claviger.toml');
    writeFileSync(configFile, CONFIGURATION);
    const dataDirectory = join(directory, 'data');
    gateway = await startGateway({ dataDirectory, configFile });
    difficult = await makeClientCertificate(directory, 'difficult');
    const good = await makeClientCertificate(directory, 'good');
    await addAdapter(dataDirectory, 'tenant', [difficult, good]);
    witness = clientOf(gateway, good);
  });

  afterAll(async () => {
    await witness.close();
    await gateway.stop();
    rmSync(directory, { recursive: true, force: true });
  });

  afterEach(checkOthers);

  async function checkOthers(): Promise<void> {
    expect(await witness.discoverVersions()).toContain('1.4');
    if (canMeasureMemory) expect(residentMiB(gateway.pid)).toBeLessThan(MAX_RESIDENT_MIB);
  }

  async function connected(): Promise<RawConnection> {
    return await connectRaw(gateway, difficult);
  }

  async function silentTcp(): Promise<Socket> {
    const socket = connect(gateway.kmip.port, gateway.kmip.host);
    socket.on('error', () => {});
    await once(socket, 'connect');
    return socket.resume();
  }

  it('answers a message that comes in single bytes', async () => {
    const connection = await connected();
    connection.socket.setNoDelay(true);
    for (const byte of DISCOVER_VERSIONS) {
      connection.send(Uint8Array.of(byte));
      await delay(1);
    }

    const answer = parseAnswer((await connection.receive()) ?? new Uint8Array());
    expect(answer.items).toMatchObject([{ resultStatus: 'Success' }]);
    connection.socket.end();
  });

  it('answers messages that are cut and joined anywhere', async () => {
    const connection = await connected();
    const COUNT = 50;
    const stream = Buffer.concat(Array.from({ length: COUNT }, () => DISCOVER_VERSIONS));
    for (let at = 0; at < stream.length; at += 77) {
      connection.send(stream.subarray(at, at + 77));
      if (at % 3 === 0) await delay(0);
    }

    for (let count = 0; count < COUNT; count++) {
      const answer = parseAnswer((await connection.receive()) ?? new Uint8Array());
      expect(answer.items).toMatchObject([{ resultStatus: 'Success' }]);
    }
    connection.socket.end();
  });

  it('drops a message whose end does not come, with a log line', async () => {
    const cutOff = await connected();
    cutOff.send(DISCOVER_VERSIONS.subarray(0, 60));
    cutOff.socket.end();
    const stopped = await connected();
    stopped.send(DISCOVER_VERSIONS.subarray(0, 60));

    expect(await cutOff.receive()).toBeUndefined();
    expect(await stopped.receive()).toBeUndefined();
    const lines = gateway.stderr.split('\n').filter((line) => line.includes('"level":"warn"'));
    expect(lines.filter((line) => line.includes('truncated'))).toHaveLength(2);
  });

  it('answers ten thousand requests, in their order, that came before the first answer was taken', async () => {
    const COUNT = 10_000;
    const connection = await connected();
    for (let number = 0; number < COUNT; number++) {
      const item = batchItem('DiscoverVersions', [], numbered(number));
      connection.send(requestMessage(header(V1_4), item));
    }
    await delay(1000);
    await checkOthers();

    for (let number = 0; number < COUNT; number++) {
      const answer = parseAnswer((await connection.receive()) ?? new Uint8Array());
      expect(answer.items[0]?.uniqueBatchItemID).toEqual(numbered(number));
    }
    connection.socket.end();
  });

  it('reads no further while a client does not take its answers', async () => {
    const connection = await connected();
    const query = largeQuery();
    // More than both systems together hold for a connection.
    const COUNT = 8000;
    for (let count = 0; count < COUNT; count++) connection.send(query);
    let left = -1;
    while (left !== connection.socket.writableLength) {
      left = connection.socket.writableLength;
      await delay(1000);
    }

    expect(left).toBeGreaterThan((COUNT * query.length) / 4);
    await checkOthers();
    connection.socket.destroy();
  });

  it('closes connections that never speak TLS, and those that are idle', async () => {
    const silent = await Promise.all(Array.from({ length: 100 }, silentTcp));
    const idle = await Promise.all(Array.from({ length: 50 }, connected));
    await checkOthers();

    await Promise.all([
      ...silent.map((socket) => socket.destroyed || once(socket, 'close')),
      ...idle.map(async (connection) => expect(await connection.receive()).toBeUndefined()),
    ]);
  });

  it('lets one certificate open so many connections and no more', async () => {
    const open = await Promise.all(
      Array.from({ length: CONNECTIONS_PER_CERTIFICATE + 20 }, connected),
    );
    const answered = await Promise.all(
      open.map(async (connection) => {
        connection.send(DISCOVER_VERSIONS);
        return (await connection.receive()) !== undefined;
      }),
    );
    expect(answered.filter((isAnswered) => isAnswered)).toHaveLength(CONNECTIONS_PER_CERTIFICATE);
    await checkOthers();

    for (const { socket } of open) socket.destroy();
    await expect
      .poll(async () => {
        const connection = await connected();
        connection.send(DISCOVER_VERSIONS);
        const answer = await connection.receive();
        connection.socket.end();
        return answer;
      })
      .toBeDefined();
  });
});
