import { describe, expect, it } from 'vitest';
import { createDeliveryQueue, type Delivery } from './delivery-queue.ts';

function startQueue({ maxWaiting = 3, giveUpAfterMs = 10_000 } = {}) {
  let now = 0;
  const waits: number[] = [];
  const trouble: string[] = [];
  const queue = createDeliveryQueue({
    clock: { now: () => now },
    async wait(milliseconds, signal) {
      waits.push(milliseconds);
      now += milliseconds;
      if (signal.aborted) return;
      await Promise.resolve();
    },
    maxWaiting,
    giveUpAfterMs,
    onTrouble: (reason) => trouble.push(reason),
  });
  return { queue, waits, trouble };
}

/** Fails so often, then settles; `done` resolves when it is over. */
function aDelivery(failures: number, done: (how: string) => void): Delivery {
  let left = failures;
  return {
    async attempt() {
      if (left-- > 0) return { again: 'nobody is there' };
      done('delivered');
      return 'settled';
    },
    async abandon(reason) {
      done(`abandoned: ${reason}`);
    },
  };
}

function over(failures = 0) {
  let delivery: Delivery | undefined;
  const done = new Promise<string>((resolve) => {
    delivery = aDelivery(failures, resolve);
  });
  if (delivery === undefined) throw new Error('A promise runs its function at once.');
  return { delivery, done };
}

describe('the queue of a client', () => {
  it('delivers in order, each after the one before it was settled', async () => {
    const { queue } = startQueue();
    const order: string[] = [];
    const last = new Promise<void>((resolve) => {
      queue.push(aDelivery(2, () => order.push('first')));
      queue.push(aDelivery(0, () => order.push('second')));
      queue.push(aDelivery(0, () => resolve()));
    });
    await last;
    expect(order).toEqual(['first', 'second']);
  });

  it('tries again after growing waits, of a minute at most, and tells of the first failure', async () => {
    const { queue, waits, trouble } = startQueue({ giveUpAfterMs: 1_000_000 });
    const { delivery, done } = over(8);
    queue.push(delivery);
    expect(await done).toBe('delivered');
    expect(waits).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000]);
    expect(trouble).toEqual(['nobody is there']);
  });

  it('gives up when its time is over, and goes on with the next', async () => {
    const { queue } = startQueue();
    const first = over(1_000);
    const second = over();
    queue.push(first.delivery);
    queue.push(second.delivery);
    expect(await first.done).toBe('abandoned: nobody is there');
    expect(await second.done).toBe('delivered');
  });

  it('takes no more than there is room for', async () => {
    const { queue } = startQueue({ maxWaiting: 2 });
    let release = () => {};
    const blocked: Delivery = {
      attempt: () =>
        new Promise((resolve) => {
          release = () => resolve('settled');
        }),
      async abandon() {},
    };
    const { delivery, done } = over();
    expect(queue.push(blocked)).toBe(true);
    expect(queue.push(delivery)).toBe(true);
    expect(queue.push(over().delivery)).toBe(false);
    release();
    await done;
    const again = over();
    await Promise.resolve();
    expect(queue.push(again.delivery)).toBe(true);
    expect(await again.done).toBe('delivered');
  });

  it('tries nothing more when it is closed, and says how much is left', async () => {
    const { queue } = startQueue();
    let release = () => {};
    queue.push({
      attempt: () =>
        new Promise((resolve) => {
          release = () => resolve({ again: 'cut off' });
        }),
      async abandon() {},
    });
    queue.push(over().delivery);
    const closed = queue.close();
    release();
    expect(await closed).toBe(2);
    expect(queue.push(over().delivery)).toBe(false);
  });
});
