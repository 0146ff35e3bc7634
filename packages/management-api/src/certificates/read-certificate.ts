import {
  assessAuthorityCertificate,
  assessClientCertificate,
  type CertificateAssessment,
  certificateValidityAt,
  type ParsedCertificate,
  PkiError,
  parseCertificate,
} from '@claviger/pki';
import { type ApiError, invalidField } from '../errors/api-error.ts';
import { sentence } from '../errors/to-api-error.ts';

/** The form that Key Protect states: nothing but the certificate between its two lines. */
const BARE_PEM = /^\s*-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\r\n]+-----END CERTIFICATE-----\s*$/;

export interface CertificateRules {
  /** Weak keys and signatures are accepted, for old rigs. */
  readonly allowWeakCertificates: boolean;
}

/**
 * Reads the certificate of a client.
 *
 * @throws ApiError `INVALID_FIELD_ERR` saying what is wrong: no certificate, several, a private key, a
 * weak one, an expired one. What was sent is never repeated.
 */
export function readClientCertificate(
  pem: string,
  now: number,
  rules: CertificateRules,
): ParsedCertificate {
  return readCertificate(pem, now, (certificate) =>
    assessClientCertificate(certificate, { allowWeak: rules.allowWeakCertificates }),
  );
}

/** Reads the certificate of an authority whose certificates are to be clients; throws likewise. */
export function readAuthorityCertificate(
  pem: string,
  now: number,
  rules: CertificateRules,
): ParsedCertificate {
  return readCertificate(pem, now, (certificate) =>
    assessAuthorityCertificate(certificate, { allowWeak: rules.allowWeakCertificates }),
  );
}

function readCertificate(
  pem: string,
  now: number,
  assess: (certificate: ParsedCertificate) => CertificateAssessment,
): ParsedCertificate {
  const certificate = parse(pem);
  if (!BARE_PEM.test(pem)) {
    throw refused('Send the PEM of the certificate alone, without text around it.');
  }
  if (certificateValidityAt(certificate, now) === 'expired') {
    const expiry = new Date(certificate.notAfter).toISOString();
    throw refused(`The certificate expired on ${expiry}; have a new one made.`);
  }
  const assessment = assess(certificate);
  if (assessment.kind === 'refused') throw refused(sentence(assessment.reason));
  return certificate;
}

function parse(pem: string): ParsedCertificate {
  try {
    return parseCertificate(pem);
  } catch (cause) {
    if (cause instanceof PkiError) throw refused(sentence(cause.message), { cause });
    throw cause;
  }
}

function refused(message: string, options?: ErrorOptions): ApiError {
  return invalidField('certificate', message, options);
}
