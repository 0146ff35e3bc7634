/**
 * The reference model: the store in plain maps, for tests. It is written for clearness, not for speed,
 * and says what the engines must do; the contract suite runs against it as well.
 */
import {
  checkInteger,
  checkLocate,
  checkPage,
  checkSetting,
  checkUnit,
} from './check-arguments.ts';
import { cursorUnit } from './log-records.ts';
import type { ObjectSummary, Page, PageQuery } from './management-records.ts';
import { matchesPredicate } from './matches-predicate.ts';
import { searchModel } from './memory-log.ts';
import { applyUnit, MEMORY_LOG_NODE, newestRefused } from './memory-model.ts';
import { summaryOfRequest } from './memory-queue.ts';
import { toRootKeyRecord } from './memory-root-keys.ts';
import { EMPTY_STATE, type KeptObject, type State } from './memory-state.ts';
import { packUnit } from './pack-unit.ts';
import type { LocateQuery } from './records.ts';
import { type KeyStore, StoreError } from './store.ts';

/** A store that forgets everything when it is closed. */
export function createMemoryKeyStore(): KeyStore {
  let state = EMPTY_STATE;
  let closed = false;

  /** Answers a copy: what a caller does to it stays his own affair. */
  async function answer<T>(read: () => T): Promise<T> {
    if (closed) throw new StoreError('unavailable', 'The key store is closed.');
    return structuredClone(read());
  }

  const answerPage = <T>(query: PageQuery, read: () => readonly T[]) =>
    answer(() => pageOf(query, read()));

  function located(adapterId: string, query: LocateQuery): Page<KeptObject> {
    const { where, countUpTo = Infinity } = query;
    checkLocate(query);
    const found = newestFirst(state, adapterId).filter(({ record }) =>
      matchesPredicate(record.index, where),
    );
    const { items, total } = pageOf(query, found);
    return { items, total: Math.min(total, countUpTo) };
  }

  /** What a session knows of its adapter. */
  function hierarchyOf(adapterId: string) {
    const adapter = state.adapters.get(adapterId);
    const rootKey = adapter && state.rootKeys.get(adapter.rootKeyId);
    return adapter && rootKey && { adapter, rootKey: toRootKeyRecord(rootKey) };
  }

  const commit: KeyStore['commit'] = (unit) =>
    answer(() => {
      checkUnit(unit);
      const step = applyUnit(state, structuredClone(packUnit(unit).unit));
      if ('refusal' in step) return step.refusal;
      state = step.state;
      return { kind: 'committed', lastSequence: state.head.sequence };
    });

  return {
    readObject: (adapterId, id) =>
      answer(() => {
        const record = state.objects.get(id)?.record;
        if (record?.adapterId !== adapterId) return undefined;
        const { index: _index, uniqueNames: _uniqueNames, ...stored } = record;
        return stored;
      }),
    locateObjects: (adapterId, query) =>
      answer(() => {
        const { items, total } = located(adapterId, query);
        return { ids: items.map(({ record }) => record.id), total };
      }),
    listObjects: (adapterId, query) =>
      answer(() => pageOf(query, newestFirst(state, adapterId)).items.map(({ record }) => record)),
    listObjectSummaries: (adapterId, query) =>
      answer(() => {
        const { items, total } = located(adapterId, query);
        return { items: items.map(toSummary), total };
      }),
    readObjectSummary: (adapterId, id) =>
      answer(() => {
        const object = state.objects.get(id);
        return object?.record.adapterId === adapterId ? toSummary(object) : undefined;
      }),

    findPrincipal: (fingerprint) =>
      answer(() => {
        const certificate = [...state.certificates.values()].find(
          ({ fingerprintSha256 }) => fingerprintSha256 === fingerprint,
        );
        const hierarchy = certificate && hierarchyOf(certificate.adapterId);
        return hierarchy && { certificate, ...hierarchy };
      }),
    findAuthorityPrincipal: (id) =>
      answer(() => {
        const authority = state.authorities.get(id);
        const hierarchy = authority && hierarchyOf(authority.adapterId);
        return hierarchy && { authority, ...hierarchy };
      }),

    listAdapters: () => answer(() => oldestFirst(state.adapters.values())),
    findAdapter: (idOrName) => answer(() => byIdOrName(state.adapters.values(), idOrName)),
    pageAdapters: ({ rootKeyId, ...query }) =>
      answerPage(query, () =>
        oldestFirst(state.adapters.values()).filter(
          (adapter) => rootKeyId === undefined || adapter.rootKeyId === rootKeyId,
        ),
      ),

    listCertificates: (adapterId) =>
      answer(() => oldestFirst(ofAdapter(state.certificates.values(), adapterId))),
    findCertificate: (adapterId, idOrName) =>
      answer(() => byIdOrName(ofAdapter(state.certificates.values(), adapterId), idOrName)),
    pageCertificates: (adapterId, query) =>
      answerPage(query, () => oldestFirst(ofAdapter(state.certificates.values(), adapterId))),
    listClientAuthorities: (adapterId) =>
      answer(() => oldestFirst(ofAdapter(state.authorities.values(), adapterId))),
    findClientAuthority: (adapterId, idOrName) =>
      answer(() => byIdOrName(ofAdapter(state.authorities.values(), adapterId), idOrName)),

    listCredentials: (adapterId) =>
      answer(() => oldestFirst(ofAdapter(state.credentials.values(), adapterId))),
    findCredential: (adapterId, idOrName) =>
      answer(() => byIdOrName(ofAdapter(state.credentials.values(), adapterId), idOrName)),
    findCredentialOfIdentity: (adapterId, identity) =>
      answer(() =>
        ofAdapter(state.credentials.values(), adapterId).find((it) => it.identity === identity),
      ),

    listRootKeys: () =>
      answer(() =>
        oldestFirst(
          [...state.rootKeys.values()]
            .filter(({ record }) => !record.extractable)
            .map(toRootKeyRecord),
        ),
      ),
    findRootKey: (idOrAlias) =>
      answer(
        () =>
          state.rootKeys.get(idOrAlias)?.record ??
          [...state.rootKeys.values()].find(({ record }) => record.aliases.includes(idOrAlias))
            ?.record,
      ),
    pageRootKeys: ({ states, extractable, ...query }) =>
      answerPage(query, () =>
        [...state.rootKeys.values()]
          .map(({ record }) => record)
          .filter((record) => states === undefined || states.includes(record.state))
          .filter((record) => extractable === undefined || record.extractable === extractable)
          .sort((a, b) => (a.id < b.id ? -1 : 1)),
      ),
    pageRootKeyVersions: (rootKeyId, query) =>
      answerPage(query, () => (state.rootKeys.get(rootKeyId)?.versions ?? []).toReversed()),

    findApiKey: (id) => answer(() => state.apiKeys.get(id)),
    listApiKeys: () => answer(() => oldestFirst(state.apiKeys.values())),
    listRefusedCertificates: (query) => answerPage(query, () => newestRefused(state.refused)),
    findRefusedCertificate: (fingerprint) =>
      answer(() =>
        newestRefused(state.refused).find(
          ({ fingerprintSha256, fingerprintSha1 }) =>
            fingerprintSha256 === fingerprint || fingerprintSha1 === fingerprint,
        ),
      ),

    listEvents: ({ afterSequence, limit }) =>
      answer(() => {
        checkInteger(afterSequence, 'afterSequence');
        checkInteger(limit, 'a limit');
        return state.events.filter(({ sequence }) => sequence > afterSequence).slice(0, limit);
      }),
    lastEventSequence: () => answer(() => state.head.sequence),
    queryEvents: (search) => answer(() => searchModel(state, search)),
    findEvent: (id) => answer(() => state.events.find((event) => event.id === id)),
    readLogExtent: () =>
      answer(() => {
        const { sequence: lastSequence } = state.head;
        const firstSequence = state.events[0]?.sequence ?? lastSequence + 1;
        return { node: MEMORY_LOG_NODE, firstSequence, lastSequence };
      }),
    leafHashes: (fromSequence, count) =>
      answer(() => {
        checkInteger(fromSequence, 'a sequence');
        checkInteger(count, 'a count');
        const begin = Math.max(0, fromSequence - 1);
        const hashes = state.leaves.slice(begin, Math.max(begin, fromSequence - 1 + count));
        return Uint8Array.from(hashes.flatMap((hash) => [...hash]));
      }),
    listCheckpoints: ({ afterSize, limit, successionsOnly }) =>
      answer(() => {
        checkInteger(afterSize, 'afterSize');
        checkInteger(limit, 'a limit');
        return state.checkpoints
          .filter(
            ({ size, isSuccession }) => size > afterSize && (isSuccession || !successionsOnly),
          )
          .slice(0, limit);
      }),
    newestCheckpoint: () => answer(() => state.checkpoints.at(-1)),
    readSinkCursor: (name) => answer(() => state.cursors.get(name)),
    listSinkCursors: () =>
      answer(() => [...state.cursors.values()].sort((a, b) => (a.name < b.name ? -1 : 1))),
    writeSinkCursor: async (name, sequence, updatedAt) => {
      await commit(cursorUnit({ name, sequence, updatedAt }));
    },
    readQueuedRequest: (adapterId, id) =>
      answer(() => {
        const record = state.queue.get(id);
        return record?.adapterId === adapterId ? record : undefined;
      }),
    listQueuedRequests: (adapterId) =>
      answer(() => ofAdapter(state.queue.values(), adapterId).map(summaryOfRequest)),
    listWaitingRequests: () =>
      answer(() =>
        [...state.queue.values()].filter(({ stage }) => stage === 'waiting').map(summaryOfRequest),
      ),
    readSetting: (name) => answer(() => state.settings.get(name)),
    initialiseSetting: (name, value) =>
      answer(() => {
        checkSetting(name, value);
        const standing = state.settings.get(name) ?? value;
        state = { ...state, settings: new Map([...state.settings, [name, standing]]) };
        return standing;
      }),

    commit,
    close: async () => {
      closed = true;
    },
  };
}

