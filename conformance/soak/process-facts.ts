/** What the operating system knows of a process: Linux, by `/proc`. */

import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';

export interface ProcessFacts {
  readonly rssBytes: number;
  readonly threads: number;
  readonly descriptors: number;
  /** User and system time since its start. */
  readonly cpuSeconds: number;
}

/** Of all that Linux runs on, by default. */
const TICKS_PER_SECOND = 100;

export async function readProcessFacts(pid: number): Promise<ProcessFacts> {
  const [status, times, descriptors] = await Promise.all([
    readFile(`/proc/${pid}/status`, 'utf8'),
    readFile(`/proc/${pid}/stat`, 'utf8'),
    readdir(`/proc/${pid}/fd`),
  ]);
  const number = (form: RegExp) => Number(form.exec(status)?.[1] ?? Number.NaN);
  // The name of the command may hold spaces; what counts stands after its bracket.
  const fields = times.slice(times.lastIndexOf(')') + 2).split(' ');
  return {
    rssBytes: number(/^VmRSS:\s+(\d+) kB$/m) * 1024,
    threads: number(/^Threads:\s+(\d+)$/m),
    descriptors: descriptors.length,
    cpuSeconds: (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND,
  };
}

/** The bytes of all files of a directory whose names fit, without those in directories of it. */
export async function bytesIn(directory: string, form: RegExp): Promise<number> {
  const names = (await readdir(directory)).filter((name) => form.test(name));
  const sizes = await Promise.all(
    names.map((name) =>
      stat(join(directory, name)).then(
        ({ size }) => size,
        () => 0, // one that went in between
      ),
    ),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}
