/** How long to wait before the next attempt. */

export interface RetryOptions {
  /** Wait after the first failure, in milliseconds; doubles with each further one. */
  readonly baseMs: number;
  /** The longest wait. */
  readonly capMs: number;
  /** The longest wait that a receiver may ask for. */
  readonly retryAfterCapMs: number;
}

export const DEFAULT_RETRY: RetryOptions = {
  baseMs: 500,
  capMs: 60_000,
  retryAfterCapMs: 600_000,
};

/**
 * Between half of the doubled wait and all of it, so that many senders do not come back together; at least
 * what the receiver asked for.
 *
 * @param failures - Failures in a row, from 1.
 * @param random - From 0 up to 1.
 * @returns milliseconds.
 */
export function retryDelayMs(
  failures: number,
  random: number,
  options: RetryOptions,
  retryAfterMs = 0,
): number {
  const doubled = Math.min(options.capMs, options.baseMs * 2 ** Math.min(failures - 1, 52));
  const own = doubled * (0.5 + random / 2);
  const asked = Math.min(retryAfterMs, options.retryAfterCapMs);
  // A receiver that gives every sender the same answer shall not meet all of them in the same instant.
  return asked > own ? asked + own / 2 : own;
}
