/**
 * The unit of work of one message: what its items have read and want to change. Later items see what
 * earlier ones did; nothing reaches the store before the whole message is committed.
 */

import {
  type Change,
  type Guard,
  type LocateResult,
  matchesPredicate,
  type Predicate,
} from '@claviger/key-store';
import type { KmipServerDependencies } from '../dependencies.ts';
import { indexEntries } from '../objects/index-entries.ts';
import { fromRecord, type ManagedObject, toRecord } from '../objects/managed-object.ts';

interface Entry {
  /** As the store has it; undefined for an object that this message makes. */
  readonly stored: ManagedObject | undefined;
  readonly current: ManagedObject;
}

export interface Workspace {
  read(id: string): Promise<ManagedObject | undefined>;
  locate(
    where: Predicate,
    page: { readonly offset: number; readonly limit: number },
  ): Promise<LocateResult>;
  save(objects: readonly ManagedObject[]): void;
  /** Forgets all that was saved: the Undo of a batch. */
  discard(): void;
  /** Makes the commit depend on the adapter's root key being enabled. */
  requireRootKey(rootKeyId: string): void;
  changes(): readonly Change[];
  guards(): readonly Guard[];
}

export function createWorkspace(
  store: KmipServerDependencies['store'],
  adapterId: string,
): Workspace {
  const saved = new Map<string, Entry>();
  const read = new Map<string, ManagedObject>();
  const rootKeys = new Set<string>();

  async function load(id: string): Promise<ManagedObject | undefined> {
    const known = read.get(id);
    if (known !== undefined) return known;
    const record = await store.readObject(adapterId, id);
    if (record === undefined) return undefined;
    const object = fromRecord(record);
    read.set(id, object);
    return object;
  }

  return {
    async read(id) {
      return saved.get(id)?.current ?? (await load(id));
    },

    async locate(where, { offset, limit }) {
      if (saved.size === 0) return await store.locateObjects(adapterId, { where, offset, limit });
      // What this message saved is newer than anything stored, so it comes first.
      const matching = [...saved.values()]
        .filter(({ current }) => matchesPredicate(indexEntries(current.attributes), where))
        .map(({ current }) => current.id)
        .reverse();
      const replaced = [...saved.values()].filter(
        ({ stored }) =>
          stored !== undefined && matchesPredicate(indexEntries(stored.attributes), where),
      );
      const found = await store.locateObjects(adapterId, {
        where,
        offset: 0,
        limit: offset + limit + replaced.length,
      });
      const ids = [...matching, ...found.ids.filter((id) => !saved.has(id))];
      return {
        ids: ids.slice(offset, offset + limit),
        total: found.total - replaced.length + matching.length,
      };
    },

    save(objects) {
      for (const object of objects) {
        const stored = saved.get(object.id)?.stored ?? read.get(object.id);
        saved.delete(object.id); // the latest change stands last
        saved.set(object.id, { stored, current: object });
      }
    },

    discard() {
      saved.clear();
    },

    requireRootKey(rootKeyId) {
      rootKeys.add(rootKeyId);
    },

    changes: () =>
      [...saved.values()].map(({ stored, current }) => ({
        kind: stored === undefined ? 'insert-object' : 'update-object',
        object: toRecord(current),
      })),

    guards: () => [...rootKeys].map((rootKeyId) => ({ kind: 'root-key-enabled', rootKeyId })),
  };
}
