/** Who lets a certificate in that nobody has registered. */

import { X509Certificate } from 'node:crypto';
import { assessClientCertificate, type CertificatePolicy } from './certificate-policy.ts';
import { certificateValidityAt } from './certificate-validity.ts';
import { PkiError } from './error.ts';
import { isIssuedBy } from './issued-by.ts';
import { type ParsedCertificate, parseCertificate } from './parse-certificate.ts';
import { matchesSubjectRule, parseSubjectRule } from './subject-rule.ts';

/** An authority whose certificates are clients. */
export interface ClientAuthority {
  readonly pem: string;
  /** As of `parseSubjectRule`; null lets every subject in. */
  readonly subjectRule: string | null;
  /** Milliseconds since the epoch. */
  readonly notBefore: number;
  readonly notAfter: number;
}

/** A certificate with the authority that answers for it. */
export interface Admission<T extends ClientAuthority> {
  readonly authority: T;
  readonly certificate: ParsedCertificate;
}

/**
 * Finds the first authority that is valid at `now`, has issued a certificate and takes its subject. What
 * a stranger shows may be anything: what cannot be read, or is weak, is let in by nobody. Whether the
 * certificate itself has begun or ended is the caller's question.
 *
 * @param now - Milliseconds since the epoch.
 * @throws Error when the certificate of an authority cannot be read.
 */
export function findAdmittingAuthority<T extends ClientAuthority>(
  authorities: readonly T[],
  now: number,
  policy: CertificatePolicy = {},
): (pem: string) => Admission<T> | undefined {
  const issuers = authorities
    .filter((authority) => certificateValidityAt(authority, now) === 'valid')
    .map((authority) => ({ authority, issuer: new X509Certificate(authority.pem) }));

  return (pem) => {
    const shown = issuers.length === 0 ? undefined : readable(pem);
    // Names first: reading certificates in full costs a hundred times more, and strangers come in crowds.
    const named = issuers.filter(({ issuer }) => shown?.checkIssued(issuer));
    const certificate = named.length === 0 ? undefined : acceptable(pem, policy);
    if (certificate === undefined) return undefined;
    const found = named.find(({ authority }) => hasAdmitted(authority, certificate));
    return found && { authority: found.authority, certificate };
  };
}

function hasAdmitted({ subjectRule, pem }: ClientAuthority, leaf: ParsedCertificate): boolean {
  if (subjectRule !== null && !matchesSubjectRule(leaf.subject, parseSubjectRule(subjectRule))) {
    return false;
  }
  return isIssuedBy(leaf, parseCertificate(pem));
}

function readable(pem: string): X509Certificate | undefined {
  try {
    return new X509Certificate(pem);
  } catch {
    return undefined; // OpenSSL has an error of its own for each way of not being a certificate.
  }
}

function acceptable(pem: string, policy: CertificatePolicy): ParsedCertificate | undefined {
  try {
    const certificate = parseCertificate(pem);
    const { kind } = assessClientCertificate(certificate, policy);
    return kind === 'acceptable' ? certificate : undefined;
  } catch (error) {
    if (error instanceof PkiError) return undefined;
    throw error;
  }
}
