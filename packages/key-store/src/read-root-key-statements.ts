import { sql } from 'kysely';
import { compileStatement, type QueryBuilder } from './query-compiler.ts';
import type { RootKeyState } from './records.ts';

type ById = { readonly id: string };
type InRootKey = { readonly rootKeyId: string };
type Page = { readonly offset: number; readonly limit: number };
type Nothing = Record<string, never>;

/** Always three states and two kinds: whoever wants fewer names one more often. */
export interface RootKeyFilter {
  readonly state1: RootKeyState;
  readonly state2: RootKeyState;
  readonly state3: RootKeyState;
  readonly extractable1: number;
  readonly extractable2: number;
}

/** What reads root keys, their versions and aliases. */
export function compileRootKeyReads(queries: QueryBuilder) {
  return {
    readRootKey: compileStatement<ById>((p) =>
      queries
        .selectFrom('root_key')
        .select(['id', 'name', 'state', 'wrapped_key', 'created_at'])
        .where('id', '=', p('id')),
    ),
    listRootKeys: compileStatement<Nothing>(() =>
      queries
        .selectFrom('root_key')
        .select(['id', 'name', 'state', 'wrapped_key', 'created_at'])
        .where('extractable', '=', 0)
        .orderBy('created_at')
        .orderBy('id'),
    ),
    readDetailedRootKey: compileStatement<ById>((p) =>
      queries.selectFrom('root_key').selectAll().where('id', '=', p('id')),
    ),
    findRootKeyOfAlias: compileStatement<{ readonly alias: string }>((p) =>
      queries.selectFrom('root_key_alias').select('root_key_id').where('alias', '=', p('alias')),
    ),
    listRootKeyAliases: compileStatement<InRootKey>((p) =>
      queries
        .selectFrom('root_key_alias')
        .select('alias')
        .where('root_key_id', '=', p('rootKeyId'))
        .orderBy('alias'),
    ),
    /** The plus keeps SQLite from fetching and sorting all that pass: it walks the ids instead. */
    pageRootKeys: compileStatement<RootKeyFilter & Page>((p) =>
      queries
        .selectFrom('root_key')
        .selectAll()
        .where(sql<string>`+state`, 'in', [p('state1'), p('state2'), p('state3')])
        .where(sql<number>`+extractable`, 'in', [p('extractable1'), p('extractable2')])
        .orderBy('id')
        .limit(p('limit'))
        .offset(p('offset')),
    ),
    countRootKeys: compileStatement<RootKeyFilter>((p) =>
      queries
        .selectFrom('root_key')
        .select((eb) => eb.fn.countAll().as('total'))
        .where('state', 'in', [p('state1'), p('state2'), p('state3')])
        .where('extractable', 'in', [p('extractable1'), p('extractable2')]),
    ),
    pageRootKeyVersions: compileStatement<InRootKey & Page>((p) =>
      queries
        .selectFrom('root_key_version')
        .select(['id', 'wrapped_key', 'created_at'])
        .where('root_key_id', '=', p('rootKeyId'))
        .orderBy('version_number', 'desc')
        .limit(p('limit'))
        .offset(p('offset')),
    ),
    countRootKeyVersions: compileStatement<InRootKey>((p) =>
      queries
        .selectFrom('root_key_version')
        .select((eb) => eb.fn.countAll().as('total'))
        .where('root_key_id', '=', p('rootKeyId')),
    ),
  };
}
