/** What the operating system has counted for a process: Linux, by `/proc`. */

import { readFileSync } from 'node:fs';

export interface ProcessUsage {
  /** User and system time of all threads since the start, ended ones included. */
  readonly cpuSeconds: number;
  readonly rssBytes: number;
}

/** `sysconf(_SC_CLK_TCK)`: of every Linux that Node runs on. */
const TICKS_PER_SECOND = 100;
const BYTES_PER_KIB = 1024;

/** @throws Error where there is no `/proc`, or no such process. */
export function readProcessUsage(pid: number): ProcessUsage {
  const stat = readProc(pid, 'stat');
  // The name of the command may hold spaces; what counts stands after its bracket.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [userTicks, systemTicks] = [Number(fields[11]), Number(fields[12])];
  const rss = /^VmRSS:\s+(\d+) kB$/m.exec(readProc(pid, 'status'));
  return {
    cpuSeconds: (userTicks + systemTicks) / TICKS_PER_SECOND,
    rssBytes: Number(rss?.[1] ?? 0) * BYTES_PER_KIB,
  };
}

function readProc(pid: number, name: string): string {
  try {
    return readFileSync(`/proc/${pid}/${name}`, 'latin1');
  } catch (cause) {
    throw new Error(`The use of process ${pid} cannot be read: that needs Linux and its /proc.`, {
      cause,
    });
  }
}
