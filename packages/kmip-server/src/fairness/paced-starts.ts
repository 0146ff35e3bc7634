/**
 * Starts things that keep the processor busy, a few in each turn of the event loop or one in several turns, so that
 * what is open gets its time between them. Nothing holds a place: one that stalls after its start keeps nobody waiting.
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

/** @param perTurn - How many may start in one turn of the event loop, or which part of one: 0.25 is one in four turns. */
export function createPacedStarts(perTurn: () => number): PacedStarts {
  const line = createWaitingInTurn<{ go(): void; isGone(): boolean }>();
  /** How many may start now. */
  let credit = Math.max(perTurn(), 1);
  let isTurnCounted = false;

  function start(): void {
    credit -= 1;
    countTurn();
  }

  function countTurn(): void {
    if (isTurnCounted) return;
    isTurnCounted = true;
    setImmediate(() => {
      isTurnCounted = false;
      const more = perTurn();
      credit = Math.min(credit + more, Math.max(more, 1));
      startSome();
      if (credit < 1) countTurn();
    });
  }

  function startSome(): void {
    while (credit >= 1) {
      const next = line.take();
      if (next === undefined) return;
      next.go();
      if (!next.isGone()) start();
    }
  }

  return {
    async wait(key, isGone) {
      if (line.count === 0 && credit >= 1) return start();
      await new Promise<void>((go) => line.add(key, { go, isGone }));
    },
    get waiting() {
      return line.count;
    },
  };
}
