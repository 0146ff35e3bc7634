/** Connections that ask nothing, as monitors and silent clients hold them: what each costs in memory. */

import type { TLSSocket } from 'node:tls';
import { createConnector } from './connect.ts';
import type { LoadPlan, LoadResult } from './load-plan.ts';
import { createMeasuredWindow } from './measured-window.ts';

/** How many handshakes are under way at a time: it is the connections that count, not the rush. */
const AT_A_TIME = 16;

export async function idle(plan: LoadPlan): Promise<LoadResult> {
  const window = createMeasuredWindow(plan);
  const connector = createConnector(plan);
  const sockets: TLSSocket[] = [];
  let opened = 0;
  const open = async () => {
    while (opened < plan.connections) {
      opened += 1;
      const { socket } = await connector.open();
      socket.resume();
      sockets.push(socket);
    }
  };
  await Promise.all(Array.from({ length: AT_A_TIME }, open));
  const lost = Promise.race(
    sockets.map(
      (socket) =>
        new Promise<never>((_, reject) => {
          socket.once('error', reject);
          socket.once('close', () => reject(new Error('The server has closed a connection.')));
        }),
    ),
  );
  const result = await window.run([lost]);
  for (const socket of sockets) socket.destroy();
  return { ...result, operations: sockets.length };
}
