import { compileStatement, type QueryBuilder } from './query-compiler.ts';
import type { ObjectRecord } from './records.ts';

type ById = { readonly id: string };
type ByName = { readonly name: string };
type ByRowid = { readonly rowid: number };
type InAdapter = { readonly adapterId: string };
/** An attribution, as columns. */
type By = {
  readonly at: number;
  readonly actor: string | null;
  readonly certificateId: string | null;
  readonly authorityId: string | null;
  readonly fingerprintSha256: string | null;
};
type ObjectColumns = Omit<ObjectRecord, 'index' | 'uniqueNames' | 'owner'>;
type UpdatedObject = ObjectColumns & { readonly storedVersion: number };

/** What writes objects and their names; their index: `object-index.ts`. */
export function compileObjectWrites(queries: QueryBuilder) {
  return {
    findObjectVersion: compileStatement<ById & InAdapter>((p) =>
      queries
        .selectFrom('object')
        .select('version')
        .where('id', '=', p('id'))
        .where('adapter_id', '=', p('adapterId')),
    ),
    insertObject: compileStatement<
      ObjectColumns & Omit<By, 'at'> & { readonly owner: string | null }
    >((p) =>
      queries
        .insertInto('object')
        .values({
          id: p('id'),
          adapter_id: p('adapterId'),
          version: p('version'),
          object_type: p('objectType'),
          attributes: p('attributes'),
          material: p('material'),
          created_at: p('createdAt'),
          created_by: p('actor'),
          created_by_certificate_id: p('certificateId'),
          created_by_authority_id: p('authorityId'),
          created_by_fingerprint: p('fingerprintSha256'),
          owner: p('owner'),
        })
        .onConflict((conflict) => conflict.doNothing())
        .returning('object_rowid'),
    ),
    updateObject: compileStatement<UpdatedObject>((p) =>
      queries
        .updateTable('object')
        .set({
          version: p('version'),
          object_type: p('objectType'),
          attributes: p('attributes'),
          material: p('material'),
          created_at: p('createdAt'),
        })
        .where('id', '=', p('id'))
        .where('adapter_id', '=', p('adapterId'))
        .where('version', '=', p('storedVersion'))
        .returning('object_rowid'),
    ),
    attributeUpdate: compileStatement<ByRowid & By>((p) =>
      queries
        .updateTable('object')
        .set({
          updated_at: p('at'),
          updated_by: p('actor'),
          updated_by_certificate_id: p('certificateId'),
          updated_by_authority_id: p('authorityId'),
          updated_by_fingerprint: p('fingerprintSha256'),
        })
        .where('object_rowid', '=', p('rowid')),
    ),
    attributeDestruction: compileStatement<ByRowid & By>((p) =>
      queries
        .updateTable('object')
        .set({
          destroyed_at: p('at'),
          destroyed_by: p('actor'),
          destroyed_by_certificate_id: p('certificateId'),
          destroyed_by_authority_id: p('authorityId'),
          destroyed_by_fingerprint: p('fingerprintSha256'),
        })
        .where('object_rowid', '=', p('rowid')),
    ),

    listNames: compileStatement<ByRowid>((p) =>
      queries.selectFrom('object_name').select('name').where('object_rowid', '=', p('rowid')),
    ),
    insertName: compileStatement<ByRowid & InAdapter & ByName>((p) =>
      queries
        .insertInto('object_name')
        .values({ adapter_id: p('adapterId'), name: p('name'), object_rowid: p('rowid') })
        .onConflict((conflict) => conflict.doNothing()),
    ),
    deleteName: compileStatement<InAdapter & ByName>((p) =>
      queries
        .deleteFrom('object_name')
        .where('adapter_id', '=', p('adapterId'))
        .where('name', '=', p('name')),
    ),
  };
}
