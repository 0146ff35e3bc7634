/** A balancer as small as one can be: says by the PROXY protocol for whom it speaks, then passes bytes on. */

import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import type { Address } from '../gateway-process.ts';

export interface ProxyRelay {
  readonly address: Address;
  close(): Promise<void>;
}

/** @param client - IPv4 address that it claims for everybody. */
export async function startProxyRelay(target: Address, client: string): Promise<ProxyRelay> {
  const open = new Set<Socket>();
  const server = createServer((near) => {
    const far = connect(target);
    far.write(proxyHeader(client, near.remotePort ?? 0, target.port));
    near.pipe(far).pipe(near);
    for (const socket of [near, far]) {
      open.add(socket);
      socket.on('error', () => {});
      socket.once('close', () => {
        open.delete(socket);
        near.destroy();
        far.destroy();
      });
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  // An address of TCP is no text.
  const { port } = server.address() as AddressInfo;
  return {
    address: { host: '127.0.0.1', port },
    async close() {
      const closed = once(server, 'close');
      server.close();
      for (const socket of open) socket.destroy();
      await closed;
    },
  };
}

/** Version 2, PROXY, a stream over IPv4. */
function proxyHeader(client: string, clientPort: number, port: number): Uint8Array {
  const header = Buffer.alloc(28);
  header.write('\r\n\r\n\0\r\nQUIT\n', 'latin1');
  header.set([0x21, 0x11, 0, 12], 12);
  header.set(client.split('.').map(Number), 16);
  header.set([127, 0, 0, 1], 20);
  header.writeUInt16BE(clientPort, 24);
  header.writeUInt16BE(port, 26);
  return header;
}
