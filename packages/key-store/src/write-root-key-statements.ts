import type { RootKeyVersion } from './management-records.ts';
import { compileStatement, type QueryBuilder } from './query-compiler.ts';
import type { RootKeyRecord, RootKeyState } from './records.ts';

type ById = { readonly id: string };
type InRootKey = { readonly rootKeyId: string };

/** What writes root keys, their versions and aliases. */
export function compileRootKeyWrites(queries: QueryBuilder) {
  return {
    findRootKey: compileStatement<ById>((p) =>
      queries
        .selectFrom('root_key')
        .select(['state', 'extractable', 'version_id'])
        .where('id', '=', p('id')),
    ),
    findAdapterOfRootKey: compileStatement<ById>((p) =>
      queries
        .selectFrom('adapter')
        .select('id')
        .where('root_key_id', '=', p('id'))
        .where('deleted_at', 'is', null)
        .limit(1),
    ),
    insertRootKey: compileStatement<RootKeyColumns>((p) =>
      queries
        .insertInto('root_key')
        .values({
          id: p('id'),
          name: p('name'),
          state: p('state'),
          wrapped_key: p('wrappedKey'),
          created_at: p('createdAt'),
          description: p('description'),
          tags: p('tags'),
          imported: p('imported'),
          extractable: p('extractable'),
          key_ring_id: p('keyRingId'),
          created_by: p('createdBy'),
          expiration_at: p('expirationAt'),
          wrapped_payload: p('wrappedPayload'),
          version_id: p('versionId'),
          version_created_at: p('createdAt'),
        })
        .onConflict((conflict) => conflict.doNothing()),
    ),
    setRootKeyState: compileStatement<ById & { readonly state: RootKeyState }>((p) =>
      queries
        .updateTable('root_key')
        .set({ state: p('state'), deleted_at: null, deleted_by: null })
        .where('id', '=', p('id')),
    ),
    attributeRootKeyUpdate: compileStatement<ById & { readonly at: number }>((p) =>
      queries
        .updateTable('root_key')
        .set({ last_update_at: p('at') })
        .where('id', '=', p('id')),
    ),
    attributeRootKeyDeletion: compileStatement<
      ById & { readonly at: number; readonly actor: string | null }
    >((p) =>
      queries
        .updateTable('root_key')
        .set({ deleted_at: p('at'), deleted_by: p('actor') })
        .where('id', '=', p('id')),
    ),

    insertRootKeyAlias: compileStatement<InRootKey & { readonly alias: string }>((p) =>
      queries
        .insertInto('root_key_alias')
        .values({ alias: p('alias'), root_key_id: p('rootKeyId') })
        .onConflict((conflict) => conflict.doNothing()),
    ),
    deleteRootKeyAliases: compileStatement<InRootKey>((p) =>
      queries.deleteFrom('root_key_alias').where('root_key_id', '=', p('rootKeyId')),
    ),

    insertRootKeyVersion: compileStatement<RootKeyVersion & InRootKey>((p) =>
      queries
        .insertInto('root_key_version')
        .values({
          id: p('id'),
          root_key_id: p('rootKeyId'),
          wrapped_key: p('wrappedKey'),
          created_at: p('createdAt'),
        })
        .onConflict((conflict) => conflict.doNothing()),
    ),
    rotateRootKey: compileStatement<RootKeyVersion & InRootKey>((p) =>
      queries
        .updateTable('root_key')
        .set({
          wrapped_key: p('wrappedKey'),
          version_id: p('id'),
          version_created_at: p('createdAt'),
          last_update_at: p('createdAt'),
          last_rotate_at: p('createdAt'),
        })
        .where('id', '=', p('rootKeyId')),
    ),
    countAdaptersOfRootKey: compileStatement<ById>((p) =>
      queries
        .selectFrom('adapter')
        .select((eb) => eb.fn.countAll().as('adapters'))
        .where('root_key_id', '=', p('id'))
        .where('deleted_at', 'is', null),
    ),
    rewrapAdapter: compileStatement<ById & InRootKey & { readonly wrappedKey: Uint8Array }>((p) =>
      queries
        .updateTable('adapter')
        .set({ wrapped_key: p('wrappedKey') })
        .where('id', '=', p('id'))
        .where('root_key_id', '=', p('rootKeyId'))
        .where('deleted_at', 'is', null),
    ),
  };
}

type RootKeyColumns = RootKeyRecord & {
  readonly description: string | null;
  /** A list of texts in JSON. */
  readonly tags: string;
  readonly imported: number;
  readonly extractable: number;
  readonly keyRingId: string;
  readonly createdBy: string | null;
  readonly expirationAt: number | null;
  readonly wrappedPayload: Uint8Array | null;
  readonly versionId: string;
};
