/** Lets those that want the same thing have it one after the other, in the order in which they came. */
export interface Turns {
  /** Resolves when it is the caller's turn; the function ends the turn, and must be called. */
  take(key: string): Promise<() => void>;
}

export function createTurns(): Turns {
  /** The end of the last turn that was given out for a key; a key that nobody wants has no entry. */
  const last = new Map<string, Promise<void>>();
  return {
    async take(key) {
      const before = last.get(key);
      let end = () => {};
      const turn = new Promise<void>((resolve) => {
        end = resolve;
      });
      last.set(key, turn);
      await before;
      return () => {
        if (last.get(key) === turn) last.delete(key);
        end();
      };
    },
  };
}