function toSummary({ record, created, updated, destroyed }: KeptObject): ObjectSummary {
  const { id, adapterId, version, objectType, attributes, material } = record;
  const hasMaterial = material !== null;
  return {
    id,
    adapterId,
    version,
    objectType,
    attributes,
    hasMaterial,
    created,
    updated,
    destroyed,
  };
}

function newestFirst(state: State, adapterId: string | undefined): readonly KeptObject[] {
  return [...state.objects.values()]
    .filter(({ record }) => adapterId === undefined || record.adapterId === adapterId)
    .reverse();
}

function ofAdapter<T extends { readonly adapterId: string }>(
  records: Iterable<T>,
  adapterId: string | undefined,
): readonly T[] {
  return [...records].filter((record) => adapterId === undefined || record.adapterId === adapterId);
}

function byIdOrName<T extends { readonly id: string; readonly name: string }>(
  records: Iterable<T>,
  idOrName: string,
): T | undefined {
  const all = [...records];
  return all.find(({ id }) => id === idOrName) ?? all.find(({ name }) => name === idOrName);
}

function oldestFirst<T extends { readonly id: string; readonly createdAt: number }>(
  records: Iterable<T>,
): readonly T[] {
  return [...records].sort((a, b) => a.createdAt - b.createdAt || (a.id < b.id ? -1 : 1));
}

/** @throws StoreError `invalid`. */
function pageOf<T>({ offset, limit }: PageQuery, records: readonly T[]): Page<T> {
  checkPage({ offset, limit });
  return { items: records.slice(offset, offset + limit), total: records.length };
}
