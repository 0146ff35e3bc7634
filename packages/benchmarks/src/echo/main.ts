/**
 * The limit: node:tls with the gateway's settings, and a constant answer for each message. What is faster
 * than this is no Node server. Its own process; argument: a JSON file with the `EchoPlan`.
 */

import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { createServer as createTlsServer, type TLSSocket } from 'node:tls';
import { tlsOptions } from '@claviger/kmip-server/tls-options';
import { createFrameReader } from '@claviger/ttlv-codec';
import { EchoPlan } from './echo-plan.ts';

const MAX_MESSAGE_BYTES = 1024 * 1024;
const HANDSHAKE_TIMEOUT_MS = 10_000;

const [path = ''] = process.argv.slice(2);
const plan = EchoPlan.parse(JSON.parse(readFileSync(path, 'utf8')));
const answers = new Map(
  plan.answers.map(({ requestBytes, answer }) => [requestBytes, Buffer.from(answer, 'base64')]),
);

const identity = { cert: readFileSync(plan.cert, 'utf8'), key: readFileSync(plan.key, 'utf8') };
const settings = { handshakeTimeoutMs: HANDSHAKE_TIMEOUT_MS, oldClients: false };
const tls = createTlsServer(tlsOptions(identity, settings), serve);
tls.on('tlsClientError', (_, socket) => socket.destroy());
const server = createServer({ noDelay: true }, (socket) => tls.emit('connection', socket));
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  process.stdout.write(`${JSON.stringify({ ready: true, port })}\n`);
});

function serve(socket: TLSSocket): void {
  const reader = createFrameReader({ maxMessageBytes: MAX_MESSAGE_BYTES });
  socket.on('error', () => socket.destroy());
  socket.on('data', (chunk: Uint8Array) => {
    reader.push(chunk);
    for (let frame = reader.next(); frame !== undefined; frame = reader.next()) {
      const answer = answers.get(frame.length);
      if (answer === undefined) socket.destroy();
      else socket.write(answer);
    }
  });
}
