import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createLoadState, type Load, watchLoad } from './load-watch.ts';

function loadsAt(lags: readonly number[]): Load[] {
  const state = createLoadState(1000);
  return lags.map((lag) => state.sample(lag));
}

describe('the state of the load', () => {
  it('is busy from a tenth of the lag on, before anything is refused', () => {
    expect(loadsAt([0, 99, 100, 400])).toEqual(['calm', 'calm', 'busy', 'busy']);
  });

  it('is overloaded only when the lag stays: one pause is none', () => {
    expect(loadsAt([5000, 0, 1000, 1000, 1000])).toEqual([
      'busy',
      'calm',
      'busy',
      'busy',
      'overloaded',
    ]);
  });

  it('falls at half of the lag at which it rose', () => {
    const lags = [1000, 1000, 1000, 999, 500, 499, 50, 49];
    expect(loadsAt(lags).slice(2)).toEqual([
      'overloaded',
      'overloaded',
      'overloaded',
      'busy',
      'busy',
      'calm',
    ]);
  });
});

it('sees an event loop that stands still, and that it goes on', async () => {
  const seen: Load[] = [];
  const monotonicNow = () => performance.now();
  const watch = watchLoad(100, monotonicNow, (load) => seen.push(load));
  onTestFinished(() => watch.stop());
  const standStill = (milliseconds: number) => {
    const until = performance.now() + milliseconds;
    while (performance.now() < until);
  };
  for (let n = 0; n < 100 && watch.load !== 'overloaded'; n++) {
    standStill(450); // always later than a sample is due by more than the lag
    await delay(1);
  }
  expect(watch.load).toBe('overloaded');
  for (let n = 0; n < 1000 && watch.load === 'overloaded'; n++) await delay(20);
  expect(watch.load).not.toBe('overloaded');
  expect(seen[0]).toBe('busy');
}, 120_000);
