import { compileStatement, type QueryBuilder } from './query-compiler.ts';

type ById = { readonly id: string };
type InAdapter = { readonly adapterId: string };
type Page = { readonly offset: number; readonly limit: number };
type Nothing = Record<string, never>;

/** What reads who is let in: certificates, client authorities, API keys; and who was not. */
export function compileTrustReads(queries: QueryBuilder) {
  const certificates = queries.selectFrom('certificate').selectAll();
  const authorities = queries.selectFrom('client_authority').selectAll();
  const refused = queries.selectFrom('refused_certificate').selectAll();
  return {
    findCertificateOfFingerprint: compileStatement<{ readonly fingerprintSha256: string }>((p) =>
      certificates.where('fingerprint_sha256', '=', p('fingerprintSha256')),
    ),
    listCertificates: compileStatement<Nothing>(() =>
      certificates.orderBy('created_at').orderBy('id'),
    ),
    listCertificatesOfAdapter: compileStatement<InAdapter>((p) =>
      certificates.where('adapter_id', '=', p('adapterId')).orderBy('created_at').orderBy('id'),
    ),
    readCertificate: compileStatement<InAdapter & ById>((p) =>
      certificates.where('id', '=', p('id')).where('adapter_id', '=', p('adapterId')),
    ),
    findCertificateNamed: compileStatement<InAdapter & { readonly name: string }>((p) =>
      certificates.where('adapter_id', '=', p('adapterId')).where('name', '=', p('name')),
    ),
    pageCertificates: compileStatement<InAdapter & Page>((p) =>
      certificates
        .where('adapter_id', '=', p('adapterId'))
        .orderBy('created_at')
        .orderBy('id')
        .limit(p('limit'))
        .offset(p('offset')),
    ),
    countCertificates: compileStatement<InAdapter>((p) =>
      queries
        .selectFrom('certificate')
        .select((eb) => eb.fn.countAll().as('total'))
        .where('adapter_id', '=', p('adapterId')),
    ),

    readClientAuthority: compileStatement<ById>((p) => authorities.where('id', '=', p('id'))),
    findClientAuthorityOfAdapter: compileStatement<InAdapter & ById>((p) =>
      authorities.where('id', '=', p('id')).where('adapter_id', '=', p('adapterId')),
    ),
    findClientAuthorityNamed: compileStatement<InAdapter & { readonly name: string }>((p) =>
      authorities.where('adapter_id', '=', p('adapterId')).where('name', '=', p('name')),
    ),
    listClientAuthorities: compileStatement<Nothing>(() =>
      authorities.orderBy('created_at').orderBy('id'),
    ),
    listClientAuthoritiesOfAdapter: compileStatement<InAdapter>((p) =>
      authorities.where('adapter_id', '=', p('adapterId')).orderBy('created_at').orderBy('id'),
    ),

    findApiKey: compileStatement<ById>((p) =>
      queries.selectFrom('api_key').selectAll().where('id', '=', p('id')),
    ),
    listApiKeys: compileStatement<Nothing>(() =>
      queries.selectFrom('api_key').selectAll().orderBy('created_at').orderBy('id'),
    ),

    listRefusedCertificates: compileStatement<Page>((p) =>
      refused
        .orderBy('last_at', 'desc')
        .orderBy('fingerprint_sha256', 'desc')
        .limit(p('limit'))
        .offset(p('offset')),
    ),
    countRefusedCertificates: compileStatement<Nothing>(() =>
      queries.selectFrom('refused_certificate').select((eb) => eb.fn.countAll().as('total')),
    ),
    findRefusedCertificate: compileStatement<{ readonly fingerprint: string }>((p) =>
      refused
        .where((eb) =>
          eb.or([
            eb('fingerprint_sha256', '=', p('fingerprint')),
            eb('fingerprint_sha1', '=', p('fingerprint')),
          ]),
        )
        .orderBy('last_at', 'desc')
        .orderBy('fingerprint_sha256', 'desc')
        .limit(1),
    ),
  };
}
