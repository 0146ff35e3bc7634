/**
 * Bounds how much is worked on at a time, and shares it: so many at once, fewer of them for one key, and
 * whoever has to wait goes by turns with those of other keys. A key that floods waits for itself.
 *
 * What is in work already is what one who comes has to wait for. So a key that is alone may have much in work,
 * which makes for few and large commits, and a key among others has little.
 *
 * What is large counts as several: the memory that work takes grows with its size. The last one that begins may
 * go beyond the bound, so that the largest has its turn like any other.
 */

import { createCompany } from './company.ts';
import { createWaitingInTurn } from './waiting-in-turn.ts';

export interface FairTurnsLimits {
  readonly maxInWork: number;
  /** Of a key that is alone. */
  readonly maxInWorkOfKey: number;
  /** Of a key while there are others. */
  readonly maxInWorkOfKeyAmongOthers: number;
  readonly maxWaitingOfKey: number;
  /** Who has waited longer gets a turn all the same, and is told that it is too late for the work. */
  readonly maxWaitMs: number;
}

export type TooBusy = 'too-many-wait' | 'waited-too-long';

export interface Turn {
  /** Why there should be a refusal and no work. */
  readonly tooBusy: TooBusy | undefined;
  /** Gives the turn to others for as long as the caller waits for something else. */
  standAside<T>(wait: () => Promise<T>): Promise<T>;
}

export interface FairTurns {
  /**
   * Runs the work when it is the key's turn: at once while there is room. Where as many wait as may, it is
   * run at once as well, outside of all turns and with `tooBusy`: to refuse must cost little.
   *
   * @param weight - As how many it counts while it is in work; 1 unless told.
   */
  run<T>(key: string, work: (turn: Turn) => Promise<T>, weight?: number): Promise<T>;
  /** Whether others of the key wait. */
  isCrowded(key: string): boolean;
  /** How many wait, of all keys. */
  readonly waiting: number;
  /** By weight. */
  readonly inWork: number;
}

export interface FairTurnsDeps {
  /** Milliseconds that only go forward. */
  monotonicNow(): number;
  /** One more waits, or one fewer. */
  onWaiting?(change: 1 | -1): void;
}

/** Clients ask in bursts: one that has paused so long still counts as there. */
const COMPANY_MS = 1000;

export function createFairTurns(
  limits: FairTurnsLimits,
  { monotonicNow, onWaiting }: FairTurnsDeps,
): FairTurns {
  const line = createWaitingInTurn<{ readonly key: string; readonly weight: number; go(): void }>();
  const inWorkOf = new Map<string, number>();
  const company = createCompany(COMPANY_MS, monotonicNow);
  const maxAmongOthers = Math.min(limits.maxInWorkOfKeyAmongOthers, limits.maxInWorkOfKey);
  let inWork = 0;

  function hasRoom(key: string): boolean {
    const max = company.hasOthers(key) ? maxAmongOthers : limits.maxInWorkOfKey;
    return (inWorkOf.get(key) ?? 0) < max;
  }

  function begin(key: string, weight: number): void {
    inWork += weight;
    inWorkOf.set(key, (inWorkOf.get(key) ?? 0) + weight);
  }

  function end(key: string, weight: number): void {
    inWork -= weight;
    const left = (inWorkOf.get(key) ?? 0) - weight;
    if (left > 0) inWorkOf.set(key, left);
    else inWorkOf.delete(key);
    // More than one, where a key has room again since the others have gone.
    while (line.count > 0 && inWork < limits.maxInWork) {
      const next = line.take(hasRoom);
      if (next === undefined) return;
      begin(next.key, next.weight);
      onWaiting?.(-1);
      next.go();
    }
  }

  /** Begins a turn if there is room for it now. */
  function entersAtOnce(key: string, weight: number): boolean {
    const isFree = inWork < limits.maxInWork && hasRoom(key);
    if (isFree) begin(key, weight);
    return isFree;
  }

  /** Resolves to how long it took, in milliseconds, with the turn begun. */
  async function waitFor(key: string, weight: number): Promise<number> {
    onWaiting?.(1);
    const since = monotonicNow();
    await new Promise<void>((go) => line.add(key, { key, weight, go }));
    return monotonicNow() - since;
  }

  return {
    async run(key, work, weight = 1) {
      company.see(key);
      if (line.countOf(key) >= limits.maxWaitingOfKey) {
        return await work({ tooBusy: 'too-many-wait', standAside: (wait) => wait() });
      }
      const waitedMs = entersAtOnce(key, weight) ? 0 : await waitFor(key, weight);
      try {
        return await work({
          tooBusy: waitedMs > limits.maxWaitMs ? 'waited-too-long' : undefined,
          async standAside(wait) {
            end(key, weight);
            try {
              return await wait();
            } finally {
              if (!entersAtOnce(key, weight)) await waitFor(key, weight);
            }
          },
        });
      } finally {
        end(key, weight);
      }
    },
    isCrowded: (key) => line.countOf(key) > 0,
    get waiting() {
      return line.count;
    },
    get inWork() {
      return inWork;
    },
  };
}
