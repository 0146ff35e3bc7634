import type { Clock } from '../dependencies.ts';
import { networkOf } from './network-of.ts';

/**
 * Slows down who guesses: after too many failures an address must wait. Of IPv6 the first 64 bits count:
 * whoever has one address has all the others behind them. */
export interface LoginLimiter {
  /** Milliseconds until the address may try again; 0 when it may now. */
  waitMs(address: string): number;
  failed(address: string): void;
}

export interface LoginLimits {
  /** Failures that an address may have in one window. */
  readonly maxFailures: number;
  readonly windowMs: number;
  /** Addresses that are remembered; the oldest is forgotten first. */
  readonly maxAddresses: number;
}

export const DEFAULT_LOGIN_LIMITS: LoginLimits = {
  maxFailures: 10,
  windowMs: 60_000,
  maxAddresses: 10_000,
};

/** Counts failures in windows that begin with the first; memory is bounded by `maxAddresses`. */
export function createLoginLimiter(clock: Clock, limits: LoginLimits): LoginLimiter {
  // A Map iterates in the order of insertion: the first entry has the oldest window.
  const windows = new Map<string, { failures: number; readonly endsAt: number }>();

  function current(network: string) {
    const window = windows.get(network);
    const leftMs = window === undefined ? 0 : window.endsAt - clock.now();
    // More than a whole window: the clock was set back, and nobody shall wait for hours.
    if (leftMs > 0 && leftMs <= limits.windowMs) return window;
    windows.delete(network);
    return undefined;
  }

  return {
    waitMs(address) {
      const window = current(networkOf(address));
      return window !== undefined && window.failures >= limits.maxFailures
        ? window.endsAt - clock.now()
        : 0;
    },
    failed(address) {
      const network = networkOf(address);
      const window = current(network);
      if (window !== undefined) {
        window.failures += 1;
        return;
      }
      const [oldest] = windows.keys();
      if (oldest !== undefined && windows.size >= limits.maxAddresses) windows.delete(oldest);
      windows.set(network, { failures: 1, endsAt: clock.now() + limits.windowMs });
    },
  };
}
