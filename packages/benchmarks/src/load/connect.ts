/** Mutual TLS connections of the load process. */

import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect, createSecureContext, type SecureContext, type TLSSocket } from 'node:tls';
import { createFrameReader } from '@claviger/ttlv-codec';
import type { LoadPlan } from './load-plan.ts';

export interface Opened {
  readonly socket: TLSSocket;
  /** Comes after the handshake, when the server gives one out; never, when it does not. */
  readonly session: Promise<Uint8Array>;
}

export interface Connector {
  /**
   * Resolves when the client's side of the handshake is done.
   *
   * @param session - Of an earlier connection, to be taken up.
   */
  open(session?: Uint8Array): Promise<Opened>;
}

export function createConnector({ host, port, tls }: LoadPlan): Connector {
  const secureContext: SecureContext = createSecureContext({
    ca: readFileSync(tls.ca),
    cert: readFileSync(tls.cert),
    key: readFileSync(tls.key),
    minVersion: 'TLSv1.2',
  });
  return {
    async open(taken) {
      const socket = connect({
        host,
        port,
        secureContext,
        // Whose certificate it is was decided by the authority; addresses of a test stand in none.
        checkServerIdentity: () => undefined,
        // Node's declarations know no bytes but Buffer.
        ...(taken !== undefined && { session: Buffer.from(taken) }),
      });
      socket.setNoDelay(true);
      // It may come with the last bytes of the handshake.
      const session = new Promise<Uint8Array>((resolve) => socket.once('session', resolve));
      await once(socket, 'secureConnect');
      return { socket, session };
    },
  };
}

const MAX_ANSWER_BYTES = 16 * 1024 * 1024;

/** Calls back for each whole answer. */
export function onAnswer(socket: TLSSocket, take: (answer: Uint8Array) => void): void {
  const reader = createFrameReader({ maxMessageBytes: MAX_ANSWER_BYTES });
  socket.on('data', (chunk: Uint8Array) => {
    reader.push(chunk);
    for (let frame = reader.next(); frame !== undefined; frame = reader.next()) take(frame);
  });
}
