import { colonForm, parseFingerprint } from '@claviger/pki';
import type { Warning } from '../../api-client/resources.ts';
import { formatFacts } from '../../present/table.ts';
import { formatDay } from '../../present/time.ts';
import type { Colors } from '../../terminal.ts';
import type { CertificateView } from './certificate-view.ts';

/** What a person compares before relying on a certificate, and what should be known of it. */
export function formatCertificate(
  colors: Colors,
  certificate: CertificateView,
  warnings: readonly Warning[],
): string {
  return formatFacts(
    colors,
    [
      ['Id', certificate.id],
      ['Subject', certificate.subject],
      ['Valid', `${formatDay(certificate.notBefore)} to ${formatDay(certificate.notAfter)}`],
      ['SHA-1', colonForm(parseFingerprint(certificate.fingerprintSha1))],
      ['SHA-256', colonForm(parseFingerprint(certificate.fingerprintSha256))],
      ...warnings.map(({ message }) => ['Warning', message] as const),
    ],
    '  ',
  );
}
