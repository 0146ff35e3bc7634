/** The embedded engine: SQLite in worker threads, one that writes, and one or two that read. */
import { resolve } from 'node:path';
import { checkInteger, checkLocate, checkSetting, checkUnit } from './check-arguments.ts';
import {
  createDistributionCounter,
  type Distribution,
  type DistributionCounter,
} from './distribution.ts';
import { type CompiledLocate, compileLocate, requiredEqualities } from './locate-query.ts';
import { cursorUnit } from './log-records.ts';
import type { ObjectSummary, Page } from './management-records.ts';
import type { MigrationProgress } from './migrate.ts';
import { compileObstacles } from './obstacle-queries.ts';
import { packUnit } from './pack-unit.ts';
import { createQueryBuilder, type QueryBuilder } from './query-compiler.ts';
import type { ReadQueries } from './read-queries.ts';
import { compileReadStatements } from './read-statements.ts';
import type { LocateQuery, LocateResult, StoredObject } from './records.ts';
import { type KeyStore, StoreError } from './store.ts';
import type { CommitOutcome, UnitOfWork } from './unit-of-work.ts';
import { closedError, type StartWorker, startWorker, type WorkerLink } from './worker-link.ts';
import type { ReadCall, ReadName, WriteCall } from './worker-messages.ts';
import { compileWriteStatements } from './write-statements.ts';

export interface SqliteKeyStoreOptions {
  /** The database file; created (mode 0600) where there is none, in a directory that exists. */
  readonly path: string;
  /** Units that may wait for their commit; one more is refused with `overloaded`. Default 10 000. */
  readonly maxWaitingUnits?: number;
  /** What those units may hold in bytes, about; a unit that waits alone is never refused. Default 64 MiB. */
  readonly maxWaitingBytes?: number;
  /**
   * Threads that read: with 2, one is for reads by key alone, which then wait for no list, search or export.
   * Default 1.
   */
  readonly readers?: 1 | 2;
  /** How long to wait while another process writes, in milliseconds. Default 5 000. */
  readonly busyTimeoutMs?: number;
  /** Told how far a migration is that takes long, while the store opens. */
  readonly onMigration?: (progress: MigrationProgress) => void;
  /** Quota: the database file grows no further; commits are `unavailable` then. Default: none. */
  readonly maxBytes?: number;
}

export interface SqliteStoreStatistics {
  /** Units that were answered, whatever their outcome. */
  readonly units: number;
  /** Groups in which they were answered: at most one transaction, and one fsync, each. */
  readonly groups: number;
  /** How many units, or settings, were answered in a group. */
  readonly groupUnits: Distribution;
  /** Seconds from `commit` until a unit was answered, when what it changed was durable. */
  readonly commitSeconds: Distribution;
  /** Units that wait for their commit now. */
  readonly waitingUnits: number;
}

export interface SqliteKeyStore extends KeyStore {
  /** Resolves with the reason when a thread dies: nothing can be done with this store any more. Else never. */
  readonly lost: Promise<StoreError>;
  statistics(): SqliteStoreStatistics;
}

/**
 * Reads of a few rows by their keys, for which the messages of clients wait. All others may take the longer, the more
 * objects or events there are: lists with their totals, searches, exports.
 */
const LOOKUPS: ReadonlySet<ReadName> = new Set([
  'readObject',
  'findPrincipal',
  'findAuthorityPrincipal',
  'findCredential',
  'findCredentialOfIdentity',
  'readQueuedRequest',
  'readSetting',
  'findApiKey',
]);

const DEFAULT_MAX_WAITING_UNITS = 10_000;
const DEFAULT_MAX_WAITING_BYTES = 64 * 1024 * 1024;
const DEFAULT_BUSY_TIMEOUT_MS = 5_000;
/** Up to the most that share a group. */
const GROUP_UNITS_BOUNDS = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512];
/** From a write to a fast disk to a queue at the end of its patience. */
const COMMIT_SECONDS_BOUNDS = [
  0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10,
];
const SECOND_MS = 1000;
/** Counting entries stops here: beyond, one driver of a locate is as good as another. */
const DRIVER_PROBE_ENTRIES = 256;

/**
 * Opens the database, creating or migrating it as needed.
 *
 * Several stores, in one process or in many, may have the same file open.
 *
 * @throws StoreError `cannot-open`, `corrupt` or `newer-version`: nothing was changed then; `invalid`
 * for an option out of range.
 */
export function openSqliteKeyStore(options: SqliteKeyStoreOptions): Promise<SqliteKeyStore> {
  return openWithWorkers(options, startWorker);
}

