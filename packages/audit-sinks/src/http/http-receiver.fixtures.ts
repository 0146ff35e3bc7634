/** A collector for tests, that takes batches or behaves as badly as it is told. */

import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';

export interface Received {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  /** As it came. */
  readonly bytes: Buffer;
  /** Without compression. */
  readonly text: string;
}

export interface HttpReceiver {
  readonly url: string;
  readonly received: Received[];
  /** Answers a request; 204 until set. */
  behave: (response: ServerResponse, request: Received) => void;
  close(): Promise<void>;
}

interface TlsServerOptions {
  readonly key: string;
  readonly cert: string;
  readonly ca?: string;
  readonly requestCert?: boolean;
}

export async function startHttpReceiver(tls?: TlsServerOptions): Promise<HttpReceiver> {
  const received: Received[] = [];
  const server: Server = tls ? createTlsServer(tls, handle) : createServer(handle);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  // `listen` on a port makes this an address, not the name of a pipe.
  const { port } = server.address() as AddressInfo;
  const receiver: HttpReceiver = {
    url: `${tls ? 'https://localhost' : 'http://127.0.0.1'}:${port}/events`,
    received,
    behave: (response) => response.writeHead(204).end(),
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const parts: Buffer[] = [];
    try {
      for await (const part of request) parts.push(part);
    } catch {
      return; // the sender broke off
    }
    const bytes = Buffer.concat(parts);
    const plain = request.headers['content-encoding'] === 'gzip' ? gunzipSync(bytes) : bytes;
    const { method = '', url: path = '', headers } = request;
    const one = { method, path, headers, bytes, text: plain.toString() };
    received.push(one);
    receiver.behave(response, one);
  }

  return receiver;
}
