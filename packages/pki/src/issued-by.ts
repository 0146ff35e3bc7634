/** Whether a certificate comes from an authority that somebody chose to trust. */

import { X509Certificate } from 'node:crypto';
import { extensionsOf } from './certificate-extensions.ts';
import { PkiError } from './error.ts';
import type { ParsedCertificate } from './parse-certificate.ts';

const NAME_CONSTRAINTS = '2.5.29.30';

/** Critical extensions that need nothing more than OpenSSL and the caller do. */
const UNDERSTOOD = [
  '2.5.29.15', // Key Usage
  '2.5.29.17', // Subject Alternative Name
  '2.5.29.19', // Basic Constraints
  '2.5.29.32', // Certificate Policies: no policy is asked for here
  '2.5.29.37', // Extended Key Usage
];

/**
 * Whether `authority` itself has signed `certificate`: the names and key identifiers fit, the authority
 * may sign certificates, and the signature verifies. A chain with certificates in between is not built.
 * Dates and strength of both are the caller's questions, and so is a self-signed authority, which has
 * issued itself.
 *
 * Where either has a critical extension that is not checked here, or the authority has Name Constraints,
 * the answer is no (RFC 5280 §4.2): see `assessAuthorityCertificate` for saying so beforehand.
 */
export function isIssuedBy(certificate: ParsedCertificate, authority: ParsedCertificate): boolean {
  if (!authority.isCa || !checksEverything(authority) || !checksEverything(certificate)) {
    return false;
  }
  const issuer = new X509Certificate(authority.der);
  const issued = new X509Certificate(certificate.der);
  return issued.checkIssued(issuer) && issued.verify(issuer.publicKey);
}

/** Whether nothing in the certificate limits its use in a way that is not looked at here. */
export function checksEverything(certificate: ParsedCertificate): boolean {
  try {
    return extensionsOf(certificate.der).every(
      ({ oid, critical }) => UNDERSTOOD.includes(oid) || !(critical || oid === NAME_CONSTRAINTS),
    );
  } catch (error) {
    if (error instanceof PkiError) {
      return false; // Extensions that cannot be read may say anything.
    }
    throw error;
  }
}
