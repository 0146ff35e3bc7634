/** Work that repeats; handed in, so that tests say when. */

export interface Timers {
  /**
   * Repeats the work, first after one interval; never twice at once. It must not throw.
   *
   * @returns what ends it.
   */
  every(intervalMs: number, work: () => Promise<void>): () => void;
}

/** Timers of the runtime, which keep no process alive. */
export function systemTimers(): Timers {
  return {
    every(intervalMs, work) {
      let isWorking = false;
      const timer = setInterval(() => {
        if (isWorking) return;
        isWorking = true;
        void work().finally(() => {
          isWorking = false;
        });
      }, intervalMs);
      timer.unref();
      return () => clearInterval(timer);
    },
  };
}
