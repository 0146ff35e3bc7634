/** A syslog receiver for tests: takes octet-counted frames and ends its side when the sender has ended. */

import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';

export interface SyslogReceiver {
  readonly port: number;
  /** Whole messages, in the order they came. */
  readonly messages: string[];
  readonly sockets: Socket[];
  /** Does with a connection what it likes; reads frames until set. */
  behave: (socket: Socket) => void;
  /** Reads frames from a connection into `messages`, and ends its side with the sender. */
  read(socket: Socket): void;
  close(): Promise<void>;
}

interface TlsServerOptions {
  readonly key: string;
  readonly cert: string;
  readonly ca?: string;
  readonly requestCert?: boolean;
  readonly rejectUnauthorized?: boolean;
}

export async function startSyslogReceiver(tls?: TlsServerOptions): Promise<SyslogReceiver> {
  const messages: string[] = [];
  const sockets: Socket[] = [];
  const accept = (socket: Socket) => {
    sockets.push(socket);
    socket.on('error', () => {});
    receiver.behave(socket);
  };
  const server: Server = tls
    ? createTlsServer({ ...tls, allowHalfOpen: true }, accept)
    : createServer({ allowHalfOpen: true }, accept);
  // With TLS: those that did not get through the handshake too.
  const connections: Socket[] = [];
  server.on('connection', (socket) => connections.push(socket));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();

  function read(socket: Socket): void {
    let rest = Buffer.alloc(0);
    socket.on('data', (part) => {
      rest = Buffer.concat([rest, part]);
      for (;;) {
        const blank = rest.indexOf(' ');
        if (blank < 0) return;
        const end = blank + 1 + Number(rest.subarray(0, blank).toString());
        if (rest.length < end) return;
        messages.push(rest.subarray(blank + 1, end).toString());
        rest = rest.subarray(end);
      }
    });
    socket.on('end', () => socket.end());
  }

  const receiver: SyslogReceiver = {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    messages,
    sockets,
    behave: read,
    read,
    async close() {
      for (const socket of connections) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
  return receiver;
}
