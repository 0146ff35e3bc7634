/** The reads, synchronously, on one read-only connection. */
import { checkInteger, checkPage } from './check-arguments.ts';
import { type BoundQuery, createStatementCache, prepareStatements } from './prepared-statement.ts';
import type { ReadStatementTexts } from './read-statements.ts';
import {
  integerColumn,
  parseAdapterRow,
  parseCertificateRow,
  parseEventRow,
  parseIndexRow,
  parseObjectRow,
  parseRootKeyRow,
  textColumn,
} from './rows.ts';
import type { SqliteDatabase, SqliteRow } from './sqlite-driver.ts';
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
} from './store.ts';

/** As `KeyStore` says, except for locate, which comes in two steps. */
export interface ReadQueries {
  readObject(adapterId: string, id: string): ObjectRecord | undefined;
  /** How many objects of the adapter have each entry; counting stops at `limit`. */
  countEntries(adapterId: string, entries: readonly IndexEntry[], limit: number): readonly number[];
  /** Runs what `compileLocate` wrote. */
  locate(page: BoundQuery, total: BoundQuery): LocateResult;
  listObjects(
    adapterId: string | undefined,
    page: { readonly offset: number; readonly limit: number },
  ): readonly ObjectRecord[];
  findPrincipal(fingerprintSha256: string): PrincipalRecord | undefined;
  listAdapters(): readonly AdapterRecord[];
  findAdapter(idOrName: string): AdapterRecord | undefined;
  listCertificates(adapterId: string | undefined): readonly CertificateRecord[];
  listRootKeys(): readonly RootKeyRecord[];
  listEvents(query: EventQuery): readonly EventRecord[];
  lastEventSequence(): number;
  readSetting(name: string): string | undefined;
}

const LOCATE_STATEMENTS_KEPT = 64;

export function createReadQueries(
  database: SqliteDatabase,
  texts: ReadStatementTexts,
): ReadQueries {
  const statements = prepareStatements(database, texts);
  const locateStatements = createStatementCache(database, LOCATE_STATEMENTS_KEPT);
  const begin = database.prepare('BEGIN');
  const commit = database.prepare('COMMIT');

  /** Several statements on one state of the database. */
  function inSnapshot<T>(read: () => T): T {
    begin.run([]);
    try {
      return read();
    } finally {
      commit.run([]);
    }
  }

  function completeObject(row: SqliteRow): ObjectRecord {
    const { objectRowid: rowid, ...object } = parseObjectRow(row);
    return {
      ...object,
      index: statements.listIndex.all({ rowid }).map(parseIndexRow),
      uniqueNames: statements.listNames.all({ rowid }).map((name) => textColumn(name, 'name')),
    };
  }

  return {
    readObject: (adapterId, id) =>
      inSnapshot(() => {
        const row = statements.readObject.get({ adapterId, id });
        return row === undefined ? undefined : completeObject(row);
      }),

    countEntries: (adapterId, entries, limit) =>
      entries.map(({ name, value }) => {
        const row = statements.countEntries.get({ adapterId, name, value, limit });
        return integerColumn(row ?? {}, 'entries');
      }),

    locate: (page, total) =>
      inSnapshot(() => ({
        ids: locateStatements.all(page).map((row) => textColumn(row, 'id')),
        total: integerColumn(locateStatements.get(total) ?? {}, 'total'),
      })),

    listObjects: (adapterId, page) => {
      checkPage(page);
      return inSnapshot(() =>
        (adapterId === undefined
          ? statements.listObjects.all(page)
          : statements.listObjectsOfAdapter.all({ ...page, adapterId })
        ).map(completeObject),
      );
    },

    findPrincipal: (fingerprintSha256) =>
      inSnapshot(() => {
        const certificateRow = statements.findCertificate.get({ fingerprintSha256 });
        if (certificateRow === undefined) return undefined;
        const certificate = parseCertificateRow(certificateRow);
        // Foreign keys promise the two: a missing row has no columns, which the parsers call damage.
        const adapter = parseAdapterRow(
          statements.readAdapter.get({ id: certificate.adapterId }) ?? {},
        );
        const rootKey = parseRootKeyRow(
          statements.readRootKey.get({ id: adapter.rootKeyId }) ?? {},
        );
        return { certificate, adapter, rootKey };
      }),

    listAdapters: () => statements.listAdapters.all({}).map(parseAdapterRow),

    findAdapter: (idOrName) => {
      const row = statements.findAdapter.get({ idOrName });
      return row === undefined ? undefined : parseAdapterRow(row);
    },

    listCertificates: (adapterId) =>
      (adapterId === undefined
        ? statements.listCertificates.all({})
        : statements.listCertificatesOfAdapter.all({ adapterId })
      ).map(parseCertificateRow),

    listRootKeys: () => statements.listRootKeys.all({}).map(parseRootKeyRow),

    listEvents: (query) => {
      checkInteger(query.afterSequence, 'afterSequence');
      checkInteger(query.limit, 'a limit');
      return statements.listEvents.all(query).map(parseEventRow);
    },

    lastEventSequence: () => integerColumn(statements.lastSequence.get({}) ?? {}, 'sequence'),

    readSetting: (name) => {
      const row = statements.readSetting.get({ name });
      return row === undefined ? undefined : textColumn(row, 'value');
    },
  };
}
