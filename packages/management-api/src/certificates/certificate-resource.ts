import type { CertificateRecord } from '@claviger/key-store';
import { z } from 'zod';
import { UNKNOWN_ACTOR } from '../adapters/adapter-resource.ts';
import { DateTime, formatDateTime } from '../http/date-time.ts';
import { COLLECTION_TYPES } from '../http/envelope.ts';
import { fields } from '../http/field-names.ts';
import { ResourceName } from '../http/resource-name.ts';

export const CERTIFICATE_COLLECTION = COLLECTION_TYPES.certificate;

/** What events and CRNs call a client certificate. */
export const CERTIFICATE_RESOURCE = 'certificate';

const MAX_PEM_LENGTH = 64 * 1024;

/** PEM of one certificate; what it holds is read by the room for certificates. */
export const CertificatePem = z
  .string('must be: one certificate in PEM')
  .min(1, 'must be: one certificate in PEM')
  .max(MAX_PEM_LENGTH, `must be: at most ${MAX_PEM_LENGTH} characters of PEM`);

export const NewCertificate = fields({
  name: ResourceName.optional(),
  certificate: CertificatePem,
}).meta({ id: 'NewKmipClientCertificate' });

/** A certificate in a list. */
export const CertificateSummary = z
  .object({
    id: z.uuid(),
    name: z.string(),
    created_by: z.string(),
    created_at: DateTime,
    subject: z.string().optional().describe('Ours, with details; most specific part first.'),
    fingerprint_sha256: z.string().optional().describe('Ours, with details.'),
    fingerprint_sha1: z.string().optional().describe('Ours, with details.'),
    not_before: DateTime.optional().describe('Ours, with details.'),
    not_after: DateTime.optional().describe('Ours, with details.'),
  })
  .meta({ id: 'KmipClientCertificateSummary' });

export const Certificate = CertificateSummary.extend({
  certificate: z.string().describe('PEM, byte for byte as it was uploaded.'),
}).meta({
  id: 'KmipClientCertificate',
  description: 'Lets whoever has its key in as the adapter.',
});

export function toCertificateSummary(
  record: CertificateRecord,
): z.output<typeof CertificateSummary> {
  const { id, name, createdBy, createdAt } = record;
  return {
    id,
    name,
    created_by: createdBy ?? UNKNOWN_ACTOR,
    created_at: formatDateTime(createdAt),
  };
}

/** What is told beyond the contract of Key Protect, to whoever asks for details. */
export function toDetailedCertificateSummary(
  record: CertificateRecord,
): z.output<typeof CertificateSummary> {
  return {
    ...toCertificateSummary(record),
    subject: record.subject,
    fingerprint_sha256: record.fingerprintSha256,
    fingerprint_sha1: record.fingerprintSha1,
    not_before: formatDateTime(record.notBefore),
    not_after: formatDateTime(record.notAfter),
  };
}

export function toCertificate(record: CertificateRecord): z.output<typeof Certificate> {
  return { ...toCertificateSummary(record), certificate: record.pem };
}
