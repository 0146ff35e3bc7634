/** Slows down who guesses: a certificate may fail so many times a minute, and then has to wait. */

import { ClavigerError } from '@claviger/kmip-protocol';
import type { Clock } from '../dependencies.ts';

export const MAX_FAILURES = 10;
export const FAILURE_WINDOW_MS = 60_000;
/** Certificates that are remembered; the oldest is forgotten first. */
const MAX_CERTIFICATES = 10_000;

export interface FailedAttempts {
  /**
   * Makes one attempt of a certificate, and counts it when it fails.
   *
   * @throws ClavigerError `authentication-failed` after too many; `overloaded` while as many are being
   * made at once: they might all fail.
   */
  attempt(certificate: string, isGood: () => Promise<boolean>): Promise<boolean>;
}

interface Window {
  failures: number;
  running: number;
  readonly endsAt: number;
}

export function createFailedAttempts(clock: Clock): FailedAttempts {
  // A Map iterates in the order of insertion: the first entry has the oldest window.
  const windows = new Map<string, Window>();

  function windowOf(certificate: string): Window {
    const now = clock.now();
    const current = windows.get(certificate);
    if (current !== undefined && current.endsAt > now) return current;
    windows.delete(certificate);
    const [oldest] = windows.keys();
    if (oldest !== undefined && windows.size >= MAX_CERTIFICATES) windows.delete(oldest);
    const window = { failures: 0, running: 0, endsAt: now + FAILURE_WINDOW_MS };
    windows.set(certificate, window);
    return window;
  }

  return {
    async attempt(certificate, isGood) {
      const window = windowOf(certificate);
      if (window.failures >= MAX_FAILURES) {
        throw new ClavigerError(
          'authentication-failed',
          `${MAX_FAILURES} log-ins have failed within a minute; try again later`,
        );
      }
      if (window.failures + window.running >= MAX_FAILURES) {
        throw new ClavigerError(
          'overloaded',
          'too many log-ins are being tried at once; try again later',
        );
      }
      window.running += 1;
      try {
        const isRight = await isGood();
        if (!isRight) window.failures += 1;
        return isRight;
      } finally {
        window.running -= 1;
      }
    },
  };
}
