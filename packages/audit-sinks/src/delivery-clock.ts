/** Time, as delivery sees it; tests have one that stands still. */

export interface DeliveryClock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Resolves after so many milliseconds, or when the signal is given. Does not reject. */
  sleep(milliseconds: number, signal: AbortSignal): Promise<void>;
}

/** The longest that a timer of the runtime can wait. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** A clock on the timers of the runtime. @param now - Milliseconds since the epoch. */
export function createTimerClock(now: () => number): DeliveryClock {
  return {
    now,
    sleep: (milliseconds, signal) =>
      new Promise((resolve) => {
        if (signal.aborted) return resolve();
        const end = () => {
          clearTimeout(timer);
          signal.removeEventListener('abort', end);
          resolve();
        };
        const timer = setTimeout(end, Math.min(milliseconds, LONGEST_TIMER_MS));
        signal.addEventListener('abort', end);
      }),
  };
}
