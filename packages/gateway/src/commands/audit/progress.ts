import type { Terminal } from '../../terminal.ts';

export interface Progress {
  /** Says now and then how many there are, to people who wait. */
  readonly report: (count: number) => void;
  /** Clears the line. */
  end(): void;
}

const LINE_WIDTH = 60;

/** Counts on the line of a terminal; where there is none it says nothing. */
export function createProgress({ err }: Terminal, what: string): Progress {
  let isShown = false;
  return {
    report(count) {
      if (!err.isTerminal) return;
      isShown = true;
      err.stream.write(`\r${`${what}: ${count.toLocaleString('en')} events`.padEnd(LINE_WIDTH)}`);
    },
    end() {
      if (isShown) err.stream.write(`\r${' '.repeat(LINE_WIDTH)}\r`);
    },
  };
}
