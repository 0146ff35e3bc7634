/**
 * Bounds how much is worked on at a time, and shares it: so many at once, fewer of them for one key, and
 * whoever has to wait goes by turns with those of other keys. A key that floods waits for itself.
 */

import { createWaitingInTurn } from './waiting-in-turn.ts';

export interface FairTurnsLimits {
  readonly maxInWork: number;
  readonly maxInWorkOfKey: number;
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
   */
  run<T>(key: string, work: (turn: Turn) => Promise<T>): Promise<T>;
  /** Whether others of the key wait. */
  isCrowded(key: string): boolean;
  /** How many wait, of all keys. */
  readonly waiting: number;
}

export interface FairTurnsDeps {
  /** Milliseconds that only go forward. */
  monotonicNow(): number;
  /** One more waits, or one fewer. */
  onWaiting?(change: 1 | -1): void;
}

export function createFairTurns(
  limits: FairTurnsLimits,
  { monotonicNow, onWaiting }: FairTurnsDeps,
): FairTurns {
  const line = createWaitingInTurn<{ readonly key: string; go(): void }>();
  const inWorkOf = new Map<string, number>();
  let inWork = 0;

  const hasRoom = (key: string) => (inWorkOf.get(key) ?? 0) < limits.maxInWorkOfKey;

  function begin(key: string): void {
    inWork += 1;
    inWorkOf.set(key, (inWorkOf.get(key) ?? 0) + 1);
  }

  function end(key: string): void {
    inWork -= 1;
    const left = (inWorkOf.get(key) ?? 0) - 1;
    if (left > 0) inWorkOf.set(key, left);
    else inWorkOf.delete(key);
    if (line.count === 0) return;
    const next = line.take(hasRoom);
    if (next === undefined) return;
    begin(next.key);
    onWaiting?.(-1);
    next.go();
  }

  /** Begins a turn if there is room for it now. */
  function entersAtOnce(key: string): boolean {
    const isFree = inWork < limits.maxInWork && hasRoom(key);
    if (isFree) begin(key);
    return isFree;
  }

  /** Resolves to how long it took, in milliseconds, with the turn begun. */
  async function waitFor(key: string): Promise<number> {
    onWaiting?.(1);
    const since = monotonicNow();
    await new Promise<void>((go) => line.add(key, { key, go }));
    return monotonicNow() - since;
  }

  return {
    async run(key, work) {
      if (line.countOf(key) >= limits.maxWaitingOfKey) {
        return await work({ tooBusy: 'too-many-wait', standAside: (wait) => wait() });
      }
      const waitedMs = entersAtOnce(key) ? 0 : await waitFor(key);
      try {
        return await work({
          tooBusy: waitedMs > limits.maxWaitMs ? 'waited-too-long' : undefined,
          async standAside(wait) {
            end(key);
            try {
              return await wait();
            } finally {
              if (!entersAtOnce(key)) await waitFor(key);
            }
          },
        });
      } finally {
        end(key);
      }
    },
    isCrowded: (key) => line.countOf(key) > 0,
    get waiting() {
      return line.count;
    },
  };
}
