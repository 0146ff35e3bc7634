/** Every statement that a unit of work needs, written and prepared once per database. */
import { createQueryBuilder, type Parameters, prepare } from './query-compiler.ts';
import type { SqliteDatabase } from './sqlite-driver.ts';
import type { IndexValue } from './store.ts';

type ById = { readonly id: string };
type ByRowid = { readonly rowid: number };

interface ObjectColumns extends Parameters {
  readonly id: string;
  readonly adapterId: string;
  readonly version: number;
  readonly objectType: string;
  readonly attributes: Uint8Array;
  readonly material: Uint8Array | null;
  readonly createdAt: number;
}

interface UpdatedColumns extends ObjectColumns {
  readonly storedVersion: number;
}

interface IndexColumns extends Parameters {
  readonly rowid: number;
  readonly adapterId: string;
  readonly name: string;
  readonly value: IndexValue;
}

interface NameColumns extends Parameters {
  readonly rowid: number;
  readonly adapterId: string;
  readonly name: string;
}

interface AdapterColumns extends Parameters {
  readonly id: string;
  readonly name: string;
  readonly description: string | null;
  readonly rootKeyId: string;
  readonly wrappedKey: Uint8Array;
  readonly createdAt: number;
}

interface CertificateColumns extends Parameters {
  readonly id: string;
  readonly adapterId: string;
  readonly name: string;
  readonly pem: string;
  readonly fingerprintSha256: string;
  readonly fingerprintSha1: string;
  readonly subject: string;
  readonly notBefore: number;
  readonly notAfter: number;
  readonly createdAt: number;
}

interface RootKeyColumns extends Parameters {
  readonly id: string;
  readonly name: string;
  readonly state: string;
  readonly wrappedKey: Uint8Array;
  readonly createdAt: number;
}

interface EventColumns extends Parameters {
  readonly sequence: number;
  readonly id: string;
  readonly time: number;
  readonly action: string;
  readonly outcome: string;
  readonly severity: string;
  readonly initiatorId: string;
  readonly targetId: string;
  readonly adapterId: string | null;
  readonly correlationId: string | null;
  readonly body: string;
}

export type WriteStatements = ReturnType<typeof prepareWriteStatements>;

/** Inserts answer no row (or change none) when a unique value is taken. */
export function prepareWriteStatements(database: SqliteDatabase) {
  const queries = createQueryBuilder();
  return {
    findAdapter: prepare<ById>(database, queries, (q, p) =>
      q.selectFrom('adapter').select('id').where('id', '=', p('id')),
    ),
    insertAdapter: prepare<AdapterColumns>(database, queries, (q, p) =>
      q
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
    deleteAdapter: prepare<ById>(database, queries, (q, p) =>
      q.deleteFrom('adapter').where('id', '=', p('id')),
    ),
    findObjectOfAdapter: prepare<ById>(database, queries, (q, p) =>
      q.selectFrom('object').select('id').where('adapter_id', '=', p('id')).limit(1),
    ),
    findCertificateOfAdapter: prepare<ById>(database, queries, (q, p) =>
      q.selectFrom('certificate').select('id').where('adapter_id', '=', p('id')).limit(1),
    ),

    findCertificate: prepare<ById>(database, queries, (q, p) =>
      q.selectFrom('certificate').select('id').where('id', '=', p('id')),
    ),
    insertCertificate: prepare<CertificateColumns>(database, queries, (q, p) =>
      q
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
    deleteCertificate: prepare<ById>(database, queries, (q, p) =>
      q.deleteFrom('certificate').where('id', '=', p('id')),
    ),

    findRootKeyState: prepare<ById>(database, queries, (q, p) =>
      q.selectFrom('root_key').select('state').where('id', '=', p('id')),
    ),
    insertRootKey: prepare<RootKeyColumns>(database, queries, (q, p) =>
      q
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
    setRootKeyState: prepare<ById & { readonly state: string }>(database, queries, (q, p) =>
      q
        .updateTable('root_key')
        .set({ state: p('state') })
        .where('id', '=', p('id')),
    ),

    findObjectVersion: prepare<ById & { readonly adapterId: string }>(database, queries, (q, p) =>
      q
        .selectFrom('object')
        .select('version')
        .where('id', '=', p('id'))
        .where('adapter_id', '=', p('adapterId')),
    ),
    insertObject: prepare<ObjectColumns>(database, queries, (q, p) =>
      q
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
    updateObject: prepare<UpdatedColumns>(database, queries, (q, p) =>
      q
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

    listIndex: prepare<ByRowid>(database, queries, (q, p) =>
      q.selectFrom('object_index').select(['name', 'value']).where('object_rowid', '=', p('rowid')),
    ),
    insertIndex: prepare<IndexColumns>(database, queries, (q, p) =>
      q.insertInto('object_index').values({
        object_rowid: p('rowid'),
        name: p('name'),
        value: p('value'),
        adapter_id: p('adapterId'),
      }),
    ),
    deleteIndex: prepare<ByRowid & { readonly name: string; readonly value: IndexValue }>(
      database,
      queries,
      (q, p) =>
        q
          .deleteFrom('object_index')
          .where('object_rowid', '=', p('rowid'))
          .where('name', '=', p('name'))
          .where('value', '=', p('value')),
    ),

    listNames: prepare<ByRowid>(database, queries, (q, p) =>
      q.selectFrom('object_name').select('name').where('object_rowid', '=', p('rowid')),
    ),
    insertName: prepare<NameColumns>(database, queries, (q, p) =>
      q
        .insertInto('object_name')
        .values({ adapter_id: p('adapterId'), name: p('name'), object_rowid: p('rowid') })
        .onConflict((conflict) => conflict.doNothing()),
    ),
    deleteName: prepare<{ readonly adapterId: string; readonly name: string }>(
      database,
      queries,
      (q, p) =>
        q
          .deleteFrom('object_name')
          .where('adapter_id', '=', p('adapterId'))
          .where('name', '=', p('name')),
    ),

    lastSequence: prepare<Record<string, never>>(database, queries, (q) =>
      q
        .selectFrom('event')
        .select((eb) => eb.fn.coalesce(eb.fn.max('sequence'), eb.lit(0)).as('sequence')),
    ),
    insertEvent: prepare<EventColumns>(database, queries, (q, p) =>
      q
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

    findSetting: prepare<{ readonly name: string }>(database, queries, (q, p) =>
      q.selectFrom('setting').select('value').where('name', '=', p('name')),
    ),
    insertSetting: prepare<{ readonly name: string; readonly value: string }>(
      database,
      queries,
      (q, p) =>
        q
          .insertInto('setting')
          .values({ name: p('name'), value: p('value') })
          .onConflict((conflict) => conflict.doNothing()),
    ),
  };
}
