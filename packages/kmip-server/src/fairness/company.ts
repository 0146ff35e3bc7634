/** Tells each of many whether others were there lately, in constant time and memory. */
export interface Company {
  /** One of the key is there now. */
  see(key: string): void;
  /** Whether one of another key was seen within the time. */
  hasOthers(key: string): boolean;
}

interface Sight {
  readonly key: string;
  at: number;
}

/**
 * @param lingersMs - How long one counts who was seen.
 * @param monotonicNow - Milliseconds that only go forward.
 */
export function createCompany(lingersMs: number, monotonicNow: () => number): Company {
  // Whatever the key is that is asked for, one of the last two is another: the newer of those is enough to know.
  let last: Sight | undefined;
  let lastOther: Sight | undefined;
  return {
    see(key) {
      if (last?.key === key) {
        last.at = monotonicNow();
        return;
      }
      lastOther = last;
      last = { key, at: monotonicNow() };
    },
    hasOthers(key) {
      const other = last?.key === key ? lastOther : last;
      return other !== undefined && monotonicNow() - other.at <= lingersMs;
    },
  };
}
