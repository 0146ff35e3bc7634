/** Connections that ask nothing, as monitors and silent clients hold them: what each costs in memory. */

import { performance } from 'node:perf_hooks';
import type { TLSSocket } from 'node:tls';
import { readProcessUsage } from '../process-usage.ts';
import { createConnector } from './connect.ts';
import { createLatencies } from './latencies.ts';
import type { LoadPlan, LoadResult } from './load-plan.ts';
import type { Memory } from './settled-memory.ts';

/** How many handshakes are under way at a time: it is the connections that count, not the rush. */
const AT_A_TIME = 16;

/** @param settled - Tells the memory of the server without its garbage. @throws Error when a connection was lost. */
export async function idle(plan: LoadPlan, settled: () => Promise<Memory>): Promise<LoadResult> {
  const connector = createConnector(plan);
  const sockets: TLSSocket[] = [];
  const latencies = createLatencies();
  let opened = 0;
  const open = async () => {
    while (opened < plan.connections) {
      opened += 1;
      const since = performance.now();
      const { socket } = await connector.open();
      latencies.add(performance.now() - since);
      socket.resume();
      sockets.push(socket);
    }
  };
  const memoryBefore = await settled();
  const [before, begun] = [readProcessUsage(plan.pid), performance.now()];
  await Promise.all(Array.from({ length: AT_A_TIME }, open));
  const after = readProcessUsage(plan.pid);
  const seconds = (performance.now() - begun) / 1000;
  const lost = Promise.race(
    sockets.map(
      (socket) =>
        new Promise<never>((_, reject) => {
          socket.once('error', reject);
          socket.once('close', () => reject(new Error('The server has closed a connection.')));
        }),
    ),
  );
  const memory = await Promise.race([settled(), lost]);
  for (const socket of sockets) socket.destroy();
  return {
    operations: sockets.length,
    seconds,
    cpuSeconds: after.cpuSeconds - before.cpuSeconds,
    rssBytes: memory.rssBytes,
    growth: {
      rssBytes: memory.rssBytes - memoryBefore.rssBytes,
      heapBytes: memory.heapBytes - memoryBefore.heapBytes,
    },
    latencyMs: latencies.percentiles(),
    handshakes: sockets.length,
    resumed: 0,
    recorded: [],
  };
}
