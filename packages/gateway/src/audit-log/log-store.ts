import type { CheckpointStore } from '@claviger/audit-log';
import type { Change, KeyStore } from '@claviger/key-store';

/** Setting with the text of the key that signs the log now. */
export const LOG_KEY_SETTING = 'audit-log-key';

/** The log of a store, as those who seal, export and verify it see it. */
export function createLogStore(store: KeyStore): CheckpointStore {
  return {
    async extent() {
      const { node, firstSequence, lastSequence } = await store.readLogExtent();
      return { node, first: firstSequence, last: lastSequence };
    },
    async readLines(afterSequence, limit) {
      const events = await store.listEvents({ afterSequence, limit });
      return events.map(({ sequence, body }) => ({ sequence, line: body }));
    },
    readLeaves: (begin, count) => store.leafHashes(begin + 1, count),
    newestCheckpoint: () => store.newestCheckpoint(),
    listCheckpoints: (query) => store.listCheckpoints(query),
    async appendCheckpoint(checkpoint, signedBy, succeededBy) {
      const changes: Change[] = [{ kind: 'append-checkpoint', checkpoint }];
      if (succeededBy !== undefined) {
        changes.push({ kind: 'replace-setting', name: LOG_KEY_SETTING, value: succeededBy });
      }
      // A process that still holds the key before this one signs no more.
      const guard = { kind: 'setting-is', name: LOG_KEY_SETTING, value: signedBy } as const;
      const outcome = await store.commit({ guards: [guard], changes, events: [] });
      return outcome.kind === 'committed';
    },
  };
}
