/** Connections that cost the process of load as little as may be: requests are bytes, answers are counted. */

import { readFileSync } from 'node:fs';
import { connect, createSecureContext, type TLSSocket } from 'node:tls';
import { createFrameReader } from '@claviger/ttlv-codec';
import type { LoadPlan } from './load-plan.ts';

export interface LoadConnection {
  readonly socket: TLSSocket;
  /** @param onAnswer - Told of each answer, and whether it is a success. */
  read(onAnswer: (isSuccess: boolean) => void): void;
}

/** Result Status, an Enumeration of 4 bytes: Success. */
const SUCCESS = Buffer.from('42007f050000000400000000', 'hex');
const MAX_ANSWER_BYTES = 1024 * 1024;

/** @returns what opens a connection; it rejects when there is no TLS. */
export function createOpener(
  plan: Pick<LoadPlan, 'host' | 'port' | 'ca' | 'cert' | 'key'>,
): () => Promise<LoadConnection> {
  const { host, port } = plan;
  const secureContext = createSecureContext({
    ca: readFileSync(plan.ca),
    cert: readFileSync(plan.cert),
    key: readFileSync(plan.key),
  });
  return () =>
    new Promise((resolve, reject) => {
      const socket = connect({ host, port, secureContext });
      socket.once('secureConnect', () => {
        socket.off('error', reject);
        socket.on('error', () => {}); // lost is lost, by whatever error
        resolve({ socket, read: (onAnswer) => read(socket, onAnswer) });
      });
      socket.once('error', reject);
    });
}

function read(socket: TLSSocket, onAnswer: (isSuccess: boolean) => void): void {
  const reader = createFrameReader({ maxMessageBytes: MAX_ANSWER_BYTES });
  socket.on('data', (chunk: Uint8Array) => {
    reader.push(chunk);
    for (let answer = reader.next(); answer !== undefined; answer = reader.next()) {
      onAnswer(Buffer.from(answer.buffer, answer.byteOffset, answer.byteLength).includes(SUCCESS));
    }
  });
}
