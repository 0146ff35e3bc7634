/** A connection for each question, as vCenter makes them; or for none. */

import { once } from 'node:events';
import { performance } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import type { TLSSocket } from 'node:tls';
import type { Exchange, Workload } from '../workloads.ts';
import { type Connector, createConnector, onAnswer } from './connect.ts';
import type { LoadPlan, LoadResult } from './load-plan.ts';
import { createMeasuredWindow, type MeasuredWindow } from './measured-window.ts';

/** How long a server may take to give out a session after the handshake. */
const SESSION_TIMEOUT_MS = 30_000;

/**
 * Each worker has one connection at a time.
 *
 * @param resumed - Each connection takes up a session, which the worker got before anything was measured.
 * @throws Error when the server gives out no sessions.
 */
export async function connectLoop(
  plan: LoadPlan,
  workload: Workload | undefined,
  resumed: boolean,
): Promise<LoadResult> {
  const window = createMeasuredWindow(plan);
  const connector = createConnector(plan);
  const workers = Array.from({ length: plan.connections }, (_, number) => {
    const exchange = workload?.(number);
    const session = resumed ? getSession(connector, exchange) : Promise.resolve(undefined);
    return { session, loop: session.then((taken) => work(connector, exchange, window, taken)) };
  });
  return await window.run(
    workers.map(({ loop }) => loop),
    Promise.all(workers.map(({ session }) => session)),
  );
}

/** By a full handshake, with a question as those that follow have. */
async function getSession(
  connector: Connector,
  exchange: Exchange | undefined,
): Promise<Uint8Array> {
  const { socket, session } = await connector.open();
  const timer = new AbortController();
  const late = delay(SESSION_TIMEOUT_MS, undefined, { signal: timer.signal }).then(() => {
    throw new Error('The server has given out no session to take up.');
  });
  late.catch(() => undefined); // also when it is told to stop
  if (exchange === undefined) socket.resume();
  else await ask(socket, exchange);
  try {
    return await Promise.race([session, late]);
  } finally {
    timer.abort();
    socket.end();
    await once(socket, 'close');
  }
}

async function work(
  connector: Connector,
  exchange: Exchange | undefined,
  window: MeasuredWindow,
  session: Uint8Array | undefined,
): Promise<void> {
  while (window.isOpen()) {
    const begun = performance.now();
    const { socket } = await connector.open(session);
    window.connected(socket.isSessionReused());
    if (exchange === undefined) socket.resume();
    else await ask(socket, exchange);
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
