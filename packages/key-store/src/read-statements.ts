/** Every statement that a read needs, but those of a locate, which are written when it is asked. */
import { type SqlBool, sql } from 'kysely';
import { SHAPE_FACT } from './object-shapes.ts';
import type { Statements } from './prepared-statement.ts';
import { compileStatement, type QueryBuilder } from './query-compiler.ts';
import { compileCredentialReads } from './read-credential-statements.ts';
import { compileLogReads } from './read-log-statements.ts';
import { compileQueueReads } from './read-queue-statements.ts';
import { compileRootKeyReads } from './read-root-key-statements.ts';
import { compileTrustReads } from './read-trust-statements.ts';
import type { IndexEntry } from './records.ts';

type ById = { readonly id: string };
type ByName = { readonly name: string };
type ByRowid = { readonly rowid: number };
type InAdapter = { readonly adapterId: string };
type InRootKey = { readonly rootKeyId: string };
type Page = { readonly offset: number; readonly limit: number };
type Nothing = Record<string, never>;

export type ReadStatementTexts = ReturnType<typeof compileReadStatements>;
export type ReadStatements = Statements<ReadStatementTexts>;

export function compileReadStatements(queries: QueryBuilder) {
  const adapters = queries.selectFrom('adapter').selectAll().where('deleted_at', 'is', null);
  return {
    ...compileRootKeyReads(queries),
    ...compileTrustReads(queries),
    ...compileCredentialReads(queries),
    ...compileLogReads(queries),
    ...compileQueueReads(queries),

    readObject: compileStatement<InAdapter & ById>((p) =>
      queries
        .selectFrom('object')
        .select(['version', 'object_type', 'attributes', 'material', 'created_at', 'owner'])
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
    /** Everything but the material, whose presence is told. */
    readObjectSummary: compileStatement<InAdapter & ById>((p) =>
      queries
        .selectFrom('object')
        .select([
          'id',
          'adapter_id',
          'version',
          'object_type',
          'attributes',
          'created_at',
          'created_by',
          'created_by_certificate_id',
          'created_by_authority_id',
          'created_by_fingerprint',
          'updated_at',
          'updated_by',
          'updated_by_certificate_id',
          'updated_by_authority_id',
          'updated_by_fingerprint',
          'destroyed_at',
          'destroyed_by',
          'destroyed_by_certificate_id',
          'destroyed_by_authority_id',
          'destroyed_by_fingerprint',
        ])
        .select((eb) => eb('material', 'is not', null).as('has_material'))
        .where('id', '=', p('id'))
        .where('adapter_id', '=', p('adapterId')),
    ),
    listOwnIndex: compileStatement<ByRowid>((p) =>
      queries
        .selectFrom('object_entry as entry')
        .innerJoin('fact', 'fact.id', 'entry.fact_id')
        .select(['fact.name', 'entry.value'])
        .where('entry.object_rowid', '=', p('rowid')),
    ),
    listSharedIndex: compileStatement<ByRowid>((p) =>
      queries
        .selectFrom('object_entry as shape')
        .innerJoin('shape_entry as entry', (join) =>
          join.on(sql<SqlBool>`entry.shape_id = shape.value`),
        )
        .innerJoin('fact', 'fact.id', 'entry.fact_id')
        .select(['fact.name', 'entry.value'])
        .where('shape.object_rowid', '=', p('rowid'))
        .where('shape.fact_id', '=', SHAPE_FACT),
    ),
    listNames: compileStatement<ByRowid>((p) =>
      queries
        .selectFrom('object_name')
        .select('name')
        .where('object_rowid', '=', p('rowid'))
        .orderBy('name'),
    ),
    /** Objects that have the entry for themselves, then those of shapes that have it. */
    countEntries: compileStatement<InAdapter & IndexEntry & { readonly limit: number }>((p) => {
      const fact = sql`(SELECT id FROM fact WHERE adapter_id = ${p('adapterId')} AND name = ${p('name')})`;
      const found = sql`
        SELECT 1 FROM entry_object WHERE fact_id = ${fact} AND value = ${p('value')}
        UNION ALL
        SELECT 1 FROM shape_entry AS shape CROSS JOIN entry_object AS entry
        WHERE shape.fact_id = ${fact} AND shape.value = ${p('value')}
          AND entry.fact_id = ${SHAPE_FACT} AND entry.value = +shape.shape_id
        LIMIT ${p('limit')}`;
      const counted = sql`SELECT count(*) AS entries FROM (${found})`;
      return { compile: () => counted.compile(queries) };
    }),
    readAdapter: compileStatement<ById>((p) => adapters.where('id', '=', p('id'))),
    listAdapters: compileStatement<Nothing>(() => adapters.orderBy('created_at').orderBy('id')),
    findAdapterNamed: compileStatement<ByName>((p) => adapters.where('name', '=', p('name'))),
    pageAdapters: compileStatement<Page>((p) =>
      adapters.orderBy('created_at').orderBy('id').limit(p('limit')).offset(p('offset')),
    ),
    countAdapters: compileStatement<Nothing>(() =>
      queries
        .selectFrom('adapter')
        .select((eb) => eb.fn.countAll().as('total'))
        .where('deleted_at', 'is', null),
    ),
    pageAdaptersOfRootKey: compileStatement<Page & InRootKey>((p) =>
      adapters
        .where('root_key_id', '=', p('rootKeyId'))
        .orderBy('created_at')
        .orderBy('id')
        .limit(p('limit'))
        .offset(p('offset')),
    ),
    countAdaptersOfRootKey: compileStatement<InRootKey>((p) =>
      queries
        .selectFrom('adapter')
        .select((eb) => eb.fn.countAll().as('total'))
        .where('root_key_id', '=', p('rootKeyId'))
        .where('deleted_at', 'is', null),
    ),

    readSetting: compileStatement<ByName>((p) =>
      queries.selectFrom('setting').select('value').where('name', '=', p('name')),
    ),
  };
}
