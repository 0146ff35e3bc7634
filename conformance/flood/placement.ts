/**
 * How the parts of a run share the processors. Load that comes from the same machine costs the gateway the
 * processors that it needs; real load does not.
 */

import { spawnSync } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { pid } from 'node:process';

export interface Placement {
  readonly name: string;
  /** What comes before the command of a gateway. */
  readonly gateway: readonly string[];
  readonly load: readonly string[];
}

/** Before anything is moved: afterwards there seem to be fewer. */
export const PROCESSORS = availableParallelism();

const LAST_IN_LINE = ['nice', '-n', '19'];

/** Everything at the same priority, wherever the system puts it. */
export const TOGETHER: Placement = { name: 'together', gateway: [], load: [] };

/** The load gets the time that neither gateways nor clients want: no gateway waits for it. */
export const BEHIND: Placement = { name: 'load behind', gateway: [], load: LAST_IN_LINE };

/**
 * Gateways on the first processor, everything else on the others, the load last; moves this process there.
 *
 * @throws Error where there are no two processors, or no `taskset`.
 */
export function placeApart(): Placement {
  const last = PROCESSORS - 1;
  if (last < 1) throw new Error('There is only one processor: nothing can be set apart.');
  const others = last === 1 ? '1' : `1-${last}`;
  const moved = spawnSync('taskset', ['-a', '-c', '-p', others, String(pid)], { encoding: 'utf8' });
  if (moved.status !== 0) throw new Error(`taskset (util-linux) failed: ${moved.stderr}`);
  return {
    name: 'apart',
    gateway: ['taskset', '-c', '0'],
    load: ['taskset', '-c', others, ...LAST_IN_LINE],
  };
}
