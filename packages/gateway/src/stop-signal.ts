/** Waits for SIGTERM or SIGINT. The first asks to finish and end; the second ends at once. */

export interface StopSignal {
  /** Resolves with the first signal. */
  readonly received: Promise<void>;
  readonly isReceived: () => boolean;
  /** Gives the signals back to the system. */
  release(): void;
}

const SIGNALS = { SIGTERM: 15, SIGINT: 2 } as const;
/** What shells report for a program that a signal ended. */
const SIGNAL_EXIT_BASE = 128;

export function listenForStop(process: NodeJS.Process, onFirst: () => void): StopSignal {
  let received = false;
  let resolve: () => void;
  const promise = new Promise<void>((done) => {
    resolve = done;
  });
  const onSignal = (signal: NodeJS.Signals): void => {
    if (received)
      process.exit(SIGNAL_EXIT_BASE + (signal === 'SIGINT' ? SIGNALS.SIGINT : SIGNALS.SIGTERM));
    received = true;
    onFirst();
    resolve();
  };
  for (const signal of Object.keys(SIGNALS)) process.on(signal, onSignal);
  return {
    received: promise,
    isReceived: () => received,
    release() {
      for (const signal of Object.keys(SIGNALS)) process.off(signal, onSignal);
    },
  };
}
