import { ClavigerError } from '@claviger/kmip-protocol';
import {
  assessClientCertificate,
  type CertificateWarning,
  type ParsedCertificate,
} from '@claviger/pki';

/** What should be known of a certificate before it is a client's; an error when it may not be one. */
export function clientWarnings(
  certificate: ParsedCertificate,
): readonly CertificateWarning[] | ClavigerError {
  const assessment = assessClientCertificate(certificate);
  if (assessment.kind === 'acceptable') return assessment.warnings;
  return new ClavigerError(
    'invalid-field',
    `The certificate cannot be trusted: ${assessment.reason}.`,
  );
}
