/**
 * Questions at set times, whatever the server does: how long a client waits when the server is not kept as
 * busy as it can be. Latency counts from when a question was due, so that a stall is seen by each one behind it.
 */

import { performance } from 'node:perf_hooks';
import type { TLSSocket } from 'node:tls';
import type { Exchange, Workload } from '../workloads.ts';
import { createConnector, onAnswer } from './connect.ts';
import type { LoadPlan, LoadResult } from './load-plan.ts';
import { createMeasuredWindow } from './measured-window.ts';

interface Lane {
  readonly socket: TLSSocket;
  readonly exchange: Exchange;
  /** When the question under way was due. */
  due: number;
}

export async function pacedLoop(
  plan: LoadPlan,
  workload: Workload,
  perSecond: number,
): Promise<LoadResult> {
  const window = createMeasuredWindow(plan);
  const connector = createConnector(plan);
  const idle: Lane[] = await Promise.all(
    Array.from({ length: plan.connections }, async (_, number) => ({
      socket: (await connector.open()).socket,
      exchange: workload(number),
      due: 0,
    })),
  );
  const sockets = idle.map(({ socket }) => socket);
  const begun = performance.now();
  let asked = 0;
  let timer: NodeJS.Immediate | undefined;

  const dueAt = (number: number) => begun + (number * 1000) / perSecond;
  const askDue = () => {
    const now = performance.now();
    while (dueAt(asked) <= now) {
      const lane = idle.shift();
      if (lane === undefined) return;
      lane.due = dueAt(asked);
      asked += 1;
      lane.socket.write(lane.exchange.next());
    }
  };
  const failed = new Promise<never>((_, reject) => {
    for (const lane of idle) {
      lane.socket.once('error', reject);
      lane.socket.once('close', () => reject(new Error('The server has closed a connection.')));
      onAnswer(lane.socket, (answer) => {
        try {
          lane.exchange.take(answer);
        } catch (error) {
          return reject(error);
        }
        window.latencies.add(performance.now() - lane.due);
        idle.push(lane);
        askDue();
      });
    }
  });
  // Timers count in milliseconds, which is too coarse for what takes a tenth of one.
  const tick = () => {
    askDue();
    timer = setImmediate(tick);
  };
  tick();
  try {
    return await window.run([failed]);
  } finally {
    clearImmediate(timer);
    for (const socket of sockets) socket.destroy();
  }
}
