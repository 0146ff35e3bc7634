import { expect, it } from 'vitest';
import { createLoginLimiter } from './login-limiter.ts';

const LIMITS = { maxFailures: 2, windowMs: 1000, maxAddresses: 2 };

it('lets an address wait after its failures, and no other', () => {
  const limiter = createLoginLimiter({ now: () => 0 }, LIMITS);
  limiter.failed('a');
  expect(limiter.waitMs('a')).toBe(0);
  limiter.failed('a');
  expect([limiter.waitMs('a'), limiter.waitMs('b')]).toEqual([1000, 0]);
});

it('counts the addresses of one IPv6 network together', () => {
  const limiter = createLoginLimiter({ now: () => 0 }, LIMITS);
  limiter.failed('2001:db8:1:2::1');
  limiter.failed('2001:db8:1:2:ffff::9');
  expect(limiter.waitMs('2001:db8:1:2::7')).toBe(1000);
  expect(limiter.waitMs('2001:db8:1:3::1')).toBe(0);
});

it('forgets when the window is over', () => {
  let now = 0;
  const limiter = createLoginLimiter({ now: () => now }, LIMITS);
  limiter.failed('a');
  limiter.failed('a');
  now = 1000;
  expect(limiter.waitMs('a')).toBe(0);
});

it('forgets when the clock is set back, instead of letting wait for hours', () => {
  let now = 9_000_000;
  const limiter = createLoginLimiter({ now: () => now }, LIMITS);
  limiter.failed('a');
  limiter.failed('a');
  now = 0;
  expect(limiter.waitMs('a')).toBe(0);
  limiter.failed('a');
  limiter.failed('a');
  expect(limiter.waitMs('a')).toBe(1000);
});

it('remembers so many addresses, the oldest leaving first', () => {
  const limiter = createLoginLimiter({ now: () => 0 }, LIMITS);
  for (const address of ['a', 'a', 'b', 'b', 'c', 'c']) limiter.failed(address);
  expect(['a', 'b', 'c'].map((address) => limiter.waitMs(address))).toEqual([0, 1000, 1000]);
});
