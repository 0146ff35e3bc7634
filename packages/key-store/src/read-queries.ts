/** The reads, synchronously, on one read-only connection. */
import { LEAF_HASH_BYTES } from './chain-event.ts';
import { checkInteger, checkPage } from './check-arguments.ts';
import { checkEventSearch, type EventPage, type EventSearch } from './event-search.ts';
import type { CompiledLocate } from './locate-query.ts';
import type { CheckpointQuery, CheckpointRecord, LogExtent, SinkCursor } from './log-records.ts';
import type {
  AdapterQuery,
  ApiKeyRecord,
  AuthorityPrincipalRecord,
  ClientAuthorityRecord,
  CredentialRecord,
  DetailedRootKey,
  ObjectSummary,
  Page,
  PageQuery,
  RefusedCertificateRecord,
  RootKeyQuery,
  RootKeyVersion,
} from './management-records.ts';
import {
  parseApiKeyRow,
  parseClientAuthorityRow,
  parseCredentialRow,
  parseDetailedRootKeyRow,
  parseObjectSummaryRow,
  parseRefusedCertificateRow,
  parseRootKeyVersionRow,
} from './management-rows.ts';
import { createStatementCache, prepareStatements } from './prepared-statement.ts';
import { parseQueuedRequestRow, parseQueuedRequestSummaryRow } from './queue-rows.ts';
import type { QueuedRequestRecord, QueuedRequestSummary } from './queued-requests.ts';
import type { RootKeyFilter } from './read-root-key-statements.ts';
import type { ReadStatementTexts } from './read-statements.ts';
import type {
  AdapterRecord,
  CertificateRecord,
  EventQuery,
  EventRecord,
  IndexEntry,
  LocateResult,
  ObjectRecord,
  PrincipalRecord,
  RootKeyRecord,
  RootKeyState,
} from './records.ts';
import {
  bytesColumn,
  integerColumn,
  parseAdapterRow,
  parseCertificateRow,
  parseCheckpointRow,
  parseEventRow,
  parseFoundObjectRow,
  parseIndexRow,
  parseObjectRow,
  parseRootKeyRow,
  parseSharedIndexRow,
  parseSinkCursorRow,
  textColumn,
} from './rows.ts';
import { searchEvents } from './search-events.ts';
import { createSnapshots, type Snapshots } from './snapshots.ts';
import type { SqliteDatabase, SqliteRow } from './sqlite-driver.ts';
import type { FoundObject } from './thread-messages.ts';
import { totalByPage } from './total-by-page.ts';

/** As `KeyStore` says, except for locate, which comes in two steps. */
export interface ReadQueries {
  /** Bytes are the engine's, until they are sent. */
  readObject(adapterId: string, id: string): FoundObject | undefined;
  /** How many objects of the adapter have each entry; counting stops at `limit`. */
  countEntries(adapterId: string, entries: readonly IndexEntry[], limit: number): readonly number[];
  /** Runs what `compileLocate` wrote. */
  locate(query: CompiledLocate): LocateResult;
  listObjects(
    adapterId: string | undefined,
    page: { readonly offset: number; readonly limit: number },
  ): readonly ObjectRecord[];
  /** `listObjectSummaries`, with what `compileLocate` wrote. */
  summarize(adapterId: string, query: CompiledLocate): Page<ObjectSummary>;
  readObjectSummary(adapterId: string, id: string): ObjectSummary | undefined;
  findPrincipal(fingerprintSha256: string): PrincipalRecord | undefined;
  findAuthorityPrincipal(clientAuthorityId: string): AuthorityPrincipalRecord | undefined;
  listAdapters(): readonly AdapterRecord[];
  findAdapter(idOrName: string): AdapterRecord | undefined;
  pageAdapters(query: AdapterQuery): Page<AdapterRecord>;
  listCertificates(adapterId: string | undefined): readonly CertificateRecord[];
  findCertificate(adapterId: string, idOrName: string): CertificateRecord | undefined;
  pageCertificates(adapterId: string, query: PageQuery): Page<CertificateRecord>;
  listClientAuthorities(adapterId: string | undefined): readonly ClientAuthorityRecord[];
  findClientAuthority(adapterId: string, idOrName: string): ClientAuthorityRecord | undefined;
  listCredentials(adapterId: string): readonly CredentialRecord[];
  findCredential(adapterId: string, idOrName: string): CredentialRecord | undefined;
  findCredentialOfIdentity(adapterId: string, identity: string): CredentialRecord | undefined;
  listRootKeys(): readonly RootKeyRecord[];
  findRootKey(idOrAlias: string): DetailedRootKey | undefined;
  pageRootKeys(query: RootKeyQuery): Page<DetailedRootKey>;
  pageRootKeyVersions(rootKeyId: string, query: PageQuery): Page<RootKeyVersion>;
  findApiKey(id: string): ApiKeyRecord | undefined;
  listApiKeys(): readonly ApiKeyRecord[];
  listRefusedCertificates(query: PageQuery): Page<RefusedCertificateRecord>;
  findRefusedCertificate(fingerprint: string): RefusedCertificateRecord | undefined;
  listEvents(query: EventQuery): readonly EventRecord[];
  lastEventSequence(): number;
  queryEvents(search: EventSearch): EventPage;
  findEvent(id: string): EventRecord | undefined;
  readLogExtent(): LogExtent;
  leafHashes(fromSequence: number, count: number): Uint8Array;
  listCheckpoints(query: CheckpointQuery): readonly CheckpointRecord[];
  newestCheckpoint(): CheckpointRecord | undefined;
  readSinkCursor(name: string): SinkCursor | undefined;
  listSinkCursors(): readonly SinkCursor[];
  readQueuedRequest(adapterId: string, id: string): QueuedRequestRecord | undefined;
  listQueuedRequests(adapterId: string): readonly QueuedRequestSummary[];
  listWaitingRequests(): readonly QueuedRequestSummary[];
  readSetting(name: string): string | undefined;
}

