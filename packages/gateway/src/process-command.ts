/** Ties the process to the command line, and nothing else. */
import { randomBytes, randomUUID } from 'node:crypto';
import { userInfo } from 'node:os';
import type { CommandContext } from './commands/command-context.ts';
import { EXIT_CODES } from './exit-code.ts';
import { runCommand } from './run-command.ts';
import { listenForStop } from './stop-signal.ts';
import { processTerminal } from './terminal.ts';

const context: CommandContext = {
  terminal: processTerminal(process),
  environment: process.env,
  workingDirectory: process.cwd(),
  ambient: {
    clock: { now: () => Date.now() },
    randomness: { uuid: () => randomUUID(), bytes: (count) => randomBytes(count) },
  },
  account: accountName,
  listenForStop: (onFirst) => listenForStop(process, onFirst),
  listenForReload(onSignal) {
    // To what runs in a terminal it says that the terminal is gone: then it ends, as without us.
    if (process.stderr.isTTY) return () => {};
    process.on('SIGHUP', onSignal);
    return () => void process.off('SIGHUP', onSignal);
  },
};

process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') process.exit(EXIT_CODES.failure.code);
  // Whoever read the output has seen enough, as in `claviger events list | head`. A command that has
  // something to put in order is asked to stop.
  if (!process.emit('SIGTERM')) process.exit(EXIT_CODES.success.code);
});

process.exitCode = await runCommand(process.argv.slice(2), context);

/** An account may have no name, in a container that runs under a bare number. */
function accountName(): string {
  try {
    return userInfo().username;
  } catch {
    return `uid-${process.getuid?.() ?? 'unknown'}`;
  }
}
