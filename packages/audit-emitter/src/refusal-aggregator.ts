/**
 * Keeps a flood of refused connections from flooding the durable log.
 *
 * The first refusal of a key (who, why) is reported at once; repeats within the window are counted and
 * reported once, when it ends. The number of keys is bounded: whoever changes the certificate with
 * every attempt ends in one common bucket, so that a window costs at most 2 * (maxKeys + 1) reports,
 * whatever the peers do. Nothing is forgotten: the counts of all reports add up to the refusals seen.
 *
 * Pure logic over an injected clock. The owner calls `due` when `nextDueAt` says so, and `close` before
 * the log is closed.
 */

/** One refused connection or request. `detail` is the owner's (e.g. listener and peer address). */
export interface Refusal<Detail> {
  /** Of the certificate that was shown, undefined when there was none; see `peer`. */
  readonly fingerprint: string | undefined;
  /** Who was refused where certificates name nobody, e.g. an address. */
  readonly peer?: string | undefined;
  /** One of a few fixed reasons. */
  readonly reason: string;
  readonly detail: Detail;
}

export type RefusalReport<Detail> =
  /** The first of its key: to be recorded at once. */
  | ({ readonly kind: 'first' } & RefusalCount<Detail>)
  /** What followed within the window. */
  | ({ readonly kind: 'repeats' } & RefusalCount<Detail>)
  /** Refusals beyond `maxKeys`: of several certificates and reasons, of which the latest is shown. */
  | ({ readonly kind: 'overflow' } & RefusalCount<Detail>);

interface RefusalCount<Detail> {
  /** The latest refusal that the report counts. */
  readonly refusal: Refusal<Detail>;
  /** How many refusals the report stands for, at least 1. */
  readonly count: number;
  /** Milliseconds since the epoch: the first and the latest of them. */
  readonly firstAt: number;
  readonly lastAt: number;
}

export interface RefusalAggregatorOptions {
  readonly windowMs: number;
  /** How many (fingerprint, reason) pairs are told apart within a window. */
  readonly maxKeys: number;
  /** Milliseconds since the epoch. */
  now(): number;
}

export interface RefusalAggregator<Detail> {
  /** Counts a refusal; answers what is to be recorded now, windows that have ended included. */
  record(refusal: Refusal<Detail>): readonly RefusalReport<Detail>[];
  /** Ends the windows whose time is over; answers their repeats. */
  due(): readonly RefusalReport<Detail>[];
  /** When `due` has something to do next, or undefined while nothing is open. */
  nextDueAt(): number | undefined;
  /** Ends all windows, over or not. */
  close(): readonly RefusalReport<Detail>[];
}

interface Window<Detail> {
  readonly endsAt: number;
  readonly overflow: boolean;
  /** Not reported yet; undefined while there is nothing beyond the first. */
  pending: RefusalCount<Detail> | undefined;
}

/** No key of a refusal is empty. */
const OVERFLOW_KEY = '';

/** @throws RangeError when `windowMs` or `maxKeys` is no positive number. */
export function createRefusalAggregator<Detail>(
  options: RefusalAggregatorOptions,
): RefusalAggregator<Detail> {
  const { windowMs, maxKeys, now } = options;
  if (!(windowMs > 0 && Number.isInteger(maxKeys) && maxKeys > 0)) {
    throw new RangeError('windowMs and maxKeys of a refusal aggregator must be positive.');
  }

  // In the order in which the windows end, since all are of one length.
  const windows = new Map<string, Window<Detail>>();

  function end(isOver: (window: Window<Detail>) => boolean): RefusalReport<Detail>[] {
    const reports: RefusalReport<Detail>[] = [];
    for (const [key, window] of windows) {
      if (!isOver(window)) break;
      windows.delete(key);
      if (window.pending !== undefined) {
        reports.push({ kind: window.overflow ? 'overflow' : 'repeats', ...window.pending });
      }
    }
    return reports;
  }

  function due(): RefusalReport<Detail>[] {
    const time = now();
    // A clock that was set back has no say in how long a window lasts: it would be hours.
    return end(({ endsAt }) => endsAt <= time || endsAt - windowMs > time);
  }

  function keyOf(refusal: Refusal<Detail>): string {
    const key = `${refusal.fingerprint ?? 'none'} ${refusal.peer ?? ''} ${refusal.reason}`;
    const tracked = windows.size - (windows.has(OVERFLOW_KEY) ? 1 : 0);
    return windows.has(key) || tracked < maxKeys ? key : OVERFLOW_KEY;
  }

  function record(refusal: Refusal<Detail>): RefusalReport<Detail>[] {
    const reports = due();
    const time = now();
    const key = keyOf(refusal);
    const window = windows.get(key);
    if (window !== undefined) {
      const { count, firstAt } = window.pending ?? { count: 0, firstAt: time };
      window.pending = { refusal, count: count + 1, firstAt, lastAt: time };
      return reports;
    }
    const overflow = key === OVERFLOW_KEY;
    windows.set(key, { endsAt: time + windowMs, overflow, pending: undefined });
    reports.push({
      kind: overflow ? 'overflow' : 'first',
      refusal,
      count: 1,
      firstAt: time,
      lastAt: time,
    });
    return reports;
  }

  function nextDueAt(): number | undefined {
    return windows.values().next().value?.endsAt;
  }

  return { record, due, nextDueAt, close: () => end(() => true) };
}
