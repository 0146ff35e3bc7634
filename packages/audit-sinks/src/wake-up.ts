/** Waiting that somebody else can end. */

import type { DeliveryClock } from './delivery-clock.ts';

export interface WakeUp {
  /** Ends the wait under way; without one, the next wait ends at once. */
  notify(): void;
  /** Resolves after so many milliseconds, when notified, or when the signal is given. */
  wait(milliseconds: number, signal: AbortSignal): Promise<void>;
}

export function createWakeUp(clock: DeliveryClock): WakeUp {
  let notified = false;
  let end: (() => void) | undefined;
  return {
    notify() {
      notified = true;
      end?.();
    },
    async wait(milliseconds, signal) {
      if (!notified && !signal.aborted) {
        const ended = new AbortController();
        end = () => ended.abort();
        signal.addEventListener('abort', end);
        await clock.sleep(milliseconds, ended.signal);
        signal.removeEventListener('abort', end);
        end = undefined;
      }
      notified = false;
    },
  };
}
