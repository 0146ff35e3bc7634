/** A server under measurement: a process of its own, which says when it is ready. */

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { env as ownEnvironment } from 'node:process';

export interface ServerCommand {
  readonly program: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Resolves when connections are accepted; is given what standard output has so far, whenever it grows. */
  readonly readyLine: (line: string) => boolean;
}

export interface ServerProcess {
  readonly pid: number;
  /** The line that said so. */
  readonly readyLine: string;
  /** SIGTERM, and SIGKILL when that does not end it. */
  stop(): Promise<void>;
}

/** A million objects take their time, on a slow disk more than on a fast one. */
const START_TIMEOUT_MS = 300_000;
const STOP_TIMEOUT_MS = 20_000;
const KEPT_LOG = 4000;

/** @throws Error with the end of what it wrote to standard error. */
export async function startServer(command: ServerCommand): Promise<ServerProcess> {
  // Settings of the person who measures are none of the server's that is measured.
  const inherited = Object.entries(ownEnvironment).filter(([name]) => !/^CLAVIGER_/.test(name));
  const child = spawn(command.program, command.args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...Object.fromEntries(inherited), ...command.env },
  });
  const kill = () => child.kill('SIGKILL');
  // Before whatever else waits for the exit: what removes its files, for example.
  process.prependOnceListener('exit', kill);
  const ended = new Promise<void>((resolve) => {
    child.once('close', () => {
      process.off('exit', kill);
      resolve();
    });
  });
  try {
    const readyLine = await firstLine(child, command.readyLine);
    return {
      pid: child.pid ?? 0,
      readyLine,
      async stop() {
        const timer = setTimeout(kill, STOP_TIMEOUT_MS);
        child.kill('SIGTERM');
        await ended;
        clearTimeout(timer);
      },
    };
  } catch (error) {
    kill();
    throw error;
  }
}

function firstLine(child: ChildProcess, isReady: (line: string) => boolean): Promise<string> {
  return new Promise((resolve, reject) => {
    let output = '';
    let log = '';
    const fail = (what: string) => {
      clearTimeout(timer);
      reject(new Error(`${child.spawnfile} ${what}. Its log:\n${log}`));
    };
    const timer = setTimeout(() => fail('was not ready in time'), START_TIMEOUT_MS);
    child.once('error', (error) => fail(`did not start: ${error.message}`));
    child.once('close', () => fail('ended before it was ready'));
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      log = (log + text).slice(-KEPT_LOG);
    });
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      output = (output + text).slice(-KEPT_LOG);
      const line = output.split('\n').slice(0, -1).find(isReady);
      if (line === undefined) return;
      clearTimeout(timer);
      resolve(line);
    });
  });
}

/** Runs a program to its end, with this on its standard input. @returns Its standard output. */
export async function runToEnd(
  program: string,
  args: readonly string[],
  input = '',
): Promise<string> {
  const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'pipe'] });
  const kill = () => child.kill('SIGKILL');
  process.once('exit', kill);
  let output = '';
  let log = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    log = (log + text).slice(-KEPT_LOG);
  });
  child.stdin.end(input);
  await once(child, 'close');
  process.off('exit', kill);
  if (child.exitCode === 0) return output;
  throw new Error(`${args[0] ?? program} failed (${child.signalCode ?? child.exitCode}): ${log}`);
}
