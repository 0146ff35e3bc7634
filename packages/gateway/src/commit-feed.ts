/** Tells those who read the log that there is something new in it. */
import type { KeyStore } from '@claviger/key-store';

export interface CommitFeed {
  /**
   * Has the listener called after each commit of events by this process. It must not throw, and has to
   * return at once: the answer of the operation comes after it.
   *
   * @returns what ends it.
   */
  onCommitted(listener: () => void): () => void;
}

/** The store, and what tells of its commits. Events of other processes are not told of. */
export function withCommitFeed<Store extends Pick<KeyStore, 'commit'>>(
  store: Store,
): { readonly store: Store; readonly commits: CommitFeed } {
  const listeners = new Set<() => void>();
  return {
    store: {
      ...store,
      async commit(unit) {
        const outcome = await store.commit(unit);
        if (outcome.kind === 'committed' && unit.events.length > 0) {
          for (const listener of listeners) listener();
        }
        return outcome;
      },
    },
    commits: {
      onCommitted(listener) {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
    },
  };
}
