import { sql } from 'kysely';
import type {
  ApiKeyRecord,
  ClientAuthorityRecord,
  RefusedCertificateRecord,
} from './management-records.ts';
import { compileStatement, type QueryBuilder } from './query-compiler.ts';
import type { CertificateRecord } from './records.ts';

type ById = { readonly id: string };
type ByFingerprint = { readonly fingerprintSha256: string };
type CertificateColumns = Omit<CertificateRecord, 'createdBy'> & {
  readonly createdBy: string | null;
};

/** What writes who is let in: certificates, client authorities, API keys; and who was not. */
export function compileTrustWrites(queries: QueryBuilder) {
  return {
    findCertificate: compileStatement<ById>((p) =>
      queries.selectFrom('certificate').select('id').where('id', '=', p('id')),
    ),
    findSameCertificate: compileStatement<ById & ByFingerprint>((p) =>
      queries
        .selectFrom('certificate')
        .select('id')
        .where((eb) =>
          eb.or([eb('id', '=', p('id')), eb('fingerprint_sha256', '=', p('fingerprintSha256'))]),
        ),
    ),
    insertCertificate: compileStatement<CertificateColumns>((p) =>
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
          created_by: p('createdBy'),
        })
        .onConflict((conflict) => conflict.doNothing()),
    ),
    deleteCertificate: compileStatement<ById>((p) =>
      queries.deleteFrom('certificate').where('id', '=', p('id')),
    ),

    findClientAuthority: compileStatement<ById>((p) =>
      queries.selectFrom('client_authority').select('id').where('id', '=', p('id')),
    ),
    findSameClientAuthority: compileStatement<
      ById & ByFingerprint & { readonly adapterId: string }
    >((p) =>
      queries
        .selectFrom('client_authority')
        .select('id')
        .where((eb) =>
          eb.or([
            eb('id', '=', p('id')),
            eb.and([
              eb('adapter_id', '=', p('adapterId')),
              eb('fingerprint_sha256', '=', p('fingerprintSha256')),
            ]),
          ]),
        ),
    ),
    insertClientAuthority: compileStatement<ClientAuthorityRecord>((p) =>
      queries
        .insertInto('client_authority')
        .values({
          id: p('id'),
          adapter_id: p('adapterId'),
          name: p('name'),
          pem: p('pem'),
          fingerprint_sha256: p('fingerprintSha256'),
          subject: p('subject'),
          subject_rule: p('subjectRule'),
          not_before: p('notBefore'),
          not_after: p('notAfter'),
          created_at: p('createdAt'),
          created_by: p('createdBy'),
        })
        .onConflict((conflict) => conflict.doNothing()),
    ),
    deleteClientAuthority: compileStatement<ById>((p) =>
      queries.deleteFrom('client_authority').where('id', '=', p('id')),
    ),

    findApiKey: compileStatement<ById>((p) =>
      queries.selectFrom('api_key').select('id').where('id', '=', p('id')),
    ),
    insertApiKey: compileStatement<ApiKeyRecord>((p) =>
      queries
        .insertInto('api_key')
        .values({
          id: p('id'),
          name: p('name'),
          role: p('role'),
          salted_hash: p('saltedHash'),
          salt: p('salt'),
          created_at: p('createdAt'),
          created_by: p('createdBy'),
          revoked_at: p('revokedAt'),
          revoked_by: p('revokedBy'),
        })
        .onConflict((conflict) => conflict.doNothing()),
    ),
    revokeApiKey: compileStatement<ById & { readonly at: number; readonly actor: string | null }>(
      (p) =>
        queries
          .updateTable('api_key')
          .set({ revoked_at: p('at'), revoked_by: p('actor') })
          .where('id', '=', p('id'))
          .where('revoked_at', 'is', null),
    ),

    recordRefusedCertificate: compileStatement<RefusedCertificateRecord>((p) =>
      queries
        .insertInto('refused_certificate')
        .values({
          fingerprint_sha256: p('fingerprintSha256'),
          fingerprint_sha1: p('fingerprintSha1'),
          subject: p('subject'),
          pem: p('pem'),
          reason: p('reason'),
          address: p('address'),
          adapter_id: p('adapterId'),
          listener: p('listener'),
          first_at: p('firstAt'),
          last_at: p('lastAt'),
          attempts: p('attempts'),
        })
        .onConflict((conflict) =>
          conflict.column('fingerprint_sha256').doUpdateSet((eb) => ({
            fingerprint_sha1: eb.ref('excluded.fingerprint_sha1'),
            subject: eb.ref('excluded.subject'),
            pem: eb.ref('excluded.pem'),
            reason: eb.ref('excluded.reason'),
            address: eb.ref('excluded.address'),
            adapter_id: eb.ref('excluded.adapter_id'),
            listener: eb.ref('excluded.listener'),
            first_at: sql<number>`min(refused_certificate.first_at, excluded.first_at)`,
            last_at: sql<number>`max(refused_certificate.last_at, excluded.last_at)`,
            attempts: eb('refused_certificate.attempts', '+', eb.ref('excluded.attempts')),
          })),
        ),
    ),
    forgetRefusedCertificate: compileStatement<ByFingerprint>((p) =>
      queries
        .deleteFrom('refused_certificate')
        .where('fingerprint_sha256', '=', p('fingerprintSha256')),
    ),
    /** Deletes all but the newest `keep`. */
    trimRefusedCertificates: compileStatement<{ readonly keep: number }>((p) =>
      queries
        .deleteFrom('refused_certificate')
        .where('fingerprint_sha256', 'in', (eb) =>
          eb
            .selectFrom('refused_certificate as kept')
            .select('kept.fingerprint_sha256')
            .orderBy('kept.last_at', 'desc')
            .orderBy('kept.fingerprint_sha256', 'desc')
            .limit(sql<number>`-1`)
            .offset(p('keep')),
        ),
    ),
  };
}
