import { compileStatement, type QueryBuilder } from './query-compiler.ts';

type InAdapter = { readonly adapterId: string };

/** What reads the credentials of an adapter. */
export function compileCredentialReads(queries: QueryBuilder) {
  const credentials = queries.selectFrom('credential').selectAll();
  return {
    listCredentials: compileStatement<InAdapter>((p) =>
      credentials.where('adapter_id', '=', p('adapterId')).orderBy('created_at').orderBy('id'),
    ),
    findCredentialOfAdapter: compileStatement<InAdapter & { readonly id: string }>((p) =>
      credentials.where('id', '=', p('id')).where('adapter_id', '=', p('adapterId')),
    ),
    findCredentialNamed: compileStatement<InAdapter & { readonly name: string }>((p) =>
      credentials.where('adapter_id', '=', p('adapterId')).where('name', '=', p('name')),
    ),
    findCredentialOfIdentity: compileStatement<InAdapter & { readonly identity: string }>((p) =>
      credentials.where('adapter_id', '=', p('adapterId')).where('identity', '=', p('identity')),
    ),
  };
}
