import type { RequestListener } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { Endpoint } from '../config/endpoint.ts';

export interface ApiServer {
  /** @throws what node:net throws, e.g. `EADDRINUSE`. */
  listen(endpoint: Endpoint): Promise<Endpoint>;
  /** Answers what was asked already, then closes. */
  close(): Promise<void>;
}

const REQUEST_TIMEOUT_MS = 10_000;
const MAX_CONNECTIONS = 256;

/** HTTPS on node:https with the limits that a small endpoint needs. */
export function createApiServer(
  tls: { readonly cert: string; readonly key: string },
  listener: RequestListener,
): ApiServer {
  const server: Server = createServer(
    {
      cert: tls.cert,
      key: tls.key,
      minVersion: 'TLSv1.2',
      handshakeTimeout: REQUEST_TIMEOUT_MS,
      requestTimeout: REQUEST_TIMEOUT_MS,
      headersTimeout: REQUEST_TIMEOUT_MS,
      keepAliveTimeout: REQUEST_TIMEOUT_MS,
      maxHeaderSize: 8 * 1024,
    },
    listener,
  );
  server.maxConnections = MAX_CONNECTIONS;
  return {
    async listen({ host, port }) {
      await new Promise<void>((resolve, reject) => {
        server.once('error', reject);
        server.listen(port, host, () => {
          server.off('error', reject);
          resolve();
        });
      });
      const address = server.address();
      return {
        host,
        port: typeof address === 'object' && address !== null ? address.port : port,
      };
    },
    async close() {
      if (!server.listening) return;
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeIdleConnections();
      await closed;
    },
  };
}
