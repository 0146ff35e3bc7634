/**
 * Plays a recorded conversation: one connection for each recorded one, opened, used and closed in the
 * recorded order, so that connections overlap as they did. A request waits for the answer before it on its
 * own connection, and for nothing on the others.
 */

import { setTimeout as delay } from 'node:timers/promises';
import type { RawConnection } from '../raw-connection.ts';

export interface ReplayedConnection<M> {
  readonly openedMs: number;
  readonly openForMs: number;
  readonly messages: readonly { readonly atMs: number; readonly message: M }[];
}

export interface Exchange<M> {
  readonly message: M;
  readonly request: Uint8Array;
  readonly answer: Uint8Array;
}

export interface ReplayOptions<M> {
  readonly connections: readonly ReplayedConnection<M>[];
  readonly connect: () => Promise<RawConnection>;
  /** May wait for an answer on another connection. */
  readonly requestOf: (message: M) => Promise<Uint8Array>;
  readonly onAnswer: (exchange: Exchange<M>) => void;
}

/** How much faster than recorded. */
const SPEED = 10;

interface Step {
  readonly atMs: number;
  readonly run: () => Promise<void>;
}

/** @returns what was said, in the order of the answers. @throws Error when an answer does not come. */
export async function replay<M>(options: ReplayOptions<M>): Promise<Exchange<M>[]> {
  const exchanges: Exchange<M>[] = [];
  const steps = options.connections.flatMap((connection) =>
    stepsOf(connection, options, (exchange) => {
      exchanges.push(exchange);
      options.onAnswer(exchange);
    }),
  );
  steps.sort((left, right) => left.atMs - right.atMs);
  let now = 0;
  for (const { atMs, run } of steps) {
    await delay((atMs - now) / SPEED);
    now = atMs;
    await run();
  }
  return exchanges;
}

function stepsOf<M>(
  { openedMs, openForMs, messages }: ReplayedConnection<M>,
  { connect, requestOf }: ReplayOptions<M>,
  onExchange: (exchange: Exchange<M>) => void,
): Step[] {
  let connection: RawConnection | undefined;
  /** Of everything sent so far on this connection. */
  let answered: Promise<void> = Promise.resolve();

  async function exchange(message: M): Promise<void> {
    const request = await requestOf(message);
    connection?.send(request);
    const answer = await connection?.receive();
    if (answer === undefined) throw new Error('The gateway closed the connection.');
    onExchange({ message, request, answer });
  }

  const open: Step = {
    atMs: openedMs,
    run: async () => {
      connection = await connect();
    },
  };
  const sends = messages.map(
    ({ atMs, message }): Step => ({
      atMs,
      run: async () => {
        await answered;
        answered = exchange(message);
        // Awaited at the next step of this connection; until then a failure is no unhandled one.
        answered.catch(() => {});
      },
    }),
  );
  const close: Step = {
    atMs: openedMs + openForMs,
    run: async () => {
      await answered;
      connection?.socket.end();
      await connection?.receive();
    },
  };
  return [open, ...sends, close];
}
