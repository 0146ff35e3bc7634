/** Runs works one after the other, in the order in which they came. */
export interface Queue {
  /** What the work answers or throws. */
  run<T>(work: () => Promise<T>): Promise<T>;
}

export function createQueue(): Queue {
  let last: Promise<unknown> = Promise.resolve();

  return {
    run(work) {
      const done = last.then(work);
      // A work that fails stops none that come after it.
      last = done.catch(() => undefined);
      return done;
    },
  };
}