/** `openSqliteKeyStore` with the threads that `start` makes. */
export async function openWithWorkers(
  options: SqliteKeyStoreOptions,
  start: StartWorker,
): Promise<SqliteKeyStore> {
  const { maxWaitingUnits = DEFAULT_MAX_WAITING_UNITS } = options;
  const { maxWaitingBytes = DEFAULT_MAX_WAITING_BYTES } = options;
  const { busyTimeoutMs = DEFAULT_BUSY_TIMEOUT_MS, maxBytes } = options;
  checkInteger(maxWaitingUnits, 'maxWaitingUnits');
  checkInteger(maxWaitingBytes, 'maxWaitingBytes');
  checkInteger(busyTimeoutMs, 'busyTimeoutMs');
  if (maxBytes !== undefined) checkInteger(maxBytes, 'maxBytes');

  /** One dead thread ends the whole store: half a store would hide the loss. The others finish. */
  let lose: (reason: StoreError) => void = () => {};
  const lost = new Promise<StoreError>((resolve) => {
    lose = resolve;
  });
  const endAll = (reason: StoreError) => {
    lose(reason);
    for (const link of [writer, ...readers]) void link.close(reason);
  };
  const data = { path: resolve(options.path), busyTimeoutMs, maxBytes };
  const queries = createQueryBuilder();
  const [writes, reads] = [compileWriteStatements(queries), compileReadStatements(queries)];
  const groupUnits = createDistributionCounter(GROUP_UNITS_BOUNDS);
  let isWriting = false;
  const countGroup = (replies: number) => {
    if (isWriting) groupUnits.add(replies);
  };
  const writer = start(
    { ...data, role: 'writer', statements: writes },
    endAll,
    countGroup,
    options.onMigration,
  );
  const startReader = () => start({ ...data, role: 'reader', statements: reads }, endAll);
  const lookups = startReader();
  const searches = options.readers === 2 ? startReader() : lookups;
  const readers = new Set([lookups, searches]);
  const store = createSqliteKeyStore({
    writer,
    lookups,
    searches,
    lost,
    queries,
    groupUnits,
    limits: { maxWaitingUnits, maxWaitingBytes },
  });
  try {
    // The writer first: it creates the file and its schema, which readers need.
    await writer.call({ kind: 'open' });
    isWriting = true;
    await Promise.all([...readers].map((reader) => reader.call({ kind: 'open' })));
    return store;
  } catch (error) {
    await store.close();
    throw error;
  }
}

interface Deps {
  readonly writer: WorkerLink;
  readonly lookups: WorkerLink;
  readonly searches: WorkerLink;
  readonly lost: Promise<StoreError>;
  readonly queries: QueryBuilder;
  readonly groupUnits: DistributionCounter;
  readonly limits: { readonly maxWaitingUnits: number; readonly maxWaitingBytes: number };
}

