/** How many files the process may have open at a time; each connection is one of them. */
import { readFileSync } from 'node:fs';

/** Node 20 opens some hundreds at once to load the modules of a command; a gateway has a few dozen open by itself. */
export const MIN_DESCRIPTORS = 1024;

const LIMITS_FILE = '/proc/self/limits';

/**
 * The limit that holds, which Node has raised as far as it may; `Infinity` for none, and undefined where
 * the system does not tell: only Linux does.
 */
export function readDescriptorLimit(): number | undefined {
  try {
    return parseDescriptorLimit(readFileSync(LIMITS_FILE, 'utf8'));
  } catch {
    return undefined;
  }
}

/** @param limits - The text of `/proc/PID/limits`: a line for each limit, the one that holds first. */
export function parseDescriptorLimit(limits: string): number | undefined {
  const soft = /^Max open files +(\d+|unlimited) /m.exec(limits)?.[1];
  if (soft === undefined) return undefined;
  return soft === 'unlimited' ? Number.POSITIVE_INFINITY : Number(soft);
}

/** Why nothing can be started under a limit, and what to do; undefined when something can. */
export function descriptorShortage(limit: number | undefined): string | undefined {
  if (limit === undefined || limit >= MIN_DESCRIPTORS) return undefined;
  return (
    `This process may have ${limit} files open, and Claviger needs ${MIN_DESCRIPTORS}, or more for more ` +
    'connections. Raise the limit and start again: LimitNOFILE= of a service, --ulimit nofile= of a ' +
    'container, ulimit -n of a shell.'
  );
}
