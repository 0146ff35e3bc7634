/** Waits for SIGTERM or SIGINT. The first asks to finish and end; the second ends at once. */

export interface StopSignal {
  /** Resolves with the first signal. */
  readonly received: Promise<void>;
  readonly isReceived: () => boolean;
  /** Gives the signals back to the system. */
  release(): void;
}

/** The part of a process that signals need. */
export interface SignalledProcess {
  on(signal: StoppingSignal, listener: (signal: StoppingSignal) => void): unknown;
  off(signal: StoppingSignal, listener: (signal: StoppingSignal) => void): unknown;
  exit(code: number): void;
}

/** With the code that shells report for a program that the signal ended: 128 and its number. */
const EXIT_CODE_OF = { SIGINT: 130, SIGTERM: 143 } as const;

export type StoppingSignal = keyof typeof EXIT_CODE_OF;

const STOPPING_SIGNALS: readonly StoppingSignal[] = ['SIGINT', 'SIGTERM'];

export function listenForStop(process: SignalledProcess, onFirst: () => void): StopSignal {
  let received = false;
  let resolve: () => void = () => {};
  const promise = new Promise<void>((done) => {
    resolve = done;
  });
  const onSignal = (signal: StoppingSignal): void => {
    if (received) {
      process.exit(EXIT_CODE_OF[signal]);
      return;
    }
    received = true;
    onFirst();
    resolve();
  };
  for (const signal of STOPPING_SIGNALS) process.on(signal, onSignal);
  return {
    received: promise,
    isReceived: () => received,
    release() {
      for (const signal of STOPPING_SIGNALS) process.off(signal, onSignal);
    },
  };
}