/** The store over threads that are running already. */
function createSqliteKeyStore(deps: Deps): SqliteKeyStore {
  const { writer, lookups, searches, lost, queries, groupUnits, limits } = deps;
  const begun = new Set<Promise<unknown>>();
  let closing: Promise<void> | undefined;
  const commitSeconds = createDistributionCounter(COMMIT_SECONDS_BOUNDS);
  let waitingUnits = 0;
  let waitingBytes = 0;

  /** Lets `close` wait for the work, and none begin after it. */
  function begin<T>(work: () => Promise<T>): Promise<T> {
    if (closing !== undefined) return Promise.reject(closedError());
    const promise = work().finally(() => begun.delete(promise));
    begun.add(promise);
    return promise;
  }

  async function ask<N extends ReadName>(
    name: N,
    ...args: Parameters<ReadQueries[N]>
  ): Promise<ReturnType<ReadQueries[N]>> {
    const reader = LOOKUPS.has(name) ? lookups : searches;
    const call: ReadCall = { kind: 'read', name, args };
    // The worker is this package's own code: `ReadQueries` types what it answers to this call.
    return (await reader.call(call)) as ReturnType<ReadQueries[N]>;
  }

  const read: typeof ask = (name, ...args) => begin(() => ask(name, ...args));

  /** Writes the two queries, driven by the equality with the fewest entries. */
  async function compile(adapterId: string, query: LocateQuery): Promise<CompiledLocate> {
    checkLocate(query);
    const equalities = requiredEqualities(query.where);
    const sizes =
      equalities.length < 2
        ? equalities.map(() => 0)
        : await ask('countEntries', adapterId, equalities, DRIVER_PROBE_ENTRIES);
    const driver = equalities[sizes.indexOf(Math.min(...sizes))];
    return compileLocate(queries, adapterId, query, driver);
  }

  async function locate(adapterId: string, query: LocateQuery): Promise<LocateResult> {
    return ask('locate', await compile(adapterId, query));
  }

  async function summarize(adapterId: string, query: LocateQuery): Promise<Page<ObjectSummary>> {
    return ask('summarize', adapterId, await compile(adapterId, query));
  }

  async function readObject(adapterId: string, id: string): Promise<StoredObject | undefined> {
    const found = await ask('readObject', adapterId, id);
    return found && { id, adapterId, ...found };
  }

  async function initialiseSetting(name: string, value: string): Promise<string> {
    checkSetting(name, value);
    const call: WriteCall = { kind: 'initialise-setting', name, value };
    return (await writer.call(call)) as string; // Typed by `GroupWriter`, as above.
  }

  async function commit(unit: UnitOfWork): Promise<CommitOutcome> {
    checkUnit(unit);
    const packed = packUnit(unit);
    const full =
      waitingUnits >= limits.maxWaitingUnits ||
      (waitingUnits > 0 && waitingBytes + packed.bytes > limits.maxWaitingBytes);
    if (full) {
      throw new StoreError(
        'overloaded',
        `${waitingUnits} units wait for their commit already. Try again later.`,
      );
    }
    const begunAt = performance.now();
    waitingUnits += 1;
    waitingBytes += packed.bytes;
    try {
      const outcome = await writer.call({
        kind: 'commit',
        ...packed,
        obstacles: compileObstacles(queries, unit),
      });
      commitSeconds.add((performance.now() - begunAt) / SECOND_MS);
      return outcome as CommitOutcome; // Typed by `GroupWriter`, as above.
    } finally {
      waitingUnits -= 1;
      waitingBytes -= packed.bytes;
    }
  }

  async function shutDown(): Promise<void> {
    await Promise.allSettled(begun);
    // Readers first: the last connection to close, the writer, folds the write-ahead log back.
    await Promise.all([lookups.close(), searches.close()]);
    await writer.close();
  }

  return {
    readObject: (adapterId, id) => begin(() => readObject(adapterId, id)),
    locateObjects: (adapterId, query) => begin(() => locate(adapterId, query)),
    listObjects: (adapterId, page) => read('listObjects', adapterId, page),
    listObjectSummaries: (adapterId, query) => begin(() => summarize(adapterId, query)),
    readObjectSummary: (adapterId, id) => read('readObjectSummary', adapterId, id),
    findPrincipal: (fingerprintSha256) => read('findPrincipal', fingerprintSha256),
    findAuthorityPrincipal: (id) => read('findAuthorityPrincipal', id),
    listAdapters: () => read('listAdapters'),
    findAdapter: (idOrName) => read('findAdapter', idOrName),
    pageAdapters: (query) => read('pageAdapters', query),
    listCertificates: (adapterId) => read('listCertificates', adapterId),
    findCertificate: (adapterId, idOrName) => read('findCertificate', adapterId, idOrName),
    pageCertificates: (adapterId, query) => read('pageCertificates', adapterId, query),
    listClientAuthorities: (adapterId) => read('listClientAuthorities', adapterId),
    findClientAuthority: (adapterId, idOrName) => read('findClientAuthority', adapterId, idOrName),
    listCredentials: (adapterId) => read('listCredentials', adapterId),
    findCredential: (adapterId, idOrName) => read('findCredential', adapterId, idOrName),
    findCredentialOfIdentity: (adapterId, identity) =>
      read('findCredentialOfIdentity', adapterId, identity),
    listRootKeys: () => read('listRootKeys'),
    findRootKey: (idOrAlias) => read('findRootKey', idOrAlias),
    pageRootKeys: (query) => read('pageRootKeys', query),
    pageRootKeyVersions: (rootKeyId, query) => read('pageRootKeyVersions', rootKeyId, query),
    findApiKey: (id) => read('findApiKey', id),
    listApiKeys: () => read('listApiKeys'),
    listRefusedCertificates: (query) => read('listRefusedCertificates', query),
    findRefusedCertificate: (fingerprint) => read('findRefusedCertificate', fingerprint),
    listEvents: (query) => read('listEvents', query),
    lastEventSequence: () => read('lastEventSequence'),
    queryEvents: (search) => read('queryEvents', search),
    findEvent: (id) => read('findEvent', id),
    readLogExtent: () => read('readLogExtent'),
    leafHashes: (fromSequence, count) => read('leafHashes', fromSequence, count),
    listCheckpoints: (query) => read('listCheckpoints', query),
    newestCheckpoint: () => read('newestCheckpoint'),
    readSinkCursor: (name) => read('readSinkCursor', name),
    listSinkCursors: () => read('listSinkCursors'),
    writeSinkCursor: (name, sequence, updatedAt) =>
      begin(async () => {
        await commit(cursorUnit({ name, sequence, updatedAt }));
      }),
    readQueuedRequest: (adapterId, id) => read('readQueuedRequest', adapterId, id),
    listQueuedRequests: (adapterId) => read('listQueuedRequests', adapterId),
    listWaitingRequests: () => read('listWaitingRequests'),
    readSetting: (name) => read('readSetting', name),
    initialiseSetting: (name, value) => begin(() => initialiseSetting(name, value)),
    commit: (unit) => begin(() => commit(unit)),
    close: () => {
      closing ??= shutDown();
      return closing;
    },
    lost,
    statistics: () => ({
      units: commitSeconds.count,
      groups: groupUnits.count,
      groupUnits: groupUnits.read(),
      commitSeconds: commitSeconds.read(),
      waitingUnits,
    }),
  };
}
