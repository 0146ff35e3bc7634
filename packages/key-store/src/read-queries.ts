/** The reads of the interface, synchronously, on one read-only connection. */
import { sql } from 'kysely';
import { checkInteger, checkPage, checkPredicate } from './check-arguments.ts';
import { compileLocate, type Equality, requiredEqualities } from './locate-query.ts';
import {
  createQueryBuilder,
  createStatementCache,
  prepare,
  type QueryBuilder,
} from './query-compiler.ts';
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
import type { IndexValue, KeyStore, ObjectRecord } from './store.ts';
import { unreachable } from './unreachable.ts';
import type { ReadCall, ReadName } from './worker-messages.ts';

/** Each read of the interface, answering at once. */
export type ReadQueries = {
  readonly [N in ReadName]: (...args: Parameters<KeyStore[N]>) => Awaited<ReturnType<KeyStore[N]>>;
};

/** Counting entries stops here: beyond, one driver of a locate is as good as another. */
const DRIVER_PROBE_ENTRIES = 256;
const LOCATE_STATEMENTS_KEPT = 64;

export function createReadQueries(database: SqliteDatabase): ReadQueries {
  const queries = createQueryBuilder();
  const statements = prepareReadStatements(database, queries);
  const cache = createStatementCache(database, LOCATE_STATEMENTS_KEPT);
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

  function countEntries(adapterId: string, { name, value }: Equality): number {
    const row = statements.countEntries.get({
      adapterId,
      name,
      value,
      limit: DRIVER_PROBE_ENTRIES,
    });
    return integerColumn(row ?? {}, 'entries');
  }

  return {
    readObject: (adapterId, id) =>
      inSnapshot(() => {
        const row = statements.readObject.get({ adapterId, id });
        return row === undefined ? undefined : completeObject(row);
      }),

    locateObjects: (adapterId, query) => {
      checkPage(query);
      checkPredicate(query.where);
      return inSnapshot(() => {
        const driver = fewest(requiredEqualities(query.where), (equality) =>
          countEntries(adapterId, equality),
        );
        const { page, total } = compileLocate(queries, adapterId, query, driver);
        return {
          ids: query.limit === 0 ? [] : cache.all(page).map((row) => textColumn(row, 'id')),
          total: integerColumn(cache.get(total) ?? {}, 'total'),
        };
      });
    },

    listObjects: (adapterId, page) => {
      checkPage(page);
      const { offset, limit } = page;
      return inSnapshot(() =>
        (adapterId === undefined
          ? statements.listObjects.all({ offset, limit })
          : statements.listObjectsOfAdapter.all({ adapterId, offset, limit })
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

    listEvents: ({ afterSequence, limit }) => {
      checkInteger(afterSequence, 'afterSequence');
      checkInteger(limit, 'a limit');
      return statements.listEvents.all({ afterSequence, limit }).map(parseEventRow);
    },

    lastEventSequence: () => integerColumn(statements.lastSequence.get({}) ?? {}, 'sequence'),

    readSetting: (name) => {
      const row = statements.readSetting.get({ name });
      return row === undefined ? undefined : textColumn(row, 'value');
    },
  };
}

/** Performs a call that came as a message. */
export function performRead(queries: ReadQueries, call: ReadCall): unknown {
  switch (call.name) {
    case 'readObject':
      return queries.readObject(...call.args);
    case 'locateObjects':
      return queries.locateObjects(...call.args);
    case 'listObjects':
      return queries.listObjects(...call.args);
    case 'findPrincipal':
      return queries.findPrincipal(...call.args);
    case 'listAdapters':
      return queries.listAdapters();
    case 'findAdapter':
      return queries.findAdapter(...call.args);
    case 'listCertificates':
      return queries.listCertificates(...call.args);
    case 'listRootKeys':
      return queries.listRootKeys();
    case 'listEvents':
      return queries.listEvents(...call.args);
    case 'lastEventSequence':
      return queries.lastEventSequence();
    case 'readSetting':
      return queries.readSetting(...call.args);
    default:
      return unreachable(call, 'read');
  }
}

function prepareReadStatements(database: SqliteDatabase, queries: QueryBuilder) {
  return {
    readObject: prepare<{ readonly adapterId: string; readonly id: string }>(
      database,
      queries,
      (q, p) =>
        q
          .selectFrom('object')
          .selectAll()
          .where('id', '=', p('id'))
          .where('adapter_id', '=', p('adapterId')),
    ),
    listObjects: prepare<{ readonly offset: number; readonly limit: number }>(
      database,
      queries,
      (q, p) =>
        q
          .selectFrom('object')
          .selectAll()
          .orderBy('object_rowid', 'desc')
          .limit(p('limit'))
          .offset(p('offset')),
    ),
    listObjectsOfAdapter: prepare<{
      readonly adapterId: string;
      readonly offset: number;
      readonly limit: number;
    }>(database, queries, (q, p) =>
      q
        .selectFrom('object')
        .selectAll()
        .where('adapter_id', '=', p('adapterId'))
        .orderBy('object_rowid', 'desc')
        .limit(p('limit'))
        .offset(p('offset')),
    ),
    listIndex: prepare<{ readonly rowid: number }>(database, queries, (q, p) =>
      q.selectFrom('object_index').select(['name', 'value']).where('object_rowid', '=', p('rowid')),
    ),
    listNames: prepare<{ readonly rowid: number }>(database, queries, (q, p) =>
      q
        .selectFrom('object_name')
        .select('name')
        .where('object_rowid', '=', p('rowid'))
        .orderBy('name'),
    ),
    countEntries: prepare<{
      readonly adapterId: string;
      readonly name: string;
      readonly value: IndexValue;
      readonly limit: number;
    }>(database, queries, (q, p) =>
      q
        .selectFrom((inner) =>
          inner
            .selectFrom('object_index')
            .select(sql<number>`1`.as('found'))
            .where('adapter_id', '=', p('adapterId'))
            .where('name', '=', p('name'))
            .where('value', '=', p('value'))
            .limit(p('limit'))
            .as('probe'),
        )
        .select((eb) => eb.fn.countAll().as('entries')),
    ),
    findCertificate: prepare<{ readonly fingerprintSha256: string }>(database, queries, (q, p) =>
      q
        .selectFrom('certificate')
        .selectAll()
        .where('fingerprint_sha256', '=', p('fingerprintSha256')),
    ),
    readAdapter: prepare<{ readonly id: string }>(database, queries, (q, p) =>
      q.selectFrom('adapter').selectAll().where('id', '=', p('id')),
    ),
    readRootKey: prepare<{ readonly id: string }>(database, queries, (q, p) =>
      q.selectFrom('root_key').selectAll().where('id', '=', p('id')),
    ),
    listAdapters: prepare<Record<string, never>>(database, queries, (q) =>
      q.selectFrom('adapter').selectAll().orderBy('created_at').orderBy('id'),
    ),
    /** An id wins over a name that looks like it. */
    findAdapter: prepare<{ readonly idOrName: string }>(database, queries, (q, p) =>
      q
        .selectFrom('adapter')
        .selectAll()
        .where((eb) => eb.or([eb('id', '=', p('idOrName')), eb('name', '=', p('idOrName'))]))
        .orderBy((eb) => eb('id', '=', p('idOrName')), 'desc')
        .limit(1),
    ),
    listCertificates: prepare<Record<string, never>>(database, queries, (q) =>
      q.selectFrom('certificate').selectAll().orderBy('created_at').orderBy('id'),
    ),
    listCertificatesOfAdapter: prepare<{ readonly adapterId: string }>(database, queries, (q, p) =>
      q
        .selectFrom('certificate')
        .selectAll()
        .where('adapter_id', '=', p('adapterId'))
        .orderBy('created_at')
        .orderBy('id'),
    ),
    listRootKeys: prepare<Record<string, never>>(database, queries, (q) =>
      q.selectFrom('root_key').selectAll().orderBy('created_at').orderBy('id'),
    ),
    listEvents: prepare<{ readonly afterSequence: number; readonly limit: number }>(
      database,
      queries,
      (q, p) =>
        q
          .selectFrom('event')
          .selectAll()
          .where('sequence', '>', p('afterSequence'))
          .orderBy('sequence')
          .limit(p('limit')),
    ),
    lastSequence: prepare<Record<string, never>>(database, queries, (q) =>
      q
        .selectFrom('event')
        .select((eb) => eb.fn.coalesce(eb.fn.max('sequence'), eb.lit(0)).as('sequence')),
    ),
    readSetting: prepare<{ readonly name: string }>(database, queries, (q, p) =>
      q.selectFrom('setting').select('value').where('name', '=', p('name')),
    ),
  };
}

/** The item with the smallest count; a single one is not counted. */
function fewest<T>(items: readonly T[], count: (item: T) => number): T | undefined {
  if (items.length < 2) return items[0];
  let best: { readonly item: T; readonly size: number } | undefined;
  for (const item of items) {
    const size = count(item);
    if (best === undefined || size < best.size) best = { item, size };
  }
  return best?.item;
}
