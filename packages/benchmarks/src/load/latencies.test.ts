import { expect, it } from 'vitest';
import { createLatencies } from './latencies.ts';

it('tells percentiles by nearest rank, of more values than it has room for at first', () => {
  const latencies = createLatencies();
  for (let value = 10_000; value >= 1; value--) latencies.add(value);
  expect(latencies.count).toBe(10_000);
  expect(latencies.percentiles()).toEqual({ p50: 5000, p95: 9500, p99: 9900 });
});

it('begins anew after it was cleared', () => {
  const latencies = createLatencies();
  latencies.add(7);
  latencies.clear();
  expect([latencies.count, latencies.percentiles()]).toEqual([0, { p50: 0, p95: 0, p99: 0 }]);
  latencies.add(3);
  expect(latencies.percentiles()).toEqual({ p50: 3, p95: 3, p99: 3 });
});
