/** A connection for each question, as vCenter makes them; or for none. */

import { once } from 'node:events';
import { performance } from 'node:perf_hooks';
import type { TLSSocket } from 'node:tls';
import type { Exchange, Workload } from '../workloads.ts';
import { type Connector, createConnector, onAnswer } from './connect.ts';
import type { LoadPlan, LoadResult } from './load-plan.ts';
import { createMeasuredWindow, type MeasuredWindow } from './measured-window.ts';

/** Each worker has one connection at a time. */
export async function connectLoop(
  plan: LoadPlan,
  workload: Workload | undefined,
  resumed: boolean,
): Promise<LoadResult> {
  const window = createMeasuredWindow(plan);
  const connector = createConnector(plan);
  const workers = Array.from({ length: plan.connections }, (_, number) =>
    work(connector, workload?.(number), window, resumed),
  );
  return await window.run(workers);
}

async function work(
  connector: Connector,
  exchange: Exchange | undefined,
  window: MeasuredWindow,
  resumed: boolean,
): Promise<void> {
  let session: Uint8Array | undefined;
  while (window.isOpen()) {
    const begun = performance.now();
    const { socket, session: given } = await connector.open(session);
    window.connected(socket.isSessionReused());
    if (exchange === undefined) socket.resume();
    else await ask(socket, exchange);
    if (resumed && session === undefined) session = await given;
    window.latencies.add(performance.now() - begun);
    // The server has seen the whole handshake when it closes its side as well.
    socket.end();
    await once(socket, 'close');
  }
}

/** Asks so many questions, one after the other, and takes their answers. */
export function ask(socket: TLSSocket, exchange: Exchange, questions = 1): Promise<void> {
  return new Promise((resolve, reject) => {
    const lost = () => reject(new Error('The server has closed a connection without an answer.'));
    let taken = 0;
    // After the last answer both change nothing any more.
    socket.on('error', reject);
    socket.once('close', lost);
    onAnswer(socket, (answer) => {
      try {
        exchange.take(answer);
      } catch (error) {
        return reject(error);
      }
      taken += 1;
      if (taken === questions) resolve();
      else socket.write(exchange.next());
    });
    socket.write(exchange.next());
  });
}
