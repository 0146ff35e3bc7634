/** Every statement that a read needs, but those of a locate, which are written when it is asked. */
import { sql } from 'kysely';
import type { Statements } from './prepared-statement.ts';
import { compileStatement, type QueryBuilder } from './query-compiler.ts';
import type { EventQuery, IndexEntry } from './store.ts';

type ById = { readonly id: string };
type ByName = { readonly name: string };
type ByRowid = { readonly rowid: number };
type InAdapter = { readonly adapterId: string };
type Page = { readonly offset: number; readonly limit: number };
type Nothing = Record<string, never>;

export type ReadStatementTexts = ReturnType<typeof compileReadStatements>;
export type ReadStatements = Statements<ReadStatementTexts>;

export function compileReadStatements(queries: QueryBuilder) {
  return {
    readObject: compileStatement<InAdapter & ById>((p) =>
      queries
        .selectFrom('object')
        .selectAll()
        .where('id', '=', p('id'))
        .where('adapter_id', '=', p('adapterId')),
    ),
    listObjects: compileStatement<Page>((p) =>
      queries
        .selectFrom('object')
        .selectAll()
        .orderBy('object_rowid', 'desc')
        .limit(p('limit'))
        .offset(p('offset')),
    ),
    listObjectsOfAdapter: compileStatement<InAdapter & Page>((p) =>
      queries
        .selectFrom('object')
        .selectAll()
        .where('adapter_id', '=', p('adapterId'))
        .orderBy('object_rowid', 'desc')
        .limit(p('limit'))
        .offset(p('offset')),
    ),
    listIndex: compileStatement<ByRowid>((p) =>
      queries
        .selectFrom('object_index')
        .select(['name', 'value'])
        .where('object_rowid', '=', p('rowid')),
    ),
    listNames: compileStatement<ByRowid>((p) =>
      queries
        .selectFrom('object_name')
        .select('name')
        .where('object_rowid', '=', p('rowid'))
        .orderBy('name'),
    ),
    countEntries: compileStatement<InAdapter & IndexEntry & { readonly limit: number }>((p) =>
      queries
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
    findCertificate: compileStatement<{ readonly fingerprintSha256: string }>((p) =>
      queries
        .selectFrom('certificate')
        .selectAll()
        .where('fingerprint_sha256', '=', p('fingerprintSha256')),
    ),
    readAdapter: compileStatement<ById>((p) =>
      queries.selectFrom('adapter').selectAll().where('id', '=', p('id')),
    ),
    readRootKey: compileStatement<ById>((p) =>
      queries.selectFrom('root_key').selectAll().where('id', '=', p('id')),
    ),
    listAdapters: compileStatement<Nothing>(() =>
      queries.selectFrom('adapter').selectAll().orderBy('created_at').orderBy('id'),
    ),
    /** An id wins over a name that looks like it. */
    findAdapter: compileStatement<{ readonly idOrName: string }>((p) =>
      queries
        .selectFrom('adapter')
        .selectAll()
        .where((eb) => eb.or([eb('id', '=', p('idOrName')), eb('name', '=', p('idOrName'))]))
        .orderBy((eb) => eb('id', '=', p('idOrName')), 'desc')
        .limit(1),
    ),
    listCertificates: compileStatement<Nothing>(() =>
      queries.selectFrom('certificate').selectAll().orderBy('created_at').orderBy('id'),
    ),
    listCertificatesOfAdapter: compileStatement<InAdapter>((p) =>
      queries
        .selectFrom('certificate')
        .selectAll()
        .where('adapter_id', '=', p('adapterId'))
        .orderBy('created_at')
        .orderBy('id'),
    ),
    listRootKeys: compileStatement<Nothing>(() =>
      queries.selectFrom('root_key').selectAll().orderBy('created_at').orderBy('id'),
    ),
    listEvents: compileStatement<EventQuery>((p) =>
      queries
        .selectFrom('event')
        .selectAll()
        .where('sequence', '>', p('afterSequence'))
        .orderBy('sequence')
        .limit(p('limit')),
    ),
    lastSequence: compileStatement<Nothing>(() =>
      queries
        .selectFrom('event')
        .select((eb) => eb.fn.coalesce(eb.fn.max('sequence'), eb.lit(0)).as('sequence')),
    ),
    readSetting: compileStatement<ByName>((p) =>
      queries.selectFrom('setting').select('value').where('name', '=', p('name')),
    ),
  };
}
