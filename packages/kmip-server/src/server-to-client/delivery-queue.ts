/**
 * What waits to be sent to one client: bounded, in order, one at a time, tried again with growing waits. It is
 * kept in memory only, and nobody who puts something into it waits for it.
 */

import type { Clock } from '../dependencies.ts';

export interface Delivery {
  /** Tries once; never rejects. `again` with the reason when another attempt may help. */
  attempt(): Promise<'settled' | { readonly again: string }>;
  /** It was tried for long enough; never rejects. */
  abandon(reason: string): Promise<void>;
}

export interface DeliveryQueueOptions {
  readonly clock: Clock;
  /** Waits, or until the signal is aborted; never rejects. */
  readonly wait: (milliseconds: number, signal: AbortSignal) => Promise<void>;
  /** Deliveries that wait, the one that is tried among them. */
  readonly maxWaiting: number;
  /** From when a delivery was put into the queue. */
  readonly giveUpAfterMs: number;
  /** The first failure since something was delivered. */
  onTrouble(reason: string): void;
}

export interface DeliveryQueue {
  /** @returns false when there is no room: the delivery is not taken. */
  push(delivery: Delivery): boolean;
  /** Tries nothing more; resolves to how many were left, when the attempt under way is over. */
  close(): Promise<number>;
}

const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 60_000;

export function createDeliveryQueue(options: DeliveryQueueOptions): DeliveryQueue {
  const { clock, wait, maxWaiting, giveUpAfterMs, onTrouble } = options;
  const waiting: { readonly delivery: Delivery; readonly since: number }[] = [];
  const closing = new AbortController();
  let working: Promise<void> = Promise.resolve();
  let isWorking = false;

  async function work(): Promise<void> {
    isWorking = true;
    for (let next = waiting[0]; next !== undefined; next = waiting[0]) {
      if (!(await deliver(next.delivery, next.since))) break;
      waiting.shift();
    }
    isWorking = false;
  }

  /** @returns false when the queue was closed before it was settled. */
  async function deliver(delivery: Delivery, since: number): Promise<boolean> {
    for (let failures = 0; !closing.signal.aborted; failures++) {
      const outcome = await delivery.attempt();
      if (outcome === 'settled') return true;
      if (failures === 0) onTrouble(outcome.again);
      if (clock.now() - since >= giveUpAfterMs) {
        await delivery.abandon(outcome.again);
        return true;
      }
      await wait(Math.min(FIRST_WAIT_MS * 2 ** failures, LONGEST_WAIT_MS), closing.signal);
    }
    return false;
  }

  return {
    push(delivery) {
      if (closing.signal.aborted || waiting.length >= maxWaiting) return false;
      waiting.push({ delivery, since: clock.now() });
      if (!isWorking) working = work();
      return true;
    },
    async close() {
      closing.abort();
      await working;
      return waiting.length;
    },
  };
}
