import { expect, it } from 'vitest';
import { createLagWatch } from './lag-watch.ts';

const HOUR_MS = 3_600_000;

it('tells of each level once, and of a raised one each hour', () => {
  const watch = createLagWatch({ events: 100, seconds: 60 });
  const told = (events: number, now: number, seconds = 0) =>
    watch.observe({ events, seconds }, now);
  expect(told(99, 0)).toBeUndefined();
  expect(told(100, 1)).toBe('behind');
  expect(told(500, 2)).toBeUndefined();
  expect(told(500, 1 + HOUR_MS)).toBe('behind');
  expect(told(1_000, 2 + HOUR_MS)).toBe('far-behind');
  expect(told(60, 3 + HOUR_MS)).toBe('behind');
  expect(told(49, 4 + HOUR_MS)).toBe('current');
  expect(told(0, 5 + HOUR_MS, 600)).toBe('far-behind');
});

it('does not waver at the threshold', () => {
  const watch = createLagWatch({ events: 100, seconds: 60 });
  const told = [100, 99, 100, 99, 49].map((events) => watch.observe({ events, seconds: 0 }, 0));
  expect(told).toEqual(['behind', undefined, undefined, undefined, 'current']);
});
