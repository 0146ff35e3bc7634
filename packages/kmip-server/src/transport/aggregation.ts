/** What strangers can cause as often as they like, bundled by the minute: the aggregator and its timer. */

import { createRefusalAggregator, type Refusal, type RefusalReport } from '@claviger/audit-emitter';
import type { Clock } from '../dependencies.ts';

export const WINDOW_MS = 60_000;
const MAX_KEYS = 1000;

export interface Aggregation<Detail> {
  record(refusal: Refusal<Detail>): void;
  /** Reports what is still counted; what comes later is reported at once. */
  close(): void;
}

/** @param onReports - Gets at least one report, within `record`, within `close` or from a timer. */
export function createAggregation<Detail>(
  clock: Clock,
  onReports: (reports: readonly RefusalReport<Detail>[]) => void,
): Aggregation<Detail> {
  const aggregator = createRefusalAggregator<Detail>({
    windowMs: WINDOW_MS,
    maxKeys: MAX_KEYS,
    now: clock.now,
  });
  let timer: NodeJS.Timeout | undefined;
  let isClosed = false;

  function report(reports: readonly RefusalReport<Detail>[]): void {
    if (reports.length > 0) onReports(reports);
  }

  function schedule(): void {
    clearTimeout(timer);
    const at = aggregator.nextDueAt();
    if (at === undefined || isClosed) return;
    // A clock that was set back must not make the timer overflow, which would fire it at once.
    const delay = Math.min(Math.max(0, at - clock.now()), WINDOW_MS);
    timer = setTimeout(() => {
      report(aggregator.due());
      schedule();
    }, delay);
    timer.unref();
  }

  return {
    record(refusal) {
      report(
        isClosed
          ? [...aggregator.record(refusal), ...aggregator.close()]
          : aggregator.record(refusal),
      );
      schedule();
    },
    close() {
      isClosed = true;
      clearTimeout(timer);
      report(aggregator.close());
    },
  };
}
