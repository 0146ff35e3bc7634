/**
 * Whose turn it is in a group of objects: of the members, the default one is each in its turn (1.4 §4.9 leaves
 * the choice to the server). In memory: after a restart every round begins with the oldest member again.
 */

/** Groups whose round is remembered; the one that was asked for longest ago is forgotten first. */
export const MAX_ROUNDS = 4096;

export interface GroupRounds {
  /** The turns of one message. */
  forMessage(): MessageRounds;
}

export interface MessageRounds {
  /**
   * Takes a turn.
   * @returns how many turns of the group were taken before.
   */
  take(adapterId: string, groups: readonly string[]): number;
  /** Gives all its turns back: the message was not answered. */
  discard(): void;
}

export function createGroupRounds(): GroupRounds {
  /** In the order in which they were asked for last. */
  const turns = new Map<string, number>();

  function set(key: string, taken: number): void {
    turns.delete(key);
    turns.set(key, taken);
    const [oldest] = turns.keys();
    if (turns.size > MAX_ROUNDS && oldest !== undefined) turns.delete(oldest);
  }

  return {
    forMessage() {
      let taken: string[] = [];
      return {
        take(adapterId, groups) {
          const key = JSON.stringify([adapterId, ...groups.toSorted()]);
          const before = turns.get(key) ?? 0;
          set(key, before + 1);
          taken.push(key);
          return before;
        },
        discard() {
          for (const key of taken) set(key, Math.max(0, (turns.get(key) ?? 0) - 1));
          taken = [];
        },
      };
    },
  };
}
