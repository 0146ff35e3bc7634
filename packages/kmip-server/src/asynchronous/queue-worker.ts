/**
 * When queued requests are worked on: those of an adapter one after the other, in the order of their acceptance;
 * a moment after it, so that a client can think better of it, or as soon as somebody asks for the answer.
 */

import { setTimeout as sleep } from 'node:timers/promises';
import { type QueuedRequestSummary, StoreError } from '@claviger/key-store';
import type { KmipServerDependencies } from '../dependencies.ts';
import { isWaiting } from './request-queue.ts';

/** How long a request waits that could not be worked on: its root key is disabled, or the store is full. */
const RETRY_MS = 30_000;

export interface QueueWorkerOptions {
  readonly store: Pick<
    KmipServerDependencies['store'],
    'listQueuedRequests' | 'listWaitingRequests' | 'readQueuedRequest'
  >;
  readonly log: KmipServerDependencies['log'];
  /** Works on one request. @returns whether it has ended; another time, otherwise. */
  workOn(request: QueuedRequestSummary): Promise<boolean>;
  /** From the acceptance of a request to its work. */
  readonly delayMs: number;
  /** How long somebody who asks for an answer waits for it. */
  readonly waitMs: number;
}

export interface QueueWorker {
  /** Begins to work by itself, also on what an earlier process has left. */
  start(): Promise<void>;
  /** Has the requests of an adapter worked on in a moment; nothing before `start`. */
  notice(adapterId: string): void;
  /** Works on a request now, and on those before it; gives up waiting for it after a while. */
  finish(adapterId: string, id: string): Promise<void>;
  /** Begins nothing more, and resolves when what was begun is done. */
  stop(): Promise<void>;
}

export function createQueueWorker(options: QueueWorkerOptions): QueueWorker {
  const { store, log, workOn, delayMs, waitMs } = options;
  /** The last work on the requests of each adapter. */
  const working = new Map<string, Promise<void>>();
  const timers = new Map<string, NodeJS.Timeout>();
  let isStarted = false;
  let isStopped = false;

  function work(adapterId: string, lastId: string | undefined): Promise<void> {
    const before = working.get(adapterId) ?? Promise.resolve();
    const mine = before
      .then(() => workNow(adapterId, lastId))
      .catch((error: unknown) => {
        log.error({ err: error, adapterId }, 'asynchronous requests could not be worked on');
        schedule(adapterId, RETRY_MS);
      })
      .finally(() => {
        if (working.get(adapterId) === mine) working.delete(adapterId);
      });
    working.set(adapterId, mine);
    return mine;
  }

  async function workNow(adapterId: string, lastId: string | undefined): Promise<void> {
    const waiting = (await store.listQueuedRequests(adapterId)).filter(isWaiting);
    for (const request of waiting) {
      if (isStopped) return;
      if ((await tryToWorkOn(request)) === 'later') return schedule(adapterId, RETRY_MS);
      if (request.id === lastId) return;
    }
  }

  /** A request that is damaged must not hold up those behind it; a store that fails would fail them, too. */
  async function tryToWorkOn(
    request: QueuedRequestSummary,
  ): Promise<'ended' | 'later' | 'damaged'> {
    const { adapterId, id } = request;
    try {
      return (await workOn(request)) ? 'ended' : 'later';
    } catch (error) {
      if (error instanceof StoreError) throw error;
      const advice = 'an asynchronous request cannot be worked on; its client can cancel it';
      log.error({ err: error, adapterId, requestId: id }, advice);
      return 'damaged';
    }
  }

  function schedule(adapterId: string, milliseconds: number): void {
    if (!isStarted || isStopped || timers.has(adapterId)) return;
    const timer = setTimeout(() => {
      timers.delete(adapterId);
      void work(adapterId, undefined);
    }, milliseconds);
    timers.set(adapterId, timer.unref());
  }

  return {
    async start() {
      isStarted = true;
      const waiting = await store.listWaitingRequests();
      for (const { adapterId } of waiting) schedule(adapterId, delayMs);
    },

    notice: (adapterId) => schedule(adapterId, delayMs),

    async finish(adapterId, id) {
      const record = await store.readQueuedRequest(adapterId, id);
      if (record === undefined || !isWaiting(record)) return;
      const patience = new AbortController();
      const { signal } = patience;
      const lost = sleep(waitMs, undefined, { signal }).catch(() => undefined);
      await Promise.race([work(adapterId, id), lost]);
      patience.abort();
    },

    async stop() {
      isStopped = true;
      for (const timer of timers.values()) clearTimeout(timer);
      timers.clear();
      await Promise.all(working.values());
    },
  };
}
