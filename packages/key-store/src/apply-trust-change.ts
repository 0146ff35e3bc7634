import {
  type ApiKeyRecord,
  type ClientAuthorityRecord,
  MAX_REFUSED_CERTIFICATES,
  type RefusedCertificateRecord,
} from './management-records.ts';
import type { CertificateRecord } from './records.ts';
import type { ChangeOf, Refusal } from './refusal.ts';
import type { WriteStatements } from './write-statements.ts';

export function insertCertificate(
  statements: WriteStatements,
  certificate: CertificateRecord,
): Refusal | undefined {
  if (statements.findAdapter.get({ id: certificate.adapterId }) === undefined) {
    return { kind: 'not-found', what: 'adapter' };
  }
  const { id, fingerprintSha256, createdBy = null } = certificate;
  if (statements.insertCertificate.run({ ...certificate, createdBy }) === 1) return undefined;
  const same = statements.findSameCertificate.get({ id, fingerprintSha256 });
  return { kind: 'duplicate', what: same === undefined ? 'certificate-name' : 'certificate' };
}

export function deleteCertificate(statements: WriteStatements, id: string): Refusal | undefined {
  return statements.deleteCertificate.run({ id }) === 0
    ? { kind: 'not-found', what: 'certificate' }
    : undefined;
}

export function insertClientAuthority(
  statements: WriteStatements,
  authority: ClientAuthorityRecord,
): Refusal | undefined {
  if (statements.findAdapter.get({ id: authority.adapterId }) === undefined) {
    return { kind: 'not-found', what: 'adapter' };
  }
  if (statements.insertClientAuthority.run(authority) === 1) return undefined;
  const same = statements.findSameClientAuthority.get(authority);
  return {
    kind: 'duplicate',
    what: same === undefined ? 'client-authority-name' : 'client-authority',
  };
}

export function deleteClientAuthority(
  statements: WriteStatements,
  id: string,
): Refusal | undefined {
  return statements.deleteClientAuthority.run({ id }) === 0
    ? { kind: 'not-found', what: 'client-authority' }
    : undefined;
}

export function insertApiKey(
  statements: WriteStatements,
  apiKey: ApiKeyRecord,
): Refusal | undefined {
  return statements.insertApiKey.run(apiKey) === 0
    ? { kind: 'duplicate', what: 'api-key' }
    : undefined;
}

export function revokeApiKey(
  statements: WriteStatements,
  { id, by }: ChangeOf<'revoke-api-key'>,
): Refusal | undefined {
  if (statements.revokeApiKey.run({ id, at: by.at, actor: by.actor ?? null }) === 1) {
    return undefined;
  }
  return statements.findApiKey.get({ id }) === undefined
    ? { kind: 'not-found', what: 'api-key' }
    : { kind: 'conflict', id };
}

export function recordRefusedCertificate(
  statements: WriteStatements,
  refused: RefusedCertificateRecord,
): undefined {
  statements.recordRefusedCertificate.run(refused);
  statements.trimRefusedCertificates.run({ keep: MAX_REFUSED_CERTIFICATES });
}

export function forgetRefusedCertificate(
  statements: WriteStatements,
  fingerprintSha256: string,
): Refusal | undefined {
  return statements.forgetRefusedCertificate.run({ fingerprintSha256 }) === 0
    ? { kind: 'not-found', what: 'refused-certificate' }
    : undefined;
}
