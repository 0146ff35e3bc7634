/**
 * The reference model: the store in plain maps, for tests. It is written for clearness, not for speed,
 * and says what the engines must do; the contract suite runs against it as well.
 */
import {
  checkInteger,
  checkPage,
  checkPredicate,
  checkSetting,
  checkUnit,
  invalid,
} from './check-arguments.ts';
import { matchesPredicate } from './matches-predicate.ts';
import { packUnit } from './pack-unit.ts';
import {
  type AdapterRecord,
  type CertificateRecord,
  type Change,
  type CommitOutcome,
  type EventRecord,
  type Guard,
  type IndexEntry,
  type KeyStore,
  type ObjectRecord,
  type RootKeyRecord,
  StoreError,
  type UnitOfWork,
} from './store.ts';
import { unreachable } from './unreachable.ts';

interface State {
  readonly rootKeys: ReadonlyMap<string, RootKeyRecord>;
  readonly adapters: ReadonlyMap<string, AdapterRecord>;
  readonly certificates: ReadonlyMap<string, CertificateRecord>;
  /** In the order of creation. */
  readonly objects: ReadonlyMap<string, ObjectRecord>;
  readonly events: readonly EventRecord[];
}

type Refusal = Exclude<CommitOutcome, { readonly kind: 'committed' }>;
type Step = { readonly state: State } | { readonly refusal: Refusal };

/** A store that forgets everything when it is closed. */
export function createMemoryKeyStore(): KeyStore {
  let state: State = {
    rootKeys: new Map(),
    adapters: new Map(),
    certificates: new Map(),
    objects: new Map(),
    events: [],
  };
  const settings = new Map<string, string>();
  let closed = false;

  /** Answers a copy: what a caller does to it stays his own affair. */
  async function answer<T>(read: () => T): Promise<T> {
    if (closed) throw new StoreError('unavailable', 'The key store is closed.');
    return structuredClone(read());
  }

  return {
    readObject: (adapterId, id) =>
      answer(() => {
        const object = state.objects.get(id);
        return object?.adapterId === adapterId ? object : undefined;
      }),
    locateObjects: (adapterId, { where, offset, limit }) =>
      answer(() => {
        checkPage({ offset, limit });
        checkPredicate(where);
        const ids = newestFirst(state, adapterId)
          .filter((object) => matchesPredicate(object.index, where))
          .map((object) => object.id);
        return { ids: ids.slice(offset, offset + limit), total: ids.length };
      }),
    listObjects: (adapterId, { offset, limit }) =>
      answer(() => {
        checkPage({ offset, limit });
        return newestFirst(state, adapterId).slice(offset, offset + limit);
      }),
    findPrincipal: (fingerprint) =>
      answer(() => {
        const certificate = [...state.certificates.values()].find(
          ({ fingerprintSha256 }) => fingerprintSha256 === fingerprint,
        );
        const adapter = certificate && state.adapters.get(certificate.adapterId);
        const rootKey = adapter && state.rootKeys.get(adapter.rootKeyId);
        return certificate && adapter && rootKey && { certificate, adapter, rootKey };
      }),
    listAdapters: () => answer(() => oldestFirst(state.adapters.values())),
    findAdapter: (idOrName) =>
      answer(
        () =>
          state.adapters.get(idOrName) ??
          [...state.adapters.values()].find(({ name }) => name === idOrName),
      ),
    listCertificates: (adapterId) =>
      answer(() =>
        oldestFirst(state.certificates.values()).filter(
          (certificate) => adapterId === undefined || certificate.adapterId === adapterId,
        ),
      ),
    listRootKeys: () => answer(() => oldestFirst(state.rootKeys.values())),
    listEvents: ({ afterSequence, limit }) =>
      answer(() => {
        checkInteger(afterSequence, 'afterSequence');
        checkInteger(limit, 'a limit');
        return state.events.slice(afterSequence, afterSequence + limit);
      }),
    lastEventSequence: () => answer(() => state.events.length),
    readSetting: (name) => answer(() => settings.get(name)),
    initialiseSetting: (name, value) =>
      answer(() => {
        checkSetting(name, value);
        const standing = settings.get(name) ?? value;
        settings.set(name, standing);
        return standing;
      }),
    commit: (unit) =>
      answer(() => {
        checkUnit(unit);
        const step = applyUnit(state, structuredClone(packUnit(unit).unit));
        if ('refusal' in step) return step.refusal;
        state = step.state;
        return { kind: 'committed', lastSequence: state.events.length };
      }),
    close: async () => {
      closed = true;
    },
  };
}

function applyUnit(before: State, unit: UnitOfWork): Step {
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
    state = {
      ...state,
      events: [...state.events, { ...event, sequence: state.events.length + 1 }],
    };
  }
  return { state };
}

function holds(state: State, guard: Guard): boolean {
  switch (guard.kind) {
    case 'certificate-present':
      return state.certificates.has(guard.certificateId);
    case 'root-key-enabled':
      return state.rootKeys.get(guard.rootKeyId)?.state === 'enabled';
    case 'object-version': {
      const object = state.objects.get(guard.id);
      return object?.adapterId === guard.adapterId && object.version === guard.version;
    }
    default:
      return unreachable(guard, 'guard');
  }
}

