import { assessClientCertificate, parseCertificate } from '@claviger/pki';
import type {
  Certificate,
  ClientIdentity,
  ListedCertificate,
  Warning,
} from '../../api-client/resources.ts';

/** A certificate as `--json` shows it. */
export interface CertificateView extends ListedCertificate {
  readonly adapterId: string;
}

/** Reads out of the PEM what the answer to an addition does not say by itself. */
export function viewOf(
  {
    id,
    name,
    pem,
    createdAt,
  }: Pick<Certificate | ClientIdentity, 'id' | 'name' | 'pem' | 'createdAt'>,
  adapterId: string,
): CertificateView {
  const parsed = parseCertificate(pem);
  return {
    id,
    adapterId,
    name,
    subject: parsed.subject,
    fingerprintSha256: parsed.fingerprintSha256,
    fingerprintSha1: parsed.fingerprintSha1,
    notBefore: new Date(parsed.notBefore).toISOString(),
    notAfter: new Date(parsed.notAfter).toISOString(),
    createdAt,
  };
}

/** What should be known of a certificate that was let in some time ago. */
export function warningsOf({ pem }: Certificate): readonly Warning[] {
  // What the API has let in is acceptable to it, a weak one too where that is switched on.
  const assessment = assessClientCertificate(parseCertificate(pem), { allowWeak: true });
  return assessment.kind === 'acceptable' ? assessment.warnings : [];
}
