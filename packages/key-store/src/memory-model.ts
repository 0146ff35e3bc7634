/**
 * What a unit of work does to the store, on plain maps: the reference that engines are compared with.
 * Every function answers a new state and leaves the old one, so a refused unit needs no undoing.
 */
import { MAX_REFUSED_CERTIFICATES } from './apply-trust-change.ts';
import { invalid } from './check-arguments.ts';
import type {
  ApiKeyRecord,
  Attribution,
  ClientAuthorityRecord,
  DetailedRootKey,
  RefusedCertificateRecord,
  RootKeyVersion,
} from './management-records.ts';
import { matchesPredicate } from './matches-predicate.ts';
import type { ChangeOf, Refusal } from './refusal.ts';
import type {
  AdapterRecord,
  CertificateRecord,
  Change,
  EventRecord,
  Guard,
  IndexEntry,
  ObjectRecord,
  RootKeyRecord,
  UnitOfWork,
} from './store.ts';
import { unreachable } from './unreachable.ts';

/** An object with its history. */
export interface KeptObject {
  readonly record: ObjectRecord;
  readonly created: Attribution;
  readonly updated: Attribution;
  readonly destroyed: Attribution | undefined;
}

/** A key with its versions, oldest first. */
export interface KeptRootKey {
  readonly record: DetailedRootKey;
  readonly versions: readonly RootKeyVersion[];
}

export interface State {
  readonly rootKeys: ReadonlyMap<string, KeptRootKey>;
  readonly adapters: ReadonlyMap<string, AdapterRecord>;
  /** Ids of deleted adapters. */
  readonly tombstones: ReadonlySet<string>;
  readonly certificates: ReadonlyMap<string, CertificateRecord>;
  readonly authorities: ReadonlyMap<string, ClientAuthorityRecord>;
  readonly apiKeys: ReadonlyMap<string, ApiKeyRecord>;
  /** By SHA-256 fingerprint. */
  readonly refused: ReadonlyMap<string, RefusedCertificateRecord>;
  /** In the order of creation. */
  readonly objects: ReadonlyMap<string, KeptObject>;
  readonly settings: ReadonlyMap<string, string>;
  readonly events: readonly EventRecord[];
}

export const EMPTY_STATE: State = {
  rootKeys: new Map(),
  adapters: new Map(),
  tombstones: new Set(),
  certificates: new Map(),
  authorities: new Map(),
  apiKeys: new Map(),
  refused: new Map(),
  objects: new Map(),
  settings: new Map(),
  events: [],
};

type Step = { readonly state: State } | { readonly refusal: Refusal };

/** @throws StoreError `invalid` when an event is in the log already. */
export function applyUnit(before: State, unit: UnitOfWork): Step {
  const guard = unit.guards.find((candidate) => !holds(before, candidate));
  if (guard !== undefined) return refused({ kind: 'guard-failed', guard });
  let state = before;
  for (const change of unit.changes) {
    const step = applyChange(state, change);
    if ('refusal' in step) return step;
    state = step.state;
  }
  for (const event of unit.events) {
    if (state.events.some(({ id }) => id === event.id)) {
      throw invalid(`the log already has an event with the id ${event.id}`);
    }
    const record = { ...event, sequence: state.events.length + 1 };
    state = { ...state, events: [...state.events, record] };
  }
  return { state };
}

function holds(state: State, guard: Guard): boolean {
  switch (guard.kind) {
    case 'certificate-present':
      return state.certificates.has(guard.certificateId);
    case 'client-authority-present':
      return state.authorities.has(guard.clientAuthorityId);
    case 'root-key-enabled':
      return state.rootKeys.get(guard.rootKeyId)?.record.state === 'enabled';
    case 'root-key-version':
      return state.rootKeys.get(guard.rootKeyId)?.record.version.id === guard.versionId;
    case 'object-version': {
      const record = state.objects.get(guard.id)?.record;
      return record?.adapterId === guard.adapterId && record.version === guard.version;
    }
    default:
      return unreachable(guard, 'guard');
  }
}