function applyChange(state: State, change: Change): Step {
  switch (change.kind) {
    case 'insert-object': {
      const { object } = change;
      if (!state.adapters.has(object.adapterId))
        return refused({ kind: 'not-found', what: 'adapter' });
      if (state.objects.has(object.id)) return refused({ kind: 'duplicate', what: 'object-id' });
      return withObject(state, object);
    }
    case 'update-object': {
      const { object } = change;
      const stored = state.objects.get(object.id);
      if (stored?.adapterId !== object.adapterId)
        return refused({ kind: 'not-found', what: 'object' });
      if (stored.version !== object.version - 1) {
        return refused({ kind: 'conflict', id: object.id });
      }
      return withObject(state, object);
    }
    case 'insert-adapter': {
      const { adapter } = change;
      if (!state.rootKeys.has(adapter.rootKeyId))
        return refused({ kind: 'not-found', what: 'root-key' });
      const taken = [...state.adapters.values()].some(
        ({ id, name }) => id === adapter.id || name === adapter.name,
      );
      if (taken) return refused({ kind: 'duplicate', what: 'adapter-name' });
      return { state: { ...state, adapters: withEntry(state.adapters, adapter) } };
    }
    case 'delete-adapter': {
      const used = [...state.certificates.values(), ...state.objects.values()].some(
        ({ adapterId }) => adapterId === change.id,
      );
      if (used) return refused({ kind: 'in-use', what: 'adapter' });
      if (!state.adapters.has(change.id)) return refused({ kind: 'not-found', what: 'adapter' });
      return { state: { ...state, adapters: withoutEntry(state.adapters, change.id) } };
    }
    case 'insert-certificate': {
      const { certificate } = change;
      if (!state.adapters.has(certificate.adapterId))
        return refused({ kind: 'not-found', what: 'adapter' });
      const taken = [...state.certificates.values()].some(
        ({ id, fingerprintSha256 }) =>
          id === certificate.id || fingerprintSha256 === certificate.fingerprintSha256,
      );
      if (taken) return refused({ kind: 'duplicate', what: 'certificate' });
      return { state: { ...state, certificates: withEntry(state.certificates, certificate) } };
    }
    case 'delete-certificate':
      if (!state.certificates.has(change.id))
        return refused({ kind: 'not-found', what: 'certificate' });
      return { state: { ...state, certificates: withoutEntry(state.certificates, change.id) } };
    case 'insert-root-key':
      if (state.rootKeys.has(change.rootKey.id))
        return refused({ kind: 'duplicate', what: 'root-key' });
      return { state: { ...state, rootKeys: withEntry(state.rootKeys, change.rootKey) } };
    case 'set-root-key-state': {
      const rootKey = state.rootKeys.get(change.id);
      if (rootKey === undefined) return refused({ kind: 'not-found', what: 'root-key' });
      const changed = { ...rootKey, state: change.state };
      return { state: { ...state, rootKeys: withEntry(state.rootKeys, changed) } };
    }
    default:
      return unreachable(change, 'change');
  }
}

function withObject(state: State, object: ObjectRecord): Step {
  const taken = [...state.objects.values()].some(
    ({ id, adapterId, uniqueNames }) =>
      id !== object.id &&
      adapterId === object.adapterId &&
      uniqueNames.some((name) => object.uniqueNames.includes(name)),
  );
  if (taken) return refused({ kind: 'duplicate', what: 'object-name' });
  const kept = {
    ...object,
    index: distinctEntries(object.index),
    uniqueNames: [...new Set(object.uniqueNames)],
  };
  return { state: { ...state, objects: withEntry(state.objects, kept) } };
}

function distinctEntries(index: readonly IndexEntry[]): readonly IndexEntry[] {
  return [
    ...new Map(index.map((entry) => [JSON.stringify([entry.name, entry.value]), entry])).values(),
  ];
}

function withEntry<T extends { readonly id: string }>(
  map: ReadonlyMap<string, T>,
  entry: T,
): ReadonlyMap<string, T> {
  return new Map([...map, [entry.id, entry]]);
}

function withoutEntry<T>(map: ReadonlyMap<string, T>, id: string): ReadonlyMap<string, T> {
  return new Map([...map].filter(([key]) => key !== id));
}

function newestFirst(state: State, adapterId: string | undefined): readonly ObjectRecord[] {
  return [...state.objects.values()]
    .filter((object) => adapterId === undefined || object.adapterId === adapterId)
    .reverse();
}

function oldestFirst<T extends { readonly id: string; readonly createdAt: number }>(
  records: Iterable<T>,
): readonly T[] {
  return [...records].sort((a, b) => a.createdAt - b.createdAt || (a.id < b.id ? -1 : 1));
}

function refused(refusal: Refusal): Step {
  return { refusal };
}
