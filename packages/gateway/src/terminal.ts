/** Where a command reads and writes: handed in, so that commands can be tried without a process. */
import type { Readable, Writable } from 'node:stream';
import picocolors from 'picocolors';

export type Colors = ReturnType<typeof picocolors.createColors>;

export interface OutputChannel {
  readonly stream: Writable;
  readonly isTerminal: boolean;
  /** Characters in a line; undefined when it is no terminal. */
  readonly columns: number | undefined;
  readonly colors: Colors;
}

export interface Terminal {
  readonly input: Readable;
  /** Results, and nothing else. */
  readonly out: OutputChannel;
  /** Errors, logs, progress. */
  readonly err: OutputChannel;
}

/** The standard streams of this process; colours as NO_COLOR and FORCE_COLOR say (no-color.org). */
export function processTerminal(process: NodeJS.Process): Terminal {
  const channel = (stream: NodeJS.WriteStream): OutputChannel => ({
    stream,
    isTerminal: stream.isTTY === true,
    columns: stream.isTTY === true ? stream.columns : undefined,
    colors: picocolors.createColors(wantsColors(process.env, stream.isTTY === true)),
  });
  return { input: process.stdin, out: channel(process.stdout), err: channel(process.stderr) };
}

export function wantsColors(
  environment: Readonly<Record<string, string | undefined>>,
  isTerminal: boolean,
): boolean {
  if ((environment['NO_COLOR'] ?? '') !== '') return false;
  if (!['', '0', undefined].includes(environment['FORCE_COLOR'])) return true;
  return isTerminal && environment['TERM'] !== 'dumb';
}

/** Writes and waits until the reader on the other side has room again. */
export async function write({ stream }: OutputChannel, text: string): Promise<void> {
  // Whoever read may be gone, as with `| head`; that ends the command elsewhere.
  if (!stream.writable || stream.write(text)) return;
  await new Promise<void>((resolve) => {
    const done = () => {
      stream.off('drain', done);
      stream.off('close', done);
      resolve();
    };
    stream.on('drain', done);
    stream.on('close', done);
  });
}

export async function writeLine(channel: OutputChannel, line = ''): Promise<void> {
  await write(channel, `${line}\n`);
}
