/** States by group, in bounded memory: the one that was not met for longest goes first. */
export interface Groups<State> {
  get(group: string): State | undefined;
  /** Also marks the group as met just now. */
  set(group: string, state: State): void;
  entries(): IterableIterator<[string, State]>;
}

export function createGroups<State>(maxGroups: number): Groups<State> {
  // A Map keeps the order in which keys were added.
  const states = new Map<string, State>();
  return {
    get: (group) => states.get(group),
    set(group, state) {
      states.delete(group);
      states.set(group, state);
      if (states.size <= maxGroups) return;
      const [oldest] = states.keys();
      if (oldest !== undefined) states.delete(oldest);
    },
    entries: () => states.entries(),
  };
}
