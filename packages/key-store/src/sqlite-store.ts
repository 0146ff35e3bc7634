/** The embedded engine: SQLite in worker threads, one that writes and one or more that read. */
import { resolve } from 'node:path';
import { checkInteger, checkUnit, invalid } from './check-arguments.ts';
import { packUnit } from './pack-unit.ts';
import { type CommitOutcome, type KeyStore, StoreError } from './store.ts';
import { type StartWorker, startWorker, type WorkerLink } from './worker-link.ts';
import type { ReadCall, ReadName, WriteCall } from './worker-messages.ts';

export interface SqliteKeyStoreOptions {
  /** The database file; created (mode 0600) where there is none, in a directory that exists. */
  readonly path: string;
  /** Units that may wait for their commit; one more is refused with `overloaded`. Default 10 000. */
  readonly maxWaitingUnits?: number;
  /** Threads that read. Default 1. */
  readonly readers?: number;
  /** How long to wait while another process writes, in milliseconds. Default 5 000. */
  readonly busyTimeoutMs?: number;
  /** Quota: the database file grows no further; commits are `unavailable` then. Default: none. */
  readonly maxBytes?: number;
}

export interface SqliteStoreStatistics {
  /** Units that were answered, whatever their outcome. */
  readonly units: number;
  /** Groups in which they were answered: at most one transaction, and one fsync, each. */
  readonly groups: number;
  /** Units that wait for their commit now. */
  readonly waitingUnits: number;
}

export interface SqliteKeyStore extends KeyStore {
  statistics(): SqliteStoreStatistics;
}

const DEFAULT_MAX_WAITING_UNITS = 10_000;
const DEFAULT_BUSY_TIMEOUT_MS = 5_000;

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
  const { maxWaitingUnits = DEFAULT_MAX_WAITING_UNITS, readers: readerCount = 1 } = options;
  const { busyTimeoutMs = DEFAULT_BUSY_TIMEOUT_MS, maxBytes } = options;
  checkInteger(maxWaitingUnits, 'maxWaitingUnits');
  checkInteger(readerCount, 'readers');
  checkInteger(busyTimeoutMs, 'busyTimeoutMs');
  if (maxBytes !== undefined) checkInteger(maxBytes, 'maxBytes');
  if (readerCount === 0) throw invalid('without a reader nothing can be read');

  /** One dead thread ends the whole store: half a store would hide the loss. The others finish. */
  const endAll = (reason: StoreError) => {
    for (const link of [writer, ...readers]) void link.close(reason);
  };
  const data = { path: resolve(options.path), busyTimeoutMs, maxBytes };
  const writer = start({ ...data, role: 'writer' }, endAll);
  const readers = Array.from({ length: readerCount }, () =>
    start({ ...data, role: 'reader' }, endAll),
  );
  const store = createSqliteKeyStore({ writer, readers, maxWaitingUnits });
  try {
    // The writer first: it creates the file and its schema, which readers need.
    await writer.call({ kind: 'open' });
    await Promise.all(readers.map((reader) => reader.call({ kind: 'open' })));
    return store;
  } catch (error) {
    await store.close();
    throw error;
  }
}

/** The store over threads that are running already. */
function createSqliteKeyStore(deps: {
  readonly writer: WorkerLink;
  readonly readers: readonly WorkerLink[];
  readonly maxWaitingUnits: number;
}): SqliteKeyStore {
  const { writer, readers, maxWaitingUnits } = deps;
  let answeredUnits = 0;
  let waitingUnits = 0;

  async function read<N extends ReadName>(
    name: N,
    ...args: Parameters<KeyStore[N]>
  ): Promise<Awaited<ReturnType<KeyStore[N]>>> {
    const reader = readers.reduce((a, b) => (b.waiting < a.waiting ? b : a));
    // The worker is this package's own code: `ReadQueries` types what it answers to this call.
    const call = { kind: 'read', name, args } as ReadCall;
    return (await reader.call(call)) as Awaited<ReturnType<KeyStore[N]>>;
  }

  return {
    readObject: (adapterId, id) => read('readObject', adapterId, id),
    locateObjects: (adapterId, query) => read('locateObjects', adapterId, query),
    listObjects: (adapterId, page) => read('listObjects', adapterId, page),
    findPrincipal: (fingerprintSha256) => read('findPrincipal', fingerprintSha256),
    listAdapters: () => read('listAdapters'),
    findAdapter: (idOrName) => read('findAdapter', idOrName),
    listCertificates: (adapterId) => read('listCertificates', adapterId),
    listRootKeys: () => read('listRootKeys'),
    listEvents: (query) => read('listEvents', query),
    lastEventSequence: () => read('lastEventSequence'),
    readSetting: (name) => read('readSetting', name),

    initialiseSetting: async (name, value) => {
      const call: WriteCall = { kind: 'initialise-setting', name, value };
      return (await writer.call(call)) as string; // Typed by `GroupWriter`, as above.
    },

    commit: async (unit) => {
      checkUnit(unit);
      if (waitingUnits >= maxWaitingUnits) {
        throw new StoreError(
          'overloaded',
          `${waitingUnits} units wait for their commit already. Try again later.`,
        );
      }
      waitingUnits += 1;
      try {
        const outcome = await writer.call({ kind: 'commit', ...packUnit(unit) });
        answeredUnits += 1;
        return outcome as CommitOutcome; // Typed by `GroupWriter`, as above.
      } finally {
        waitingUnits -= 1;
      }
    },

    close: async () => {
      // Readers first: the last connection to close, the writer, folds the write-ahead log back.
      await Promise.all(readers.map((reader) => reader.close()));
      await writer.close();
    },

    statistics: () => ({
      units: answeredUnits,
      // The first message of replies said that the database is open.
      groups: writer.replyMessages - 1,
      waitingUnits,
    }),
  };
}
