/**
 * What a unit of work does to the store, on plain maps: the reference that engines are compared with.
 * Every function answers a new state and leaves the old one, so a refused unit needs no undoing.
 */
import { chainEvent } from './chain-event.ts';
import { invalid } from './check-arguments.ts';
import {
  type ClientAuthorityRecord,
  MAX_REFUSED_CERTIFICATES,
  type RefusedCertificateRecord,
} from './management-records.ts';
import { matchesPredicate } from './matches-predicate.ts';
import { deleteCredential, insertCredential, useCredential } from './memory-credentials.ts';
import { appendCheckpoint, forgetEvents } from './memory-log.ts';
import { collectRequest, endRequest, enqueueRequest, forgetRequests } from './memory-queue.ts';
import { insertRootKey, rotateRootKey, setRootKeyState } from './memory-root-keys.ts';
import {
  conflict,
  duplicate,
  type KeptObject,
  notFound,
  refused,
  type State,
  type Step,
  some,
  withEntry,
  without,
  withoutEntry,
} from './memory-state.ts';
import type { CertificateRecord, IndexEntry } from './records.ts';
import type { ChangeOf } from './refusal.ts';
import type { Change, Guard, UnitOfWork } from './unit-of-work.ts';
import { unreachable } from './unreachable.ts';

/** Who writes the log of a store in memory. */
export const MEMORY_LOG_NODE = '00000000000000000000000000000000';

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
    const head = chainEvent(event.body, MEMORY_LOG_NODE, state.head);
    const record = { ...event, sequence: head.sequence, body: head.line };
    const events = [...state.events, record];
    state = { ...state, events, leaves: [...state.leaves, head.leafHash], head };
  }
  return { state };
}

function holds(state: State, guard: Guard): boolean {
  switch (guard.kind) {
    case 'certificate-present':
      return state.certificates.has(guard.certificateId);
    case 'client-authority-present':
      return state.authorities.has(guard.clientAuthorityId);
    case 'credential-present':
      return state.credentials.has(guard.credentialId);
    case 'root-key-enabled':
      return state.rootKeys.get(guard.rootKeyId)?.record.state === 'enabled';
    case 'root-key-version':
      return state.rootKeys.get(guard.rootKeyId)?.record.version.id === guard.versionId;
    case 'object-version': {
      const record = state.objects.get(guard.id)?.record;
      return record?.adapterId === guard.adapterId && record.version === guard.version;
    }
    case 'setting-is':
      return state.settings.get(guard.name) === guard.value;
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
      const { owner } = stored.record;
      return withObject(state, {
        record: { ...object, ...(owner !== undefined && { owner }) },
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
    case 'insert-credential':
      return insertCredential(state, change);
    case 'delete-credential':
      return deleteCredential(state, change);
    case 'use-credential':
      return useCredential(state, change);
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
    case 'append-checkpoint':
      return appendCheckpoint(state, change);
    case 'write-sink-cursor': {
      const { cursor } = change;
      return { state: { ...state, cursors: withEntry(state.cursors, cursor.name, cursor) } };
    }
    case 'delete-sink-cursor':
      return { state: { ...state, cursors: withoutEntry(state.cursors, change.name) } };
    case 'forget-events':
      return forgetEvents(state, change);
    case 'enqueue-request':
      return enqueueRequest(state, change.request);
    case 'end-request':
      return endRequest(state, change);
    case 'collect-request':
      return collectRequest(state, change);
    case 'forget-requests':
      return forgetRequests(state, change.endedBefore);
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
      queue: without(state.queue, isItsOwn),
      credentials: without(state.credentials, isItsOwn),
    },
  };
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

function distinctEntries(index: readonly IndexEntry[]): readonly IndexEntry[] {
  return [
    ...new Map(index.map((entry) => [JSON.stringify([entry.name, entry.value]), entry])).values(),
  ];
}
