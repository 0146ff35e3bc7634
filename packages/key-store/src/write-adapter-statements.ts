import { compileStatement, type QueryBuilder } from './query-compiler.ts';
import type { AdapterRecord } from './records.ts';

type ById = { readonly id: string };
/** An attribution by a person, as columns. */
type By = { readonly at: number; readonly actor: string | null };

/** What writes adapters. Tombstones are no adapters: every condition leaves them out. */
export function compileAdapterWrites(queries: QueryBuilder) {
  return {
    findAdapter: compileStatement<ById>((p) =>
      queries
        .selectFrom('adapter')
        .select('id')
        .where('id', '=', p('id'))
        .where('deleted_at', 'is', null),
    ),
    findObjectOfAdapter: compileStatement<ById>((p) =>
      queries.selectFrom('object').select('id').where('adapter_id', '=', p('id')).limit(1),
    ),
    findCertificateOfAdapter: compileStatement<ById>((p) =>
      queries.selectFrom('certificate').select('id').where('adapter_id', '=', p('id')).limit(1),
    ),
    findClientAuthorityOfAdapter: compileStatement<ById>((p) =>
      queries
        .selectFrom('client_authority')
        .select('id')
        .where('adapter_id', '=', p('id'))
        .limit(1),
    ),
    insertAdapter: compileStatement<AdapterColumns>((p) =>
      queries
        .insertInto('adapter')
        .values({
          id: p('id'),
          name: p('name'),
          description: p('description'),
          root_key_id: p('rootKeyId'),
          wrapped_key: p('wrappedKey'),
          profile: p('profile'),
          created_at: p('createdAt'),
          created_by: p('createdBy'),
          updated_at: p('updatedAt'),
          updated_by: p('updatedBy'),
        })
        .onConflict((conflict) => conflict.doNothing()),
    ),
    touchAdapter: compileStatement<ById & By>((p) =>
      queries
        .updateTable('adapter')
        .set({ updated_at: p('at'), updated_by: p('actor') })
        .where('id', '=', p('id'))
        .where('deleted_at', 'is', null),
    ),
    deleteCertificatesOfAdapter: compileStatement<ById>((p) =>
      queries.deleteFrom('certificate').where('adapter_id', '=', p('id')),
    ),
    deleteClientAuthoritiesOfAdapter: compileStatement<ById>((p) =>
      queries.deleteFrom('client_authority').where('adapter_id', '=', p('id')),
    ),
    buryAdapter: compileStatement<ById & By>((p) =>
      queries
        .updateTable('adapter')
        .set({ wrapped_key: null, deleted_at: p('at'), deleted_by: p('actor') })
        .where('id', '=', p('id'))
        .where('deleted_at', 'is', null),
    ),
  };
}

type AdapterColumns = Pick<
  AdapterRecord,
  'id' | 'name' | 'description' | 'rootKeyId' | 'wrappedKey' | 'createdAt'
> & {
  readonly profile: string | null;
  readonly createdBy: string | null;
  readonly updatedAt: number | null;
  readonly updatedBy: string | null;
};
