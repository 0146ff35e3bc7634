/** The API of a gateway that runs on this machine, over the Unix socket in its data directory. */

import { createConnection } from 'node:net';
import { Failure } from '../failure.ts';
import type { ApiConnection } from './api-connection.ts';
import { exchange, exchangeStream, streamHeaders } from './http-exchange.ts';

const ACCOUNT_HEADER = 'x-claviger-account';

/** Nobody listens: no socket, one that was left behind, or a path that no socket can have. */
const NOBODY: ReadonlySet<string> = new Set([
  'ENOENT',
  'ECONNREFUSED',
  'ENOTSOCK',
  'ENOTDIR',
  'ENAMETOOLONG',
  'EINVAL',
]);

/**
 * @param account - Name of the account that calls; stands in events.
 * @returns undefined when no gateway runs there.
 * @throws Failure `data` when the socket may not be used.
 */
export async function connectToSocket(
  socketPath: string,
  account: string,
): Promise<ApiConnection | undefined> {
  if (!(await isAnswered(socketPath))) return undefined;
  const to = { kind: 'socket', socketPath } as const;
  return {
    call: (method, path, body) =>
      exchange(to, {
        method,
        path,
        headers: {
          host: 'localhost',
          [ACCOUNT_HEADER]: account,
          ...(body !== undefined && { 'content-type': 'application/json' }),
        },
        content: body === undefined ? undefined : JSON.stringify(body),
      }),
    stream: (path, { accept, lastEventId, signal }) => {
      const caller = { host: 'localhost', [ACCOUNT_HEADER]: account };
      const headers = { ...caller, ...streamHeaders(accept, lastEventId) };
      return exchangeStream(to, { method: 'GET', path, headers }, signal);
    },
    async close() {},
  };
}

function isAnswered(socketPath: string): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const refuse = (cause: unknown) => {
      const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown error';
      if (NOBODY.has(code)) resolve(false);
      else {
        const words = `The socket ${socketPath} of the gateway cannot be used (${code}). Run the command as the account of the gateway, or use --url.`;
        reject(new Failure('data', words, { cause }));
      }
    };
    try {
      const socket = createConnection(socketPath);
      socket.once('connect', () => {
        socket.destroy();
        resolve(true);
      });
      socket.once('error', refuse);
    } catch (error) {
      refuse(error); // a path that is too long is refused at once by some versions of Node
    }
  });
}
