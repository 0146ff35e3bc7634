/** Seals the log while it is written: after so many events, or so much time, and at the end. */

export interface CheckpointerOptions {
  /** Sequence of the newest event. */
  lastSequence(): Promise<number>;
  /** Makes a checkpoint over all events; answers its size, or undefined when there is none. */
  seal(): Promise<number | undefined>;
  /** Milliseconds since the epoch, or since anything. */
  now(): number;
  /** Repeats the work every `intervalMs`, until the function that it answers is called. */
  every(intervalMs: number, work: () => Promise<void>): () => void;
  /** Told why sealing failed; it is tried again. */
  onFailure(error: unknown): void;
  /** Events that make a checkpoint at once. */
  readonly maxEvents: number;
  /** How long an event waits for its checkpoint at most, in milliseconds. */
  readonly maxAgeMs: number;
}

export interface Checkpointer {
  start(): void;
  /** Seals what is left. */
  close(): Promise<void>;
}

/** How often it looks, at most. */
const LOOK_EVERY_MS = 1_000;

export function createCheckpointer(options: CheckpointerOptions): Checkpointer {
  const { maxEvents, maxAgeMs } = options;
  let sealedSize = 0;
  let sealedAt = -Infinity;
  let running: Promise<void> | undefined;
  let stop: (() => void) | undefined;

  async function look(): Promise<void> {
    const last = await options.lastSequence();
    const isDue = last - sealedSize >= maxEvents || options.now() - sealedAt >= maxAgeMs;
    if (last > sealedSize && isDue) await seal();
  }

  async function seal(): Promise<void> {
    const size = await options.seal();
    sealedSize = size ?? sealedSize;
    sealedAt = options.now();
  }

  /** One at a time. */
  async function run(work: () => Promise<void>): Promise<void> {
    running = work().catch(options.onFailure);
    await running;
    running = undefined;
  }

  return {
    start() {
      stop ??= options.every(Math.min(LOOK_EVERY_MS, maxAgeMs), async () => {
        if (running === undefined) await run(look);
      });
    },
    async close() {
      stop?.();
      await running;
      await run(seal);
    },
  };
}
