/** Whether a process grows with what it is sent: its memory after a warm-up beside that at the end. */

import { canMeasureMemory, MAX_RESIDENT_MIB, residentMiB } from '../bad-input/resident-memory.ts';

/** Resident MiB. */
export interface MemoryFacts {
  /** After the warm-up: the median of the second tenth. */
  readonly warm: number;
  /** The median of the last tenth. */
  readonly end: number;
  readonly highest: number;
}

export interface MemoryWatch {
  /** Looks, when it is time to. */
  look(): void;
  /** Undefined where nothing can be known: too few looks, or no /proc. */
  facts(): MemoryFacts | undefined;
  /** A sentence, when it has grown more than it may. */
  problem(): string | undefined;
}

const LOOK_EVERY_MS = 250;
const FEWEST_LOOKS = 40;
/** Caches and the garbage collector need room; what is kept of each input would need far more. */
const MOST_GROWTH = 1.25;

export function createMemoryWatch(pid: number, now: () => number = Date.now): MemoryWatch {
  const looks: number[] = [];
  let looked = 0;

  function facts(): MemoryFacts | undefined {
    if (looks.length < FEWEST_LOOKS) return undefined;
    const tenth = Math.floor(looks.length / 10);
    return {
      warm: median(looks.slice(tenth, 2 * tenth)),
      end: median(looks.slice(-tenth)),
      highest: looks.reduce((most, look) => Math.max(most, look), 0),
    };
  }

  return {
    look() {
      if (!canMeasureMemory || now() - looked < LOOK_EVERY_MS) return;
      looked = now();
      looks.push(Math.round(residentMiB(pid)));
    },
    facts,
    problem: () => problemOf(facts()),
  };
}

/** @returns a sentence for a process that has grown more than it may. */
export function problemOf(facts: MemoryFacts | undefined): string | undefined {
  if (facts === undefined) return undefined;
  const { warm, end } = facts;
  // Below what a gateway may need at all, growth says nothing: its heap was small before.
  const most = Math.max(warm * MOST_GROWTH, MAX_RESIDENT_MIB);
  return end <= most ? undefined : `Its memory grew from ${warm} to ${end} MiB.`;
}

function median(values: readonly number[]): number {
  return values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? 0;
}