const LOCATE_STATEMENTS_KEPT = 64;
/** A search has seven at most, in either direction. */
const SEARCH_STATEMENTS_KEPT = 16;

export function createReadQueries(
  database: SqliteDatabase,
  texts: ReadStatementTexts,
  snapshots: Snapshots = createSnapshots(database),
): ReadQueries {
  const statements = prepareStatements(database, texts);
  const locateStatements = createStatementCache(database, LOCATE_STATEMENTS_KEPT);
  const searchStatements = createStatementCache(database, SEARCH_STATEMENTS_KEPT);
  const { within: inSnapshot } = snapshots;

  function logExtent(): LogExtent {
    const lastSequence = integerColumn(statements.lastSequence.get({}) ?? {}, 'sequence');
    const first = statements.firstEvent.get({});
    return {
      node: textColumn(statements.readSetting.get({ name: 'log-node' }) ?? {}, 'value'),
      firstSequence: first === undefined ? lastSequence + 1 : integerColumn(first, 'sequence'),
      lastSequence,
    };
  }

  function completeObject(row: SqliteRow): ObjectRecord {
    const { objectRowid: rowid, ...object } = parseObjectRow(row);
    return {
      ...object,
      index: [
        ...statements.listOwnIndex.all({ rowid }).map(parseIndexRow),
        ...statements.listSharedIndex.all({ rowid }).map(parseSharedIndexRow),
      ],
      uniqueNames: statements.listNames.all({ rowid }).map((name) => textColumn(name, 'name')),
    };
  }

  /** One state of the database for the rows and their total. */
  function inPage<T>(
    query: PageQuery,
    readItems: () => readonly T[],
    readTotal: () => SqliteRow | undefined,
  ): Page<T> {
    checkPage(query);
    return inSnapshot(() => ({
      items: readItems(),
      total: integerColumn(readTotal() ?? {}, 'total'),
    }));
  }

  function located({ page, total, bounds }: CompiledLocate): LocateResult {
    const ids = locateStatements.all(page).map((row) => textColumn(row, 'id'));
    const known = totalByPage(ids.length, bounds);
    const counted = () => integerColumn(locateStatements.get(total) ?? {}, 'total');
    return { ids, total: known ?? counted() };
  }

  function summaryOf(adapterId: string, id: string): ObjectSummary | undefined {
    const row = statements.readObjectSummary.get({ adapterId, id });
    return row === undefined ? undefined : parseObjectSummaryRow(row);
  }

  /** Foreign keys promise the rows: a missing one has no columns, which the parsers call damage. */
  function adapterWithRootKey(adapterId: string) {
    const adapter = parseAdapterRow(statements.readAdapter.get({ id: adapterId }) ?? {});
    const rootKey = parseRootKeyRow(statements.readRootKey.get({ id: adapter.rootKeyId }) ?? {});
    return { adapter, rootKey };
  }

  function detailedRootKey(row: SqliteRow): DetailedRootKey {
    const aliases = statements.listRootKeyAliases
      .all({ rootKeyId: textColumn(row, 'id') })
      .map((alias) => textColumn(alias, 'alias'));
    return parseDetailedRootKeyRow(row, aliases);
  }

  return {
    readObject: (adapterId, id) => {
      const row = statements.readObject.get({ adapterId, id });
      return row === undefined ? undefined : parseFoundObjectRow(row);
    },

    countEntries: (adapterId, entries, limit) =>
      entries.map(({ name, value }) => {
        const row = statements.countEntries.get({ adapterId, name, value, limit });
        return integerColumn(row ?? {}, 'entries');
      }),

    locate: (query) => inSnapshot(() => located(query)),

    listObjects: (adapterId, page) => {
      checkPage(page);
      return inSnapshot(() =>
        (adapterId === undefined
          ? statements.listObjects.all(page)
          : statements.listObjectsOfAdapter.all({ ...page, adapterId })
        ).map(completeObject),
      );
    },

    summarize: (adapterId, query) =>
      inSnapshot(() => {
        const { ids, total } = located(query);
        return { items: ids.flatMap((id) => summaryOf(adapterId, id) ?? []), total };
      }),

    readObjectSummary: summaryOf,

    findPrincipal: (fingerprintSha256) =>
      inSnapshot(() => {
        const row = statements.findCertificateOfFingerprint.get({ fingerprintSha256 });
        if (row === undefined) return undefined;
        const certificate = parseCertificateRow(row);
        return { certificate, ...adapterWithRootKey(certificate.adapterId) };
      }),

    findAuthorityPrincipal: (clientAuthorityId) =>
      inSnapshot(() => {
        const row = statements.readClientAuthority.get({ id: clientAuthorityId });
        if (row === undefined) return undefined;
        const authority = parseClientAuthorityRow(row);
        return { authority, ...adapterWithRootKey(authority.adapterId) };
      }),

    listAdapters: () => statements.listAdapters.all({}).map(parseAdapterRow),

    findAdapter: (idOrName) =>
      inSnapshot(() => {
        const row =
          statements.readAdapter.get({ id: idOrName }) ??
          statements.findAdapterNamed.get({ name: idOrName });
        return row === undefined ? undefined : parseAdapterRow(row);
      }),

    pageAdapters: ({ rootKeyId, ...page }) =>
      rootKeyId === undefined
        ? inPage(
            page,
            () => statements.pageAdapters.all(page).map(parseAdapterRow),
            () => statements.countAdapters.get({}),
          )
        : inPage(
            page,
            () => statements.pageAdaptersOfRootKey.all({ ...page, rootKeyId }).map(parseAdapterRow),
            () => statements.countAdaptersOfRootKey.get({ rootKeyId }),
          ),

    listCertificates: (adapterId) =>
      (adapterId === undefined
        ? statements.listCertificates.all({})
        : statements.listCertificatesOfAdapter.all({ adapterId })
      ).map(parseCertificateRow),

    findCertificate: (adapterId, idOrName) =>
      inSnapshot(() => {
        const row =
          statements.readCertificate.get({ adapterId, id: idOrName }) ??
          statements.findCertificateNamed.get({ adapterId, name: idOrName });
        return row === undefined ? undefined : parseCertificateRow(row);
      }),

    pageCertificates: (adapterId, query) =>
      inPage(
        query,
        () => statements.pageCertificates.all({ ...query, adapterId }).map(parseCertificateRow),
        () => statements.countCertificates.get({ adapterId }),
      ),

    listClientAuthorities: (adapterId) =>
      (adapterId === undefined
        ? statements.listClientAuthorities.all({})
        : statements.listClientAuthoritiesOfAdapter.all({ adapterId })
      ).map(parseClientAuthorityRow),

    findClientAuthority: (adapterId, idOrName) =>
      inSnapshot(() => {
        const row =
          statements.findClientAuthorityOfAdapter.get({ adapterId, id: idOrName }) ??
          statements.findClientAuthorityNamed.get({ adapterId, name: idOrName });
        return row === undefined ? undefined : parseClientAuthorityRow(row);
      }),

    listCredentials: (adapterId) =>
      statements.listCredentials.all({ adapterId }).map(parseCredentialRow),

    findCredential: (adapterId, idOrName) =>
      inSnapshot(() => {
        const row =
          statements.findCredentialOfAdapter.get({ adapterId, id: idOrName }) ??
          statements.findCredentialNamed.get({ adapterId, name: idOrName });
        return row === undefined ? undefined : parseCredentialRow(row);
      }),

    findCredentialOfIdentity: (adapterId, identity) => {
      const row = statements.findCredentialOfIdentity.get({ adapterId, identity });
      return row === undefined ? undefined : parseCredentialRow(row);
    },

    listRootKeys: () => statements.listRootKeys.all({}).map(parseRootKeyRow),

    findRootKey: (idOrAlias) =>
      inSnapshot(() => {
        const row = statements.readDetailedRootKey.get({ id: idOrAlias });
        if (row !== undefined) return detailedRootKey(row);
        const alias = statements.findRootKeyOfAlias.get({ alias: idOrAlias });
        if (alias === undefined) return undefined;
        const id = textColumn(alias, 'root_key_id');
        return detailedRootKey(statements.readDetailedRootKey.get({ id }) ?? {});
      }),

    pageRootKeys: ({ states = ROOT_KEY_STATES, extractable, ...page }) => {
      checkPage(page);
      const filter = toRootKeyFilter(states, extractable);
      if (filter === undefined) return { items: [], total: 0 };
      return inPage(
        page,
        () => statements.pageRootKeys.all({ ...page, ...filter }).map(detailedRootKey),
        () => statements.countRootKeys.get(filter),
      );
    },

    pageRootKeyVersions: (rootKeyId, query) =>
      inPage(
        query,
        () =>
          statements.pageRootKeyVersions.all({ ...query, rootKeyId }).map(parseRootKeyVersionRow),
        () => statements.countRootKeyVersions.get({ rootKeyId }),
      ),

    findApiKey: (id) => {
      const row = statements.findApiKey.get({ id });
      return row === undefined ? undefined : parseApiKeyRow(row);
    },

    listApiKeys: () => statements.listApiKeys.all({}).map(parseApiKeyRow),

    listRefusedCertificates: (query) =>
      inPage(
        query,
        () => statements.listRefusedCertificates.all(query).map(parseRefusedCertificateRow),
        () => statements.countRefusedCertificates.get({}),
      ),

    findRefusedCertificate: (fingerprint) => {
      const row = statements.findRefusedCertificate.get({ fingerprint });
      return row === undefined ? undefined : parseRefusedCertificateRow(row);
    },

    listEvents: (query) => {
      checkInteger(query.afterSequence, 'afterSequence');
      checkInteger(query.limit, 'a limit');
      return statements.listEvents.all(query).map(parseEventRow);
    },

    lastEventSequence: () => integerColumn(statements.lastSequence.get({}) ?? {}, 'sequence'),

    queryEvents: (search) => {
      checkEventSearch(search);
      return inSnapshot(() => {
        const { firstSequence: first, lastSequence: last } = logExtent();
        return searchEvents(searchStatements, search, { first, last });
      });
    },

    findEvent: (id) => {
      const row = statements.findEvent.get({ id });
      return row === undefined ? undefined : parseEventRow(row);
    },

    readLogExtent: () => inSnapshot(logExtent),

    leafHashes: (fromSequence, count) => {
      checkInteger(fromSequence, 'a sequence');
      checkInteger(count, 'a count');
      const range = { from: fromSequence, to: fromSequence + count - 1 };
      const hashes = statements.listLeaves.all(range).map((row) => bytesColumn(row, 'hash'));
      const packed = new Uint8Array(hashes.length * LEAF_HASH_BYTES);
      hashes.forEach((hash, index) => {
        packed.set(hash, index * LEAF_HASH_BYTES);
      });
      return packed;
    },

    listCheckpoints: ({ successionsOnly, ...query }) => {
      checkInteger(query.afterSize, 'afterSize');
      checkInteger(query.limit, 'a limit');
      const list = successionsOnly ? statements.listSuccessions : statements.listCheckpoints;
      return list.all(query).map(parseCheckpointRow);
    },

    newestCheckpoint: () => {
      const row = statements.newestCheckpoint.get({});
      return row === undefined ? undefined : parseCheckpointRow(row);
    },

    readSinkCursor: (name) => {
      const row = statements.readSinkCursor.get({ name });
      return row === undefined ? undefined : parseSinkCursorRow(row);
    },

    listSinkCursors: () => statements.listSinkCursors.all({}).map(parseSinkCursorRow),

    readQueuedRequest: (adapterId, id) => {
      const row = statements.readQueuedRequest.get({ adapterId, id });
      return row === undefined ? undefined : parseQueuedRequestRow(row);
    },

    listQueuedRequests: (adapterId) =>
      statements.listQueuedRequests.all({ adapterId }).map(parseQueuedRequestSummaryRow),

    listWaitingRequests: () =>
      statements.listQueuedRequestsAt.all({ stage: 'waiting' }).map(parseQueuedRequestSummaryRow),

    readSetting: (name) => {
      const row = statements.readSetting.get({ name });
      return row === undefined ? undefined : textColumn(row, 'value');
    },
  };
}

const ROOT_KEY_STATES: readonly RootKeyState[] = ['enabled', 'disabled', 'deleted'];

/** @returns undefined when nothing can pass. */
function toRootKeyFilter(
  states: readonly RootKeyState[],
  extractable: boolean | undefined,
): RootKeyFilter | undefined {
  const [state1, state2 = state1, state3 = state2] = new Set(states);
  if (state1 === undefined || state2 === undefined || state3 === undefined) return undefined;
  return {
    state1,
    state2,
    state3,
    extractable1: extractable === true ? 1 : 0,
    extractable2: extractable === false ? 0 : 1,
  };
}
