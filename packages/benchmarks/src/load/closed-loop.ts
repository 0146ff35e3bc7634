/** Connections that stay: the next question follows the answer to the last one. */

import { performance } from 'node:perf_hooks';
import type { TLSSocket } from 'node:tls';
import type { Exchange, Workload } from '../workloads.ts';
import { createConnector, onAnswer } from './connect.ts';
import type { LoadPlan, LoadResult } from './load-plan.ts';
import { createMeasuredWindow, type MeasuredWindow } from './measured-window.ts';

export async function closedLoop(plan: LoadPlan, workload: Workload): Promise<LoadResult> {
  const window = createMeasuredWindow(plan);
  const connector = createConnector(plan);
  const opened = await Promise.all(
    Array.from({ length: plan.connections }, () => connector.open()),
  );
  const sockets = opened.map(({ socket }) => socket);
  const loops = sockets.map((socket, number) => ask(socket, workload(number), window));
  try {
    return await window.run(loops);
  } finally {
    for (const socket of sockets) socket.destroy();
  }
}

/** Rejects when the connection or an answer fails; never resolves. */
function ask(socket: TLSSocket, exchange: Exchange, window: MeasuredWindow): Promise<never> {
  return new Promise((_, reject) => {
    let asked = 0;
    const askNext = () => {
      asked = performance.now();
      socket.write(exchange.next());
    };
    onAnswer(socket, (answer) => {
      try {
        exchange.take(answer);
      } catch (error) {
        return reject(error);
      }
      window.latencies.add(performance.now() - asked);
      if (window.isOpen()) askNext();
    });
    socket.once('error', reject);
    socket.once('close', () => reject(new Error('The server has closed a connection.')));
    askNext();
  });
}
