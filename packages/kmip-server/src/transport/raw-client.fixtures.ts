/** A client that sends whatever bytes a test likes, over real TLS. */

import { once } from 'node:events';
import { type ConnectionOptions, connect, type TLSSocket } from 'node:tls';
import type { CertifiedKey } from '@claviger/pki';
import { createFrameReader } from '@claviger/ttlv-codec';
import type { Rig } from '../server.fixtures.ts';

export interface RawClient {
  readonly socket: TLSSocket;
  write(bytes: Uint8Array): void;
  /** The next whole message; undefined when the server has ended. */
  next(): Promise<Uint8Array | undefined>;
  /** TLS sessions that could be resumed: at the handshake in TLS 1.2, some time after it in 1.3. */
  readonly sessions: readonly Buffer[];
  /** Resolves when the connection is closed, however. */
  readonly closed: Promise<void>;
}

/** Connects; does not wait for TLS. @param owner - Null for a client without a certificate. */
export function startRawClient(
  rig: Rig,
  owner: CertifiedKey | null = rig.adapters.first.certificate,
  options: ConnectionOptions = {},
): RawClient {
  const socket = connect({
    host: rig.host,
    port: rig.port,
    ca: rig.serverCertificate.certificate.pem,
    ...(owner && { cert: owner.certificate.pem, key: owner.privateKeyPem }),
    ...options,
  });
  socket.allowHalfOpen = true;
  const reader = createFrameReader({ maxMessageBytes: 64 * 1024 * 1024 });
  const sessions: Buffer[] = [];
  socket.on('session', (session) => sessions.push(session));
  const chunks = socket[Symbol.asyncIterator]();
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  socket.on('error', () => {}); // being cut off is what some tests are about
  return {
    socket,
    write(bytes) {
      socket.write(bytes);
    },
    async next() {
      for (;;) {
        const frame = reader.next();
        if (frame !== undefined) return frame;
        const chunk = await chunks.next().catch(() => ({ done: true, value: undefined }) as const);
        if (chunk.done === true) return undefined;
        reader.push(chunk.value);
      }
    },
    sessions,
    closed,
  };
}

/** Connects and waits for TLS. */
export async function connectRawClient(
  ...parameters: Parameters<typeof startRawClient>
): Promise<RawClient> {
  const client = startRawClient(...parameters);
  await once(client.socket, 'secureConnect');
  return client;
}
