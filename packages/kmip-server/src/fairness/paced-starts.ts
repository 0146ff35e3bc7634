/**
 * Starts things that keep the processor busy, a few in each turn of the event loop, so that what is open
 * gets its time between them. Nothing holds a place: one that stalls after its start keeps nobody waiting.
 */

import { createWaitingInTurn } from './waiting-in-turn.ts';

export interface PacedStarts {
  /**
   * Resolves when one of the key may start: at once while this turn of the loop has had few. Keys take turns.
   *
   * @param isGone - Of one that needs to start no more: it costs others nothing, and is let go.
   */
  wait(key: string, isGone: () => boolean): Promise<void>;
  readonly waiting: number;
}

/** @param perTurn - How many may start in one turn of the event loop: at least 1. */
export function createPacedStarts(perTurn: () => number): PacedStarts {
  const line = createWaitingInTurn<{ go(): void; isGone(): boolean }>();
  let started = 0;
  let isTurnCounted = false;

  function countTurn(): void {
    if (isTurnCounted) return;
    isTurnCounted = true;
    setImmediate(() => {
      isTurnCounted = false;
      started = 0;
      if (line.count > 0) startSome();
    });
  }

  function startSome(): void {
    countTurn();
    for (let next = line.take(); next !== undefined; next = line.take()) {
      next.go();
      if (!next.isGone()) started += 1;
      if (started >= perTurn()) return;
    }
  }

  return {
    async wait(key, isGone) {
      if (line.count === 0 && started < perTurn()) {
        started += 1;
        countTurn();
        return;
      }
      await new Promise<void>((go) => line.add(key, { go, isGone }));
    },
    get waiting() {
      return line.count;
    },
  };
}
