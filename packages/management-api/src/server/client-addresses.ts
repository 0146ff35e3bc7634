/** Who is on the other end of each open connection, where balancers stand before the API. */

import type { Socket } from 'node:net';

export interface ClientAddresses {
  /** The address is kept until the connection is closed. */
  remember(socket: Socket, address: string): void;
  /** Of a request's connection, TLS or not; that of the peer when nothing was remembered. */
  of(socket: Socket): string;
}

/** A TLS connection and the one below it are told by their remote end, which is the same. */
export function createClientAddresses(): ClientAddresses {
  const addresses = new Map<string, string>();
  return {
    remember(socket, address) {
      const end = remoteEnd(socket);
      addresses.set(end, address);
      socket.once('close', () => addresses.delete(end));
    },
    of: (socket) => addresses.get(remoteEnd(socket)) ?? socket.remoteAddress ?? '',
  };
}

function remoteEnd({ remoteAddress, remotePort }: Socket): string {
  return `${remoteAddress} ${remotePort}`;
}
