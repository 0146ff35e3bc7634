/** Which servers have run a load long enough for their runtime to have compiled what it needs. */

import type { SubjectName } from '../figures.ts';
import type { LoadPlan } from '../load/load-plan.ts';
import type { Settings } from '../settings.ts';

export interface Warmth {
  /** Milliseconds before a load is measured: many the first time that a process has it, few from then on. */
  warmUpMs(subject: SubjectName, load: Pick<LoadPlan, 'pid' | 'workload' | 'loop'>): number;
}

export function createWarmth({ warmUpMs, rewarmMs }: Settings): Warmth {
  const warm = new Set<string>();
  return {
    warmUpMs(subject, { pid, workload, loop }) {
      // Python compiles nothing while it runs.
      if (subject === 'pykmip') return rewarmMs;
      // To the echo every message is like any other.
      const key = [pid, loop.kind, subject === 'echo' ? '' : workload].join(' ');
      if (warm.has(key)) return rewarmMs;
      warm.add(key);
      return warmUpMs;
    },
  };
}
