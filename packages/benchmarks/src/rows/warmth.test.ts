import { expect, it } from 'vitest';
import { FULL } from '../settings.ts';
import { createWarmth } from './warmth.ts';

const loop = { kind: 'closed' } as const;
const get = { pid: 1, workload: 'get', loop } as const;
const { warmUpMs, rewarmMs } = FULL;

it('warms a gateway up once for each load, and a new process anew', () => {
  const warmth = createWarmth({ ...FULL, node: 'node' });
  const times = [get, get, { ...get, workload: 'create' as const }, { ...get, pid: 2 }].map(
    (load) => warmth.warmUpMs('gateway', load),
  );
  expect(times).toEqual([warmUpMs, rewarmMs, warmUpMs, warmUpMs]);
});

it('warms the echo up once for all messages, and Python never for long', () => {
  const warmth = createWarmth({ ...FULL, node: 'node' });
  expect(warmth.warmUpMs('echo', get)).toBe(warmUpMs);
  expect(warmth.warmUpMs('echo', { ...get, workload: 'create' })).toBe(rewarmMs);
  expect(warmth.warmUpMs('pykmip', get)).toBe(rewarmMs);
});
