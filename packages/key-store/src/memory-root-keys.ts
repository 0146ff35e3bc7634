/** What changes of root keys do to the reference model. */
import type { DetailedRootKey } from './management-records.ts';
import {
  conflict,
  duplicate,
  type KeptRootKey,
  notFound,
  refused,
  type State,
  type Step,
  some,
  withEntry,
} from './memory-state.ts';
import type { AdapterRecord, RootKeyRecord } from './records.ts';
import type { ChangeOf } from './refusal.ts';

/** The record that a session sees. */
export function toRootKeyRecord({ record }: KeptRootKey): RootKeyRecord {
  const { id, name, state, wrappedKey, createdAt } = record;
  return { id, name, state, wrappedKey, createdAt };
}

export function insertRootKey(state: State, change: ChangeOf<'insert-root-key'>): Step {
  const { rootKey, details = {} } = change;
  const { id, wrappedKey, createdAt } = rootKey;
  const { versionId = id } = details;
  const aliases = [...new Set(details.aliases)].sort();
  if (state.rootKeys.has(id)) return duplicate('root-key');
  if (isVersion(state, versionId)) return duplicate('root-key-version');
  const taken = some(state.rootKeys, ({ record }) =>
    record.aliases.some((alias) => aliases.includes(alias)),
  );
  if (taken) return duplicate('root-key-alias');
  const record: DetailedRootKey = {
    ...rootKey,
    description: details.description ?? null,
    tags: details.tags ?? [],
    aliases,
    imported: details.imported ?? false,
    extractable: details.extractable ?? false,
    keyRingId: details.keyRingId ?? 'default',
    createdBy: details.createdBy ?? null,
    version: { id: versionId, createdAt },
    lastUpdateAt: null,
    lastRotateAt: null,
    deletedAt: null,
    deletedBy: null,
    expirationAt: details.expirationAt ?? null,
    wrappedPayload: details.wrappedPayload ?? null,
  };
  const versions = [{ id: versionId, wrappedKey, createdAt }];
  return withRootKey(state, { record, versions });
}

export function setRootKeyState(state: State, change: ChangeOf<'set-root-key-state'>): Step {
  const { id, from, unlessUsed, by } = change;
  const stored = state.rootKeys.get(id);
  if (stored === undefined) return notFound('root-key');
  if (from !== undefined && !from.includes(stored.record.state)) return conflict(id);
  if (unlessUsed && some(state.adapters, ({ rootKeyId }) => rootKeyId === id)) {
    return refused({ kind: 'in-use', what: 'root-key' });
  }
  const isDeleted = change.state === 'deleted';
  const record: DetailedRootKey = {
    ...stored.record,
    state: change.state,
    aliases: isDeleted ? [] : stored.record.aliases,
    lastUpdateAt: by?.at ?? stored.record.lastUpdateAt,
    deletedAt: isDeleted ? (by?.at ?? null) : null,
    deletedBy: isDeleted ? (by?.actor ?? null) : null,
  };
  return withRootKey(state, { ...stored, record });
}

export function rotateRootKey(state: State, change: ChangeOf<'rotate-root-key'>): Step {
  const { id, fromVersionId, version } = change;
  const stored = state.rootKeys.get(id);
  if (stored === undefined || stored.record.extractable) return notFound('root-key');
  const wrappings = new Map(change.adapters.map((it) => [it.id, it.wrappedKey]));
  const adapters = [...state.adapters.values()].filter(({ rootKeyId }) => rootKeyId === id);
  const isCurrent =
    stored.record.version.id === fromVersionId &&
    stored.record.state !== 'deleted' &&
    adapters.length === wrappings.size &&
    adapters.every((adapter) => wrappings.has(adapter.id));
  if (!isCurrent) return conflict(id);
  if (isVersion(state, version.id)) return duplicate('root-key-version');
  const { wrappedKey, createdAt } = version;
  const rewrapped = adapters.map((adapter): [string, AdapterRecord] => [
    adapter.id,
    { ...adapter, wrappedKey: wrappings.get(adapter.id) ?? adapter.wrappedKey },
  ]);
  const record: DetailedRootKey = {
    ...stored.record,
    wrappedKey,
    version: { id: version.id, createdAt },
    lastUpdateAt: createdAt,
    lastRotateAt: createdAt,
  };
  return withRootKey(
    { ...state, adapters: new Map([...state.adapters, ...rewrapped]) },
    { record, versions: [...stored.versions, { id: version.id, wrappedKey, createdAt }] },
  );
}

function withRootKey(state: State, rootKey: KeptRootKey): Step {
  return {
    state: { ...state, rootKeys: withEntry(state.rootKeys, rootKey.record.id, rootKey) },
  };
}

function isVersion(state: State, versionId: string): boolean {
  return some(state.rootKeys, ({ versions }) => versions.some(({ id }) => id === versionId));
}
