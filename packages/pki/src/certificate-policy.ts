/** What certificate a client, or an authority of clients, may have. Dates are `certificateValidityAt`'s. */

import { X509Certificate } from 'node:crypto';
import { checksEverything } from './issued-by.ts';
import type { ParsedCertificate } from './parse-certificate.ts';
import { type Weakness, weaknessOfKey, weaknessOfSignature } from './weakness.ts';

export interface CertificatePolicy {
  /**
   * Switch for old rigs: SHA-1 and MD5 signatures, RSA keys from 1024 and EC keys from 160 bits become
   * warnings. What is weaker still is refused all the same.
   */
  readonly allowWeak?: boolean;
}

/** Something that is accepted and should be known. */
export interface CertificateWarning {
  readonly code: 'no-client-auth' | 'is-an-authority' | 'weak-key' | 'weak-signature';
  /** A sentence without full stop. */
  readonly message: string;
}

export type CertificateAssessment =
  | { readonly kind: 'acceptable'; readonly warnings: readonly CertificateWarning[] }
  | {
      readonly kind: 'refused';
      readonly code: Weakness['code'] | 'not-an-authority' | 'unchecked-constraints';
      /** A sentence without full stop. */
      readonly reason: string;
    };

/**
 * Judges the certificate of a client that is trusted by its fingerprint or through its issuer. Refuses
 * weak keys and signatures; for the rest it warns at most, since vCenter's own certificates have no
 * Extended Key Usage.
 */
export function assessClientCertificate(
  certificate: ParsedCertificate,
  policy: CertificatePolicy = {},
): CertificateAssessment {
  return assess(
    certificate,
    [weaknessOfKeyIn(certificate), weaknessOfSignature(certificate.signatureAlgorithm)],
    policy,
    [...purposeWarnings(certificate), ...authorityWarnings(certificate)],
  );
}

/**
 * Judges the certificate of an authority whose certificates are to be clients (`isIssuedBy`). How a
 * self-signed one is signed does not matter: it is trusted as it was handed over.
 */
export function assessAuthorityCertificate(
  certificate: ParsedCertificate,
  policy: CertificatePolicy = {},
): CertificateAssessment {
  if (!certificate.isCa) {
    return {
      kind: 'refused',
      code: 'not-an-authority',
      reason: `${nameOf(certificate)} is no certificate authority (Basic Constraints and Key Usage do not say so); register it as the certificate of a client instead`,
    };
  }
  if (!checksEverything(certificate)) {
    return {
      kind: 'refused',
      code: 'unchecked-constraints',
      reason: `the authority ${nameOf(certificate)} limits what it may sign in a way that is not checked here, Name Constraints for example; use an authority without, or register the certificates of the clients`,
    };
  }
  const isSelfSigned = certificate.subject === certificate.issuer;
  const { signatureAlgorithm } = certificate;
  return assess(
    certificate,
    [
      weaknessOfKeyIn(certificate),
      isSelfSigned ? undefined : weaknessOfSignature(signatureAlgorithm),
    ],
    policy,
    purposeWarnings(certificate),
  );
}

function assess(
  certificate: ParsedCertificate,
  found: readonly (Weakness | undefined)[],
  { allowWeak = false }: CertificatePolicy,
  warnings: readonly CertificateWarning[],
): CertificateAssessment {
  const weaknesses = found.filter((weakness) => weakness !== undefined);
  const refused = weaknesses.find(({ tolerable }) => !(allowWeak && tolerable));
  if (refused !== undefined) {
    const { code, reason } = refused;
    return { kind: 'refused', code, reason: `${nameOf(certificate)} is refused: ${reason}` };
  }
  const tolerated = weaknesses.flatMap(({ code, reason }) =>
    code === 'unsupported-key' ? [] : [{ code, message: reason }],
  );
  return { kind: 'acceptable', warnings: [...tolerated, ...warnings] };
}

function weaknessOfKeyIn({ der }: ParsedCertificate): Weakness | undefined {
  return weaknessOfKey(new X509Certificate(der).publicKey);
}

function purposeWarnings({ extendedKeyUsage }: ParsedCertificate): readonly CertificateWarning[] {
  const fits =
    extendedKeyUsage.length === 0 ||
    extendedKeyUsage.includes('clientAuth') ||
    extendedKeyUsage.includes('anyExtendedKeyUsage');
  return fits
    ? []
    : [
        {
          code: 'no-client-auth',
          message: `its Extended Key Usage (${extendedKeyUsage.join(', ')}) does not name clientAuth: it was not made for clients, and other programs will refuse it as one`,
        },
      ];
}

function authorityWarnings({ isCa }: ParsedCertificate): readonly CertificateWarning[] {
  return isCa
    ? [
        {
          code: 'is-an-authority',
          message:
            'it is the certificate of an authority: as a client certificate it admits only who has the key of the authority, not the certificates that it issues',
        },
      ]
    : [];
}

function nameOf({ subject, fingerprintSha256 }: ParsedCertificate): string {
  return subject === '' ? `the certificate ${fingerprintSha256}` : subject;
}
