/** One client's connection: whole messages out and in, each with a bound on how long it may take. */

import { isIP } from 'node:net';
import { connect, type TLSSocket } from 'node:tls';
import { createFrameReader } from '@claviger/ttlv-codec';

export interface CaseConnection {
  /** @throws ConnectionError when the connection is gone. */
  send(message: Uint8Array): void;
  /** The next message. @throws ConnectionError when none comes in time, or the server has closed. */
  receive(timeoutMs: number): Promise<Uint8Array>;
  close(): void;
}

/** The server was not to be reached, did not answer, or hung up. */
export class ConnectionError extends Error {
  override readonly name = 'ConnectionError';
}

export interface Identity {
  /** PEM. */
  readonly cert: string;
  readonly key: string;
}

export interface ServerAddress {
  readonly host: string;
  readonly port: number;
  /** What the server's certificate is checked against, PEM. */
  readonly ca: string;
}

const MAX_MESSAGE_BYTES = 8 * 1024 * 1024;
const CONNECT_TIMEOUT_MS = 15_000;

/**
 * Connects with TLS 1.2 or newer and a client certificate.
 *
 * @param ciphers - Cipher suites or a mode of OpenSSL, where the client is limited to some.
 * @throws ConnectionError
 */
export async function connectTls(
  { host, port, ca }: ServerAddress,
  { cert, key }: Identity,
  ciphers?: string,
): Promise<CaseConnection> {
  const names = isIP(host) === 0 ? { servername: host } : {};
  // TLS 1.3 has suites of its own, which no list of the older ones limits.
  const limits = ciphers === undefined ? {} : ({ ciphers, maxVersion: 'TLSv1.2' } as const);
  const tls = { ca, cert, key, minVersion: 'TLSv1.2', ...limits, ...names } as const;
  const socket = connect({ host, port, ...tls });
  socket.setNoDelay(true);
  await new Promise<void>((resolve, reject) => {
    const give = (why: string) => {
      socket.destroy();
      reject(new ConnectionError(`${host}:${port}: ${why}`));
    };
    const timer = setTimeout(() => give('no connection in time'), CONNECT_TIMEOUT_MS);
    socket.once('error', (error) => give(error.message));
    socket.once('close', () => clearTimeout(timer));
    socket.once('secureConnect', () => {
      clearTimeout(timer);
      resolve();
    });
  });
  return framed(socket);
}

/** Messages on a socket. */
export function framed(socket: TLSSocket): CaseConnection {
  const reader = createFrameReader({ maxMessageBytes: MAX_MESSAGE_BYTES });
  const received: Uint8Array[] = [];
  let failure: ConnectionError | undefined;
  let wake = () => {};
  const fail = (why: string) => {
    failure ??= new ConnectionError(why);
    wake();
  };
  socket.on('data', (chunk: Uint8Array) => {
    try {
      reader.push(chunk);
      for (let frame = reader.next(); frame !== undefined; frame = reader.next()) {
        received.push(frame);
      }
    } catch (error) {
      fail(`what the server sends is no KMIP message: ${String(error)}`);
      socket.destroy();
    }
    wake();
  });
  socket.on('error', (error) => fail(`the connection broke: ${error.message}`));
  socket.on('close', () => fail('the server closed the connection'));

  return {
    send(message) {
      if (failure !== undefined) throw failure;
      socket.write(message);
    },
    receive(timeoutMs) {
      return new Promise((resolve, reject) => {
        const timer = setTimeout(() => {
          wake = () => {};
          reject(new ConnectionError(`no answer within ${timeoutMs} ms`));
        }, timeoutMs);
        wake = () => {
          const message = received.shift();
          if (message === undefined && failure === undefined) return;
          clearTimeout(timer);
          wake = () => {};
          if (message !== undefined) resolve(message);
          else reject(failure);
        };
        wake();
      });
    },
    close() {
      socket.destroy();
    },
  };
}
