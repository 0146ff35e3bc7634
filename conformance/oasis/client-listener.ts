/** The client of a case as the one that is asked: it listens for the server, as an endpoint that was registered. */

import { once } from 'node:events';
import { createServer, type TLSSocket } from 'node:tls';
import { type CaseConnection, ConnectionError, framed, type Identity } from './connection.ts';

export interface ClientListener {
  readonly port: number;
  /** The newest connection that the server has made. @throws ConnectionError when it makes none in time. */
  accept(timeoutMs: number): Promise<CaseConnection>;
  close(): Promise<void>;
}

/** @param ca - What the certificate of the server must lead to, PEM. */
export async function listenForServer(
  { cert, key }: Identity,
  ca: string,
): Promise<ClientListener> {
  const sockets = new Set<TLSSocket>();
  let newest: CaseConnection | undefined;
  let wake = () => {};
  const server = createServer({ cert, key, ca, requestCert: true, minVersion: 'TLSv1.2' });
  server.on('secureConnection', (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    newest = framed(socket);
    wake();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('There is no address.');
  return {
    port: address.port,
    async accept(timeoutMs) {
      if (newest !== undefined) return newest;
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, timeoutMs);
        wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
      if (newest !== undefined) return newest;
      throw new ConnectionError(`the server did not connect within ${timeoutMs} ms`);
    },
    async close() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
