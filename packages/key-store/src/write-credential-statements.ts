import type { CredentialRecord } from './management-records.ts';
import { compileStatement, type QueryBuilder } from './query-compiler.ts';

type ById = { readonly id: string };

/** What writes the credentials of adapters. */
export function compileCredentialWrites(queries: QueryBuilder) {
  return {
    findCredential: compileStatement<ById>((p) =>
      queries.selectFrom('credential').select('id').where('id', '=', p('id')),
    ),
    findSameCredential: compileStatement<
      ById & { readonly adapterId: string; readonly identity: string }
    >((p) =>
      queries
        .selectFrom('credential')
        .select('id')
        .where((eb) =>
          eb.or([
            eb('id', '=', p('id')),
            eb.and([eb('adapter_id', '=', p('adapterId')), eb('identity', '=', p('identity'))]),
          ]),
        ),
    ),
    insertCredential: compileStatement<CredentialRecord>((p) =>
      queries
        .insertInto('credential')
        .values({
          id: p('id'),
          adapter_id: p('adapterId'),
          name: p('name'),
          kind: p('kind'),
          identity: p('identity'),
          verifier: p('verifier'),
          sealed: p('sealed'),
          last_proof: p('lastProof'),
          created_at: p('createdAt'),
          created_by: p('createdBy'),
        })
        .onConflict((conflict) => conflict.doNothing()),
    ),
    deleteCredential: compileStatement<ById>((p) =>
      queries.deleteFrom('credential').where('id', '=', p('id')),
    ),
    deleteCredentialsOfAdapter: compileStatement<ById>((p) =>
      queries.deleteFrom('credential').where('adapter_id', '=', p('id')),
    ),
    useCredential: compileStatement<ById & { readonly proof: number }>((p) =>
      queries
        .updateTable('credential')
        .set({ last_proof: p('proof') })
        .where('id', '=', p('id'))
        .where('last_proof', '<', p('proof')),
    ),
  };
}
