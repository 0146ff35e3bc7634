import type { AdapterRecord, CertificateRecord } from '@claviger/key-store';
import type { ParsedCertificate } from '@claviger/pki';
import type { Ambient } from '../installation.ts';
import type { Deed } from './administrator.ts';

/** What events call a client certificate. */
export const CERTIFICATE_RESOURCE = 'certificate';

export interface NewCertificate {
  readonly certificate: ParsedCertificate;
  /** Stands in events as the name of the client. */
  readonly name: string;
}

/** The record of a certificate that is to be registered with an adapter. */
export function toCertificateRecord(
  { clock, randomness }: Ambient,
  adapter: AdapterRecord,
  { certificate, name }: NewCertificate,
  createdBy: string,
): CertificateRecord {
  return {
    id: randomness.uuid(),
    adapterId: adapter.id,
    name,
    pem: certificate.pem,
    fingerprintSha256: certificate.fingerprintSha256,
    fingerprintSha1: certificate.fingerprintSha1,
    subject: certificate.subject,
    notBefore: certificate.notBefore,
    notAfter: certificate.notAfter,
    createdAt: clock.now(),
    createdBy,
  };
}

/** The most specific name of a subject. */
export function commonNameOf(subject: string): string {
  return /^CN=((?:[^,\\]|\\.)+)/.exec(subject)?.[1] ?? 'certificate';
}

export function certificateDeed(verb: 'create' | 'delete', record: CertificateRecord): Deed {
  const { id, name, adapterId, fingerprintSha256 } = record;
  return {
    action: `hs-crypto.kmip-management.${verb}`,
    target: {
      kind: 'resource',
      resourceType: CERTIFICATE_RESOURCE,
      id,
      name,
      parent: { type: 'kmip_adapter', id: adapterId },
    },
    adapterId,
    requestData: { resourceType: CERTIFICATE_RESOURCE },
    responseData: { certificateId: id, certificateFingerprint: fingerprintSha256 },
    reasonCode: verb === 'create' ? 201 : 200,
  };
}
