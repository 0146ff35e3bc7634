/**
 * Moto's S3, behind a relay that breaks connections. The store keeps its objects in memory, so that it is
 * the way to it that is harmed.
 */

import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { preparePython } from '../../python-environment.ts';
import { createRandom } from '../../seeded-random.ts';
import { freePort } from '../free-port.ts';
import { startProgram } from '../peer-program.ts';
import type { PeerStart } from './peer.ts';

const FOLDER = fileURLToPath(new URL('../s3-store/', import.meta.url));
const BUCKET = 'audit';
/** The store asks who reads, and takes every answer. */
const READER = 'AWS4-HMAC-SHA256 Credential=id/20260302/us-east-1/s3/aws4_request';
const DOWN_MS = 300;
/** A connection is broken instead of the answer after at most so many. */
const MOST_ANSWERS = 12;

/** Needs Python. */
export async function s3Peer(): Promise<PeerStart> {
  const environment = await preparePython(FOLDER);
  if (environment.kind === 'missing') return environment;
  return { kind: 'ready', start: () => startStore(environment.path) };
}

async function startStore(python: string) {
  const port = await freePort();
  const args = ['-m', 'moto.server', '-H', '127.0.0.1', '-p', String(port)];
  const store = await startProgram(python, args, port);
  const bucket = `http://127.0.0.1:${port}/${BUCKET}`;
  const made = await fetch(bucket, { method: 'PUT' });
  if (!made.ok) throw new Error(`The store made no bucket: ${made.status}`);
  const relay = await startRelay(port);

  async function keys(): Promise<readonly string[]> {
    const found: string[] = [];
    for (;;) {
      const after = encodeURIComponent(found.at(-1) ?? '');
      const page = await (await fetch(`${bucket}?list-type=2&start-after=${after}`)).text();
      const more = [...page.matchAll(/<Key>([^<]+)<\/Key>/g)].map(([, key]) => key ?? '');
      if (more.length === 0) return found;
      found.push(...more);
    }
  }

  return {
    sink: { kind: 's3' as const, endpoint: `http://127.0.0.1:${relay.port}`, bucket: BUCKET },
    async harm() {
      relay.down();
      await delay(DOWN_MS);
      relay.up();
    },
    async received() {
      const lines: string[] = [];
      for (const key of await keys()) {
        const path = key.split('/').map(encodeURIComponent).join('/');
        const object = await fetch(`${bucket}/${path}`, { headers: { authorization: READER } });
        if (!object.ok) throw new Error(`The store does not give ${key}: ${object.status}`);
        const text = gunzipSync(await object.arrayBuffer()).toString();
        lines.push(...text.split('\n').slice(0, -1));
      }
      return lines;
    },
    async stop() {
      await relay.close();
      await store.stop();
    },
  };
}

/**
 * Passes requests on and loses some answers, with their connection. Requests are not cut: unlike a real
 * store, this one keeps a part of an object, and says nothing of it.
 */
async function startRelay(target: number) {
  const random = createRandom(Date.now());
  const sockets = new Set<Socket>();
  let isUp = true;
  const server = createServer((socket) => {
    if (!isUp) return void socket.resetAndDestroy();
    const other = connect(target, '127.0.0.1');
    let answers = random.integer(0, MOST_ANSWERS);
    other.on('data', () => {
      answers -= 1;
      if (answers < 0) for (const end of [socket, other]) end.destroy();
    });
    for (const [from, to] of [
      [socket, other],
      [other, socket],
    ] as const) {
      sockets.add(from);
      from.on('error', () => to.destroy());
      from.on('close', () => {
        sockets.delete(from);
        to.destroy();
      });
      from.on('data', (part) => to.write(part));
    }
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();

  const breakAll = () => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    down() {
      isUp = false;
      breakAll();
    },
    up() {
      isUp = true;
    },
    async close() {
      breakAll();
      server.close();
      await once(server, 'close');
    },
  };
}
