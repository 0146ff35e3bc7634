/** Every statement that a unit of work needs. Named parameters are the fields of the records. */
import type { Statements } from './prepared-statement.ts';
import { compileStatement, type QueryBuilder } from './query-compiler.ts';
import type {
  AdapterRecord,
  CertificateRecord,
  EventRecord,
  IndexEntry,
  ObjectRecord,
  RootKeyRecord,
} from './store.ts';

type ById = { readonly id: string };
type ByName = { readonly name: string };
type ByRowid = { readonly rowid: number };
type InAdapter = { readonly adapterId: string };
type Nothing = Record<string, never>;
type ObjectColumns = Omit<ObjectRecord, 'index' | 'uniqueNames'>;

export type WriteStatementTexts = ReturnType<typeof compileWriteStatements>;
export type WriteStatements = Statements<WriteStatementTexts>;

/** Inserts answer no row (or change none) when a unique value is taken. */
export function compileWriteStatements(queries: QueryBuilder) {
  return {
    findAdapter: compileStatement<ById>((p) =>
      queries.selectFrom('adapter').select('id').where('id', '=', p('id')),
    ),
    insertAdapter: compileStatement<AdapterRecord>((p) =>
      queries
        .insertInto('adapter')
        .values({
          id: p('id'),
          name: p('name'),
          description: p('description'),
          root_key_id: p('rootKeyId'),
          wrapped_key: p('wrappedKey'),
          created_at: p('createdAt'),
        })
        .onConflict((conflict) => conflict.doNothing()),
    ),
    deleteAdapter: compileStatement<ById>((p) =>
      queries.deleteFrom('adapter').where('id', '=', p('id')),
    ),
    findObjectOfAdapter: compileStatement<ById>((p) =>
      queries.selectFrom('object').select('id').where('adapter_id', '=', p('id')).limit(1),
    ),
    findCertificateOfAdapter: compileStatement<ById>((p) =>
      queries.selectFrom('certificate').select('id').where('adapter_id', '=', p('id')).limit(1),
    ),

    findCertificate: compileStatement<ById>((p) =>
      queries.selectFrom('certificate').select('id').where('id', '=', p('id')),
    ),
    insertCertificate: compileStatement<CertificateRecord>((p) =>
      queries
        .insertInto('certificate')
        .values({
          id: p('id'),
          adapter_id: p('adapterId'),
          name: p('name'),
          pem: p('pem'),
          fingerprint_sha256: p('fingerprintSha256'),
          fingerprint_sha1: p('fingerprintSha1'),
          subject: p('subject'),
          not_before: p('notBefore'),
          not_after: p('notAfter'),
          created_at: p('createdAt'),
        })
        .onConflict((conflict) => conflict.doNothing()),
    ),
    deleteCertificate: compileStatement<ById>((p) =>
      queries.deleteFrom('certificate').where('id', '=', p('id')),
    ),

    findRootKeyState: compileStatement<ById>((p) =>
      queries.selectFrom('root_key').select('state').where('id', '=', p('id')),
    ),
    insertRootKey: compileStatement<RootKeyRecord>((p) =>
      queries
        .insertInto('root_key')
        .values({
          id: p('id'),
          name: p('name'),
          state: p('state'),
          wrapped_key: p('wrappedKey'),
          created_at: p('createdAt'),
        })
        .onConflict((conflict) => conflict.doNothing()),
    ),
    setRootKeyState: compileStatement<Pick<RootKeyRecord, 'id' | 'state'>>((p) =>
      queries
        .updateTable('root_key')
        .set({ state: p('state') })
        .where('id', '=', p('id')),
    ),

    findObjectVersion: compileStatement<ById & InAdapter>((p) =>
      queries
        .selectFrom('object')
        .select('version')
        .where('id', '=', p('id'))
        .where('adapter_id', '=', p('adapterId')),
    ),
    insertObject: compileStatement<ObjectColumns>((p) =>
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
        })
        .onConflict((conflict) => conflict.doNothing())
        .returning('object_rowid'),
    ),
    updateObject: compileStatement<ObjectColumns & { readonly storedVersion: number }>((p) =>
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

    listIndex: compileStatement<ByRowid>((p) =>
      queries
        .selectFrom('object_index')
        .select(['name', 'value'])
        .where('object_rowid', '=', p('rowid')),
    ),
    insertIndex: compileStatement<ByRowid & InAdapter & IndexEntry>((p) =>
      queries.insertInto('object_index').values({
        object_rowid: p('rowid'),
        name: p('name'),
        value: p('value'),
        adapter_id: p('adapterId'),
      }),
    ),
    deleteIndex: compileStatement<ByRowid & IndexEntry>((p) =>
      queries
        .deleteFrom('object_index')
        .where('object_rowid', '=', p('rowid'))
        .where('name', '=', p('name'))
        .where('value', '=', p('value')),
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

    lastSequence: compileStatement<Nothing>(() =>
      queries
        .selectFrom('event')
        .select((eb) => eb.fn.coalesce(eb.fn.max('sequence'), eb.lit(0)).as('sequence')),
    ),
    insertEvent: compileStatement<EventRecord>((p) =>
      queries
        .insertInto('event')
        .values({
          sequence: p('sequence'),
          id: p('id'),
          time: p('time'),
          action: p('action'),
          outcome: p('outcome'),
          severity: p('severity'),
          initiator_id: p('initiatorId'),
          target_id: p('targetId'),
          adapter_id: p('adapterId'),
          correlation_id: p('correlationId'),
          body: p('body'),
        })
        .onConflict((conflict) => conflict.doNothing()),
    ),

    findSetting: compileStatement<ByName>((p) =>
      queries.selectFrom('setting').select('value').where('name', '=', p('name')),
    ),
    insertSetting: compileStatement<ByName & { readonly value: string }>((p) =>
      queries
        .insertInto('setting')
        .values({ name: p('name'), value: p('value') })
        .onConflict((conflict) => conflict.doNothing()),
    ),
  };
}
