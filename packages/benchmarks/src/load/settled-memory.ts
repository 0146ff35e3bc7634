/** The memory of a server without its garbage: it has `subjects/collector.ts` loaded. */

import { readFile, rm } from 'node:fs/promises';
import { kill } from 'node:process';
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';

const Memory = z.object({ rssBytes: z.number(), heapBytes: z.number() });
export type Memory = z.infer<typeof Memory>;

/** Less than this between two collections is no change. */
const STEADY = 0.005;
const MAX_COLLECTIONS = 12;
const POLL_MS = 20;
const TIMEOUT_MS = 60_000;

/**
 * Has the server collect until its memory stays as it is.
 *
 * @param file - Where the collector of that server writes.
 * @throws Error when the server does not answer.
 */
export async function settledMemory(pid: number, file: string): Promise<Memory> {
  let last = await collectedMemory(pid, file);
  for (let times = 1; times < MAX_COLLECTIONS; times++) {
    const memory = await collectedMemory(pid, file);
    if (Math.abs(memory.rssBytes - last.rssBytes) <= STEADY * last.rssBytes) return memory;
    last = memory;
  }
  return last;
}

async function collectedMemory(pid: number, file: string): Promise<Memory> {
  await rm(file, { force: true });
  kill(pid, 'SIGUSR2');
  for (let waited = 0; waited < TIMEOUT_MS; waited += POLL_MS) {
    await delay(POLL_MS);
    const text = await readFile(file, 'utf8').catch(() => undefined);
    if (text !== undefined) return Memory.parse(JSON.parse(text));
  }
  throw new Error(`Process ${pid} has not collected its garbage in ${TIMEOUT_MS / 1000} s.`);
}
