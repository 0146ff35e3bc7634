/** A collector over HTTPS, of ours, that fails at random in every way it can. */

import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, type Server } from 'node:https';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { gunzipSync } from 'node:zlib';
import { createRandom } from '../../seeded-random.ts';
import { freePort } from '../free-port.ts';
import { makeTlsFiles } from '../tls-files.ts';
import type { PeerStart } from './peer.ts';

const SECRET = 'conformance only';
const DOWN_MS = 300;
const SLOW_MS = 200;

/** What it does with a request: most are taken. `keeps` says whether the events are its own afterwards. */
const MOODS = [
  { name: 'breaks off before it has read', weight: 4, keeps: false },
  { name: 'answers 500', weight: 5, keeps: false },
  { name: 'answers 429', weight: 2, keeps: false },
  { name: 'takes it and breaks off', weight: 4, keeps: true },
  { name: 'says 200, breaks off, and has lost it', weight: 4, keeps: false },
  { name: 'takes it slowly', weight: 3, keeps: true },
  { name: 'takes it', weight: 78, keeps: true },
] as const;

export const collectorPeer: PeerStart = {
  kind: 'ready',
  async start(directory) {
    const { server: tls, client } = await makeTlsFiles(directory);
    const secret = join(directory, 'hmac.secret');
    writeFileSync(secret, `${SECRET}\n`, { mode: 0o600 });
    const port = await freePort();
    const random = createRandom(Date.now());
    const moods = MOODS.flatMap((mood) => Array.from({ length: mood.weight }, () => mood));
    const kept: string[] = [];
    let server = await listen();

    async function listen(): Promise<Server> {
      const made = createServer(
        {
          ca: readFileSync(tls.ca),
          cert: readFileSync(tls.certificate),
          key: readFileSync(tls.key),
          requestCert: true,
          rejectUnauthorized: true,
        },
        (request, response) => void handle(request, response),
      ).listen(port, '127.0.0.1');
      await once(made, 'listening');
      return made;
    }

    async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
      const mood = random.pick(moods);
      if (mood.name === 'breaks off before it has read') return void request.destroy();
      const body = await readBody(request);
      if (body === undefined) return;
      if (!isSigned(request, body)) return void response.writeHead(401).end();
      if (mood.keeps) kept.push(...body.slice(1, -1).split(',\n'));
      switch (mood.name) {
        case 'answers 500':
          return void response.writeHead(500).end('try again');
        case 'answers 429':
          return void response.writeHead(429, { 'retry-after': '1' }).end();
        case 'takes it and breaks off':
          return void response.destroy();
        case 'says 200, breaks off, and has lost it':
          response.writeHead(200, { 'content-length': 10 }).write('{');
          await delay(5);
          return void response.destroy();
        case 'takes it slowly':
          await delay(SLOW_MS);
          return void response.writeHead(200).end('{}');
        case 'takes it':
          return void response.writeHead(202).end();
      }
    }

    async function down(): Promise<void> {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    }

    return {
      sink: { kind: 'https', url: `https://localhost:${port}/events`, tls: client, secret },
      async harm() {
        await down();
        await delay(DOWN_MS);
        server = await listen();
      },
      received: async () => kept,
      stop: down,
    };
  },
};

async function readBody(request: IncomingMessage): Promise<string | undefined> {
  const parts: Buffer[] = [];
  try {
    for await (const part of request) parts.push(part);
  } catch {
    return undefined; // the sender was killed
  }
  return gunzipSync(Buffer.concat(parts)).toString();
}

function isSigned(request: IncomingMessage, body: string): boolean {
  const [, seconds, mac] =
    /^t=(\d+),v1=([0-9a-f]{64})$/.exec(String(request.headers['claviger-signature'])) ?? [];
  return mac === createHmac('sha256', SECRET).update(`${seconds}.${body}`).digest('hex');
}
