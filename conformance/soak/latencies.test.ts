import { expect, it } from 'vitest';
import { createLatencies } from './latencies.ts';

it('tells the median and the 99th percentile to a twentieth', () => {
  const latencies = createLatencies();
  for (let milliseconds = 1; milliseconds <= 1000; milliseconds += 1) {
    latencies.record('Get', milliseconds);
  }
  const { Get: got } = latencies.total();
  expect(got?.count).toBe(1000);
  expect(Math.abs((got?.p50Ms ?? 0) / 500 - 1)).toBeLessThan(0.05);
  expect(Math.abs((got?.p99Ms ?? 0) / 990 - 1)).toBeLessThan(0.05);
});

it('gives each measurement to one window, and all of them to the total', () => {
  const latencies = createLatencies();
  latencies.record('Get', 5);
  latencies.record('Create', 0);
  expect(Object.keys(latencies.take())).toEqual(['Get', 'Create']);
  expect(latencies.take()).toEqual({});
  latencies.record('Get', 5);
  expect(latencies.take()['Get']?.count).toBe(1);
  expect(latencies.total()['Get']?.count).toBe(2);
});
