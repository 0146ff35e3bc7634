import {
  assessAuthorityCertificate,
  assessClientCertificate,
  type CertificateAssessment,
  type CertificateValidity,
  certificateValidityAt,
  type ParsedCertificate,
  PkiError,
  parseCertificate,
} from '@claviger/pki';
import { type ApiError, invalidField } from '../errors/api-error.ts';
import { sentence } from '../errors/to-api-error.ts';
import type { Warning } from '../http/envelope.ts';

/** The form that Key Protect states: nothing but the certificate between its two lines. */
const BARE_PEM = /^\s*-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\r\n]+-----END CERTIFICATE-----\s*$/;

const DAY_MS = 86_400_000;
/** The first day on which the gateway warns of certificates that are registered. */
const WARN_BEFORE_DAYS = 90;

export interface CertificateRules {
  /** Weak keys and signatures are accepted, for old rigs. */
  readonly allowWeakCertificates: boolean;
}

/** A certificate that may be registered, and what its owner should know. */
export interface ReadCertificate {
  readonly certificate: ParsedCertificate;
  readonly warnings: readonly Warning[];
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
): ReadCertificate {
  return readCertificate(pem, now, (certificate) =>
    assessClientCertificate(certificate, { allowWeak: rules.allowWeakCertificates }),
  );
}

/** Reads the certificate of an authority whose certificates are to be clients; throws likewise. */
export function readAuthorityCertificate(
  pem: string,
  now: number,
  rules: CertificateRules,
): ReadCertificate {
  return readCertificate(pem, now, (certificate) =>
    assessAuthorityCertificate(certificate, { allowWeak: rules.allowWeakCertificates }),
  );
}

function readCertificate(
  pem: string,
  now: number,
  assess: (certificate: ParsedCertificate) => CertificateAssessment,
): ReadCertificate {
  const certificate = parse(pem);
  if (!BARE_PEM.test(pem)) {
    throw refused('Send the PEM of the certificate alone, without text around it.');
  }
  const validity = certificateValidityAt(certificate, now);
  if (validity === 'expired') {
    const expiry = new Date(certificate.notAfter).toISOString();
    throw refused(`The certificate expired on ${expiry}; have a new one made.`);
  }
  const assessment = assess(certificate);
  if (assessment.kind === 'refused') throw refused(sentence(assessment.reason));
  const told = assessment.warnings.map(({ code, message }) => ({
    code,
    message: sentence(message),
  }));
  return { certificate, warnings: [...told, ...dateWarnings(certificate, validity, now)] };
}

function dateWarnings(
  { notBefore, notAfter }: ParsedCertificate,
  validity: CertificateValidity,
  now: number,
): readonly Warning[] {
  if (validity === 'not-yet-valid') {
    const begin = new Date(notBefore).toISOString();
    return [{ code: 'not-yet-valid', message: `The certificate is not valid before ${begin}.` }];
  }
  const days = Math.floor((notAfter - now) / DAY_MS);
  if (days >= WARN_BEFORE_DAYS) return [];
  return [{ code: 'expires-soon', message: `The certificate expires in ${days} days.` }];
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
