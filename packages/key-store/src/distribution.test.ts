import { expect, it } from 'vitest';
import { createDistributionCounter } from './distribution.ts';

it('counts each value at every bound that it does not exceed', () => {
  const counter = createDistributionCounter([1, 2, 4]);
  for (const value of [0.5, 1, 1.5, 4, 4.5]) counter.add(value);
  expect(counter.count).toBe(5);
  expect(counter.read()).toEqual({ bounds: [1, 2, 4], atMost: [2, 3, 4], count: 5, sum: 11.5 });
});

it('tells what was counted so far, which does not change afterwards', () => {
  const counter = createDistributionCounter([1]);
  const before = counter.read();
  counter.add(1);
  expect(before).toEqual({ bounds: [1], atMost: [0], count: 0, sum: 0 });
  expect(counter.read().atMost).toEqual([1]);
});