function applyChange(state: State, change: Change): Step {
  switch (change.kind) {
    case 'insert-object': {
      const { object, by } = change;
      if (!state.adapters.has(object.adapterId)) return notFound('adapter');
      if (state.objects.has(object.id)) return duplicate('object-id');
      const created = { ...by, at: object.createdAt };
      return withObject(state, { record: object, created, updated: created, destroyed: undefined });
    }
    case 'update-object': {
      const { object, by, destroyed } = change;
      const stored = state.objects.get(object.id);
      if (stored?.record.adapterId !== object.adapterId) return notFound('object');
      if (stored.record.version !== object.version - 1) return conflict(object.id);
      return withObject(state, {
        record: object,
        created: { ...stored.created, at: object.createdAt },
        updated: by ?? stored.updated,
        destroyed: destroyed ? by : stored.destroyed,
      });
    }
    case 'insert-adapter': {
      const { adapter } = change;
      if (state.rootKeys.get(adapter.rootKeyId)?.record.extractable !== false) {
        return notFound('root-key');
      }
      const taken =
        state.tombstones.has(adapter.id) ||
        some(state.adapters, ({ id, name }) => id === adapter.id || name === adapter.name);
      if (taken) return duplicate('adapter-name');
      return { state: { ...state, adapters: withEntry(state.adapters, adapter.id, adapter) } };
    }
    case 'touch-adapter': {
      const adapter = state.adapters.get(change.id);
      if (adapter === undefined) return notFound('adapter');
      const { at: updatedAt, actor: updatedBy } = change.by;
      const touched = { ...adapter, updatedAt, updatedBy };
      return { state: { ...state, adapters: withEntry(state.adapters, change.id, touched) } };
    }
    case 'delete-adapter':
      return deleteAdapter(state, change);
    case 'insert-certificate': {
      const { certificate } = change;
      const { id, adapterId, name, fingerprintSha256 } = certificate;
      if (!state.adapters.has(adapterId)) return notFound('adapter');
      const same = (it: CertificateRecord) =>
        it.id === id || it.fingerprintSha256 === fingerprintSha256;
      if (some(state.certificates, same)) return duplicate('certificate');
      const named = (it: CertificateRecord) => it.adapterId === adapterId && it.name === name;
      if (some(state.certificates, named)) return duplicate('certificate-name');
      return { state: { ...state, certificates: withEntry(state.certificates, id, certificate) } };
    }
    case 'delete-certificate': {
      if (!state.certificates.has(change.id)) return notFound('certificate');
      return { state: { ...state, certificates: withoutEntry(state.certificates, change.id) } };
    }
    case 'insert-client-authority': {
      const { authority } = change;
      const { id, adapterId, name, fingerprintSha256 } = authority;
      if (!state.adapters.has(adapterId)) return notFound('adapter');
      const same = (it: ClientAuthorityRecord) =>
        it.id === id || (it.adapterId === adapterId && it.fingerprintSha256 === fingerprintSha256);
      if (some(state.authorities, same)) return duplicate('client-authority');
      const named = (it: ClientAuthorityRecord) => it.adapterId === adapterId && it.name === name;
      if (some(state.authorities, named)) return duplicate('client-authority-name');
      return { state: { ...state, authorities: withEntry(state.authorities, id, authority) } };
    }
    case 'delete-client-authority': {
      if (!state.authorities.has(change.id)) return notFound('client-authority');
      return { state: { ...state, authorities: withoutEntry(state.authorities, change.id) } };
    }
    case 'insert-root-key':
      return insertRootKey(state, change);
    case 'set-root-key-state':
      return setRootKeyState(state, change);
    case 'rotate-root-key':
      return rotateRootKey(state, change);
    case 'insert-api-key': {
      const { apiKey } = change;
      if (state.apiKeys.has(apiKey.id)) return duplicate('api-key');
      return { state: { ...state, apiKeys: withEntry(state.apiKeys, apiKey.id, apiKey) } };
    }
    case 'revoke-api-key': {
      const { id, by } = change;
      const apiKey = state.apiKeys.get(id);
      if (apiKey === undefined) return notFound('api-key');
      if (apiKey.revokedAt !== null) return conflict(id);
      const revoked = { ...apiKey, revokedAt: by.at, revokedBy: by.actor ?? null };
      return { state: { ...state, apiKeys: withEntry(state.apiKeys, id, revoked) } };
    }
    case 'record-refused-certificate':
      return recordRefusedCertificate(state, change.refused);
    case 'forget-refused-certificate': {
      if (!state.refused.has(change.fingerprintSha256)) return notFound('refused-certificate');
      const { fingerprintSha256 } = change;
      return { state: { ...state, refused: withoutEntry(state.refused, fingerprintSha256) } };
    }
    case 'replace-setting': {
      const { name, value } = change;
      return { state: { ...state, settings: withEntry(state.settings, name, value) } };
    }
    default:
      return unreachable(change, 'change');
  }
}

