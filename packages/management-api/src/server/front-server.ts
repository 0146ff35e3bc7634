/**
 * The port of an API behind balancers: takes connections, has read who the client is, and hands them to
 * the server of HTTP, which listens on nothing itself.
 */

import type { Server as HttpServer } from 'node:http';
import { createServer, type Server, type Socket } from 'node:net';
import type { ClientAddresses } from './client-addresses.ts';

export interface FrontServerOptions {
  /** Undefined closes the connection. */
  readClientAddress(socket: Socket): Promise<string | undefined>;
  readonly addresses: ClientAddresses;
  readonly maxConnections: number;
}

export interface FrontServer {
  readonly server: Server;
  /** Takes no more, and ends what was not handed over. */
  close(): Promise<void>;
}

/** Nothing listens before the result does. */
export function createFrontServer(http: HttpServer, options: FrontServerOptions): FrontServer {
  const { readClientAddress, addresses } = options;
  const reading = new Set<Socket>();
  const server = createServer({ noDelay: true }, (socket) => void handOver(socket));
  server.maxConnections = options.maxConnections;

  async function handOver(socket: Socket): Promise<void> {
    // One that breaks is closed; there is nobody to tell yet.
    socket.on('error', () => socket.destroy());
    reading.add(socket);
    const address = await readClientAddress(socket);
    reading.delete(socket);
    if (address === undefined || socket.destroyed) return void socket.destroy();
    addresses.remember(socket, address);
    // As node:http documents for connections that others have accepted.
    http.emit('connection', socket);
  }

  return {
    server,
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const socket of reading) socket.destroy();
      http.closeIdleConnections();
      await closed;
    },
  };
}
