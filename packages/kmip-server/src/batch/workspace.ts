/**
 * The unit of work of one message: what its items have read and want to change. Later items see what
 * earlier ones did; nothing reaches the store before the whole message is committed.
 */

import {
  type Attribution,
  type Change,
  type Guard,
  type LocateResult,
  matchesPredicate,
  type ObjectRecord,
  type Predicate,
} from '@claviger/key-store';
import { ClavigerError } from '@claviger/kmip-protocol';
import type { KmipServerDependencies } from '../dependencies.ts';
import { conditionOn, identifierEntry } from '../objects/index-entries.ts';
import {
  fromRecord,
  type ManagedObject,
  objectIndex,
  toRecord,
} from '../objects/managed-object.ts';
import { rulesSetting } from '../objects/object-rules.ts';
import { ownedByAnybody } from '../objects/owner.ts';
import type { ClientReplacement } from '../operations/operation-handler.ts';
import type { ObjectChange } from '../server-to-client/object-change.ts';

/** An object that the message has changed or made. */
interface SavedObject {
  /** As the store has it; undefined for an object that this message makes. */
  readonly stored: ManagedObject | undefined;
  readonly current: ManagedObject;
  readonly record: ObjectRecord;
}

export interface Page {
  readonly offset: number;
  readonly limit: number;
  /** As `LocateQuery` of the store has it. */
  readonly countUpTo?: number | undefined;
}

export interface Workspace {
  read(id: string): Promise<ManagedObject | undefined>;
  /**
   * What the store would answer had everything been saved to it, newest first.
   * @throws ClavigerError `feature-not-supported` when the message has changed too many objects that
   * bear on the answer.
   */
  locate(where: Predicate, page: Page): Promise<LocateResult>;
  /** Whether an object of the adapter is for its owner only; asked of the store once. */
  hasGuardedObjects(): Promise<boolean>;
  save(objects: readonly ManagedObject[]): void;
  /** The rules for new objects as they are kept, if there are any. */
  readRules(): Promise<string | undefined>;
  saveRules(text: string): void;
  /** Lets the client in by another certificate; of several the last one counts. */
  replaceClientCertificate(replacement: ClientReplacement): void;
  /** Forgets all that was saved and required: the Undo of a batch. */
  discard(): void;
  /** Makes the commit depend on the root key being enabled. */
  requireRootKey(rootKeyId: string): void;
  /** @param by - Who makes them, and when. */
  changes(by: Attribution): readonly Change[];
  guards(): readonly Guard[];
  /** What has become of each object; `before` is undefined for one that the message makes. */
  changedObjects(): readonly ObjectChange[];
}

/** How many changed objects a Locate of the same message can take into account. */
const MAX_CORRECTIONS = 24;

/** @param owner - To whom the objects belong that the message makes. */
export function createWorkspace(
  store: Pick<KmipServerDependencies['store'], 'readObject' | 'locateObjects' | 'readSetting'>,
  adapterId: string,
  owner?: string,
): Workspace {
  /** In the order in which new objects were made. */
  const saved = new Map<string, SavedObject>();
  const read = new Map<string, ManagedObject>();
  const rootKeys = new Set<string>();
  let guarded: Promise<LocateResult> | undefined;
  const rulesName = rulesSetting(adapterId);
  /** Those that something relied on: a commit finds them unchanged. */
  let rules: { readonly stored: string | undefined; readonly saved?: string } | undefined;

  let client: ClientReplacement | undefined;

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

    async locate(where, { offset, limit, countUpTo }) {
      // What the message makes is newer than everything stored, so it comes first.
      const made: string[] = [];
      const gained: string[] = [];
      const lost: string[] = [];
      for (const { stored, current, record } of saved.values()) {
        const matches = matchesPredicate(record.index, where);
        if (stored === undefined) {
          if (matches) made.unshift(current.id);
        } else if (matches !== matchesPredicate(objectIndex(stored), where)) {
          (matches ? gained : lost).push(current.id);
        }
      }
      const fromMade = made.slice(offset, offset + limit);
      const found = await store.locateObjects(adapterId, {
        where: corrected(where, gained, lost),
        offset: Math.max(0, offset - made.length),
        limit: limit - fromMade.length,
        countUpTo,
      });
      return { ids: [...fromMade, ...found.ids], total: made.length + found.total };
    },

    async hasGuardedObjects() {
      guarded ??= store.locateObjects(adapterId, {
        where: ownedByAnybody(),
        offset: 0,
        limit: 0,
        countUpTo: 1,
      });
      return (await guarded).total > 0;
    },

    save(objects) {
      for (const object of objects) {
        const stored = saved.get(object.id)?.stored ?? read.get(object.id);
        // Whoever changes an object, or replaces it, does not take it over.
        const current = { ...object, owner: stored === undefined ? owner : stored.owner };
        saved.set(object.id, { stored, current, record: toRecord(current) });
      }
    },

    async readRules() {
      rules ??= { stored: await store.readSetting(rulesName) };
      return rules.saved ?? rules.stored;
    },

    saveRules(text) {
      rules = { stored: rules?.stored, saved: text };
    },

    replaceClientCertificate(replacement) {
      client = replacement;
    },

    discard() {
      saved.clear();
      client = undefined;
      rootKeys.clear();
      rules = undefined;
    },

    requireRootKey(rootKeyId) {
      rootKeys.add(rootKeyId);
    },

    changedObjects: () =>
      [...saved.values()].map(({ stored, current }) => ({ before: stored, after: current })),

    changes: (by) => [
      ...[...saved.values()].map(({ stored, record: object }): Change => {
        if (stored === undefined) return { kind: 'insert-object', object, by };
        const isDestroyed = stored.material !== null && object.material === null;
        return { kind: 'update-object', object, by, ...(isDestroyed && { destroyed: true }) };
      }),
      ...(rules?.saved === undefined
        ? []
        : [{ kind: 'replace-setting', name: rulesName, value: rules.saved } as const]),
      ...(client === undefined ? [] : replacementOf(client, by)),
    ],

    guards: () => [
      ...[...rootKeys].map((rootKeyId) => ({ kind: 'root-key-enabled', rootKeyId }) as const),
      ...(rules === undefined
        ? []
        : [{ kind: 'setting-is', name: rulesName, value: rules.stored } as const]),
    ],
  };
}

function replacementOf(
  { replaces, record }: ClientReplacement,
  by: Attribution,
): readonly Change[] {
  return [
    { kind: 'delete-certificate', id: replaces },
    { kind: 'insert-certificate', certificate: record },
    { kind: 'touch-adapter', id: record.adapterId, by },
  ];
}

/** Lets the store find stored objects as the message has changed them, in the store's own order. */
function corrected(
  where: Predicate,
  gained: readonly string[],
  lost: readonly string[],
): Predicate {
  if (gained.length + lost.length > MAX_CORRECTIONS) {
    throw new ClavigerError(
      'feature-not-supported',
      'the message changes too many objects before this Locate; send it in a message of its own',
    );
  }
  const is = (id: string): Predicate => conditionOn(identifierEntry(id));
  const without = lost.map((id): Predicate => ({ kind: 'not', of: is(id) }));
  const matching: Predicate =
    gained.length === 0 ? where : { kind: 'or', of: [where, ...gained.map(is)] };
  return without.length === 0 ? matching : { kind: 'and', of: [matching, ...without] };
}
