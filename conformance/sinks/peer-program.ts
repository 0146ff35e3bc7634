/** A program that plays a peer: started, killed, started again, and never left behind. */

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { env } from 'node:process';
import { listening } from './free-port.ts';

export interface PeerProgram {
  /** Ends it by a signal, waits, and starts it again. */
  restart(signal: NodeJS.Signals): Promise<void>;
  stop(): Promise<void>;
}

const START_TIMEOUT_MS = 90_000;
const KILL_AFTER_MS = 10_000;

const running = new Set<ChildProcess>();
process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

/** @param port - Where it listens when it is ready. */
export async function startProgram(
  command: string,
  args: readonly string[],
  port: number,
  extraEnv: Readonly<Record<string, string>> = {},
): Promise<PeerProgram> {
  let output = '';
  let child = start();

  function start(): ChildProcess {
    const started = spawn(command, args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...env, ...extraEnv },
    });
    running.add(started);
    for (const stream of [started.stdout, started.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        output = (output + text).slice(-4_000);
      });
    }
    return started;
  }

  async function ready(): Promise<void> {
    const ended = once(child, 'close').then(() => {
      throw new Error(`${command} ended. It wrote:\n${output}`);
    });
    await Promise.race([listening(port, START_TIMEOUT_MS), ended]);
    ended.catch(() => {});
  }

  async function end(signal: NodeJS.Signals): Promise<void> {
    const ending = child;
    const ended = ending.exitCode === null && ending.signalCode === null;
    const deadline = setTimeout(() => ending.kill('SIGKILL'), KILL_AFTER_MS);
    ending.kill(signal);
    if (ended) await once(ending, 'exit');
    clearTimeout(deadline);
    running.delete(ending);
  }

  await ready();
  return {
    async restart(signal) {
      await end(signal);
      child = start();
      await ready();
    },
    stop: () => end('SIGKILL'),
  };
}
