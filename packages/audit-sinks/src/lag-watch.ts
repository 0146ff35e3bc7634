/** Notices when a sink falls behind, and when it has caught up. */

export interface Lag {
  /** Events of the log that are not delivered, those that the filter would leave out included. */
  readonly events: number;
  /** Age of the oldest of them, in seconds; 0 when there is none. */
  readonly seconds: number;
}

/** A sink is behind when one of the two is reached, and far behind at ten times as much. */
export interface LagThresholds {
  readonly events: number;
  readonly seconds: number;
}

export const DEFAULT_LAG_THRESHOLDS: LagThresholds = { events: 10_000, seconds: 300 };

export type LagLevel = 'current' | 'behind' | 'far-behind';

export interface LagWatch {
  readonly level: LagLevel;
  /**
   * @param now - Milliseconds since the epoch.
   * @returns the level when somebody should hear of it: it has changed, or has been raised for an hour.
   */
  observe(lag: Lag, now: number): LagLevel | undefined;
}

const FAR = 10;
const REPEAT_MS = 3_600_000;

export function createLagWatch(thresholds: LagThresholds): LagWatch {
  let level: LagLevel = 'current';
  let toldAt = 0;

  const reaches = ({ events, seconds }: Lag, factor: number) =>
    events >= thresholds.events * factor || seconds >= thresholds.seconds * factor;

  function levelOf(lag: Lag): LagLevel {
    if (reaches(lag, FAR)) return 'far-behind';
    if (reaches(lag, 1)) return 'behind';
    // Not before half of the threshold, so that a sink at the threshold does not tell of every batch.
    return level !== 'current' && reaches(lag, 0.5) ? 'behind' : 'current';
  }

  return {
    get level() {
      return level;
    },
    observe(lag, now) {
      const next = levelOf(lag);
      const due = next !== 'current' && Math.abs(now - toldAt) >= REPEAT_MS;
      if (next === level && !due) return undefined;
      level = next;
      toldAt = now;
      return next;
    },
  };
}
