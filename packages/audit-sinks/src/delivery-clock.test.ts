import { expect, it } from 'vitest';
import { createTimerClock } from './delivery-clock.ts';

it('sleeps for a while, or until it is woken, or not at all', async () => {
  const clock = createTimerClock(() => 42);
  const over = new AbortController();
  await clock.sleep(1, over.signal);
  const long = clock.sleep(Number.MAX_SAFE_INTEGER, over.signal);
  over.abort();
  await long;
  await clock.sleep(Number.MAX_SAFE_INTEGER, over.signal);
  expect(clock.now()).toBe(42);
});