function withObject(state: State, object: KeptObject): Step {
  const { id, adapterId, index, uniqueNames } = object.record;
  const taken = some(
    state.objects,
    ({ record }) =>
      record.id !== id &&
      record.adapterId === adapterId &&
      record.uniqueNames.some((name) => uniqueNames.includes(name)),
  );
  if (taken) return duplicate('object-name');
  const record = {
    ...object.record,
    index: distinctEntries(index),
    uniqueNames: [...new Set(uniqueNames)],
  };
  return { state: { ...state, objects: withEntry(state.objects, id, { ...object, record }) } };
}

function deleteAdapter(state: State, change: ChangeOf<'delete-adapter'>): Step {
  const { id, unless, withCertificates } = change;
  if (!state.adapters.has(id)) return notFound('adapter');
  const isItsOwn = ({ adapterId }: { readonly adapterId: string }) => adapterId === id;
  const inItsWay = ({ record }: KeptObject) =>
    isItsOwn(record) && (unless === undefined || matchesPredicate(record.index, unless));
  const admitsSomebody = some(state.certificates, isItsOwn) || some(state.authorities, isItsOwn);
  if ((admitsSomebody && !withCertificates) || some(state.objects, inItsWay)) {
    return refused({ kind: 'in-use', what: 'adapter' });
  }
  return {
    state: {
      ...state,
      adapters: withoutEntry(state.adapters, id),
      tombstones: new Set([...state.tombstones, id]),
      certificates: without(state.certificates, isItsOwn),
      authorities: without(state.authorities, isItsOwn),
    },
  };
}

function insertRootKey(state: State, change: ChangeOf<'insert-root-key'>): Step {
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

function setRootKeyState(state: State, change: ChangeOf<'set-root-key-state'>): Step {
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

function rotateRootKey(state: State, change: ChangeOf<'rotate-root-key'>): Step {
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

function recordRefusedCertificate(state: State, shown: RefusedCertificateRecord): Step {
  const { fingerprintSha256 } = shown;
  const known = state.refused.get(fingerprintSha256);
  const merged: RefusedCertificateRecord =
    known === undefined
      ? shown
      : {
          ...shown,
          firstAt: Math.min(known.firstAt, shown.firstAt),
          lastAt: Math.max(known.lastAt, shown.lastAt),
          attempts: known.attempts + shown.attempts,
        };
  const kept = newestRefused(withEntry(state.refused, fingerprintSha256, merged)).slice(
    0,
    MAX_REFUSED_CERTIFICATES,
  );
  return {
    state: { ...state, refused: new Map(kept.map((it) => [it.fingerprintSha256, it])) },
  };
}

export function newestRefused(
  refusedCertificates: ReadonlyMap<string, RefusedCertificateRecord>,
): readonly RefusedCertificateRecord[] {
  return [...refusedCertificates.values()].sort(
    (a, b) => b.lastAt - a.lastAt || (a.fingerprintSha256 < b.fingerprintSha256 ? 1 : -1),
  );
}

/** The record that a session sees. */
export function toRootKeyRecord({ record }: KeptRootKey): RootKeyRecord {
  const { id, name, state, wrappedKey, createdAt } = record;
  return { id, name, state, wrappedKey, createdAt };
}

function distinctEntries(index: readonly IndexEntry[]): readonly IndexEntry[] {
  return [
    ...new Map(index.map((entry) => [JSON.stringify([entry.name, entry.value]), entry])).values(),
  ];
}

function some<T>(map: ReadonlyMap<string, T>, test: (entry: T) => boolean): boolean {
  return [...map.values()].some(test);
}

function withEntry<T>(map: ReadonlyMap<string, T>, key: string, entry: T): ReadonlyMap<string, T> {
  return new Map([...map, [key, entry]]);
}

function withoutEntry<T>(map: ReadonlyMap<string, T>, key: string): ReadonlyMap<string, T> {
  return new Map([...map].filter(([candidate]) => candidate !== key));
}

function without<T>(
  map: ReadonlyMap<string, T>,
  test: (entry: T) => boolean,
): ReadonlyMap<string, T> {
  return new Map([...map].filter(([, entry]) => !test(entry)));
}

function duplicate(what: Extract<Refusal, { readonly kind: 'duplicate' }>['what']): Step {
  return refused({ kind: 'duplicate', what });
}

function notFound(what: Extract<Refusal, { readonly kind: 'not-found' }>['what']): Step {
  return refused({ kind: 'not-found', what });
}

function conflict(id: string): Step {
  return refused({ kind: 'conflict', id });
}

function refused(refusal: Refusal): Step {
  return { refusal };
}
