/** Milliseconds that only go forward, for what lasts a while: nobody sets it, and it begins with the process. */
export const STEADY_CLOCK: { now(): number } = { now: () => performance.now() };
