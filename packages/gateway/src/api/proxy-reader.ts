/** Who the caller of the API is when it comes through a balancer. */
import type { Socket } from 'node:net';
import { readProxyHeader } from '@claviger/kmip-server';
import type { Logger } from 'pino';

const TIMEOUT_MS = 10_000;

/**
 * Reads the PROXY header of balancers that are trusted, and of nobody else.
 *
 * @returns the address of the caller; undefined when the connection is to be closed.
 */
export function createProxyReader(
  isTrusted: (address: string) => boolean,
  log: Pick<Logger, 'warn'>,
): (socket: Socket) => Promise<string | undefined> {
  return async (socket) => {
    const { remoteAddress } = socket;
    if (remoteAddress === undefined || !isTrusted(remoteAddress)) return remoteAddress;
    const header = await readProxyHeader(socket, TIMEOUT_MS);
    switch (header.kind) {
      case 'client':
        return header.address;
      case 'local':
        return remoteAddress;
      case 'silent':
        return undefined;
      case 'fault':
        log.warn(
          { fault: header.fault, address: remoteAddress },
          'a connection of a trusted balancer to the API was closed: it has no PROXY header of version 2',
        );
        return undefined;
    }
  };
}
