import type { Ambient } from '../installation.ts';
import type { StopSignal } from '../stop-signal.ts';
import type { Terminal } from '../terminal.ts';

/** Everything that a command has to do with the world. */
export interface CommandContext {
  readonly terminal: Terminal;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly workingDirectory: string;
  readonly ambient: Ambient;
  /** Name of the account that runs the command, for events. */
  readonly account: () => string;
  /** Begins to wait for a signal to stop; `onFirst` is called at the first. */
  readonly listenForStop: (onFirst: () => void) => StopSignal;
  /** Calls at each SIGHUP; the result ends it. */
  readonly listenForReload: (onSignal: () => void) => () => void;
}
