/** How much memory a process has, as the system sees it. */

import { existsSync, readFileSync } from 'node:fs';

/**
 * What a gateway may need: the runtime and its code take 100 to 150 MiB, the rest is for the tests. A
 * message that were kept per announced length, or a queue without an end, would go far beyond.
 */
export const MAX_RESIDENT_MIB = 256;

/** Whether it can be known: there is no /proc elsewhere than on Linux. */
export const canMeasureMemory = existsSync('/proc/self/status');

/**
 * Resident memory in MiB.
 *
 * @throws Error when the process has ended.
 */
export function residentMiB(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const [, kibibytes] = /^VmRSS:\s+(\d+) kB$/m.exec(status) ?? [];
  if (kibibytes === undefined) throw new Error(`The process ${pid} has no memory any more.`);
  return Number(kibibytes) / 1024;
}
