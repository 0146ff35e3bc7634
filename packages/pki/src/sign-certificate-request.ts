import type { KeyObject } from 'node:crypto';
import {
  type CertificateDeps,
  type CertifiedKey,
  issueForPublicKey,
} from './certificate-authority.ts';
import type { CertificateProfile, Subject } from './certificate-profile.ts';
import { checkProofOfPossession, type ParsedRequest, parseRequest } from './certificate-request.ts';
import type { SubjectAlternativeName } from './certificate-text.ts';
import { PkiError } from './error.ts';
import type { ParsedCertificate } from './parse-certificate.ts';
import { requestedNames } from './requested-names.ts';
import { type Weakness, weaknessOfKey, weaknessOfSignature } from './weakness.ts';

export interface SigningOptions {
  /** Key Usage, Extended Key Usage and, without `validityDays`, the validity; its key counts for nothing. */
  readonly profile: CertificateProfile;
  /** Instead of the request's; that of the profile is never used. */
  readonly subject?: Subject;
  /** Instead of the profile's: 1 to 36,500. */
  readonly validityDays?: number;
  /**
   * Whether the Subject Alternative Name that the request asks for goes into the certificate: `copy` or,
   * without this option, `leave-out`. Other extensions that it asks for are never granted.
   */
  readonly alternativeNames?: 'copy' | 'leave-out';
  /**
   * Whether a request that is signed with SHA-1 or MD5 is read. Right where it is known from elsewhere whose
   * the key is, so that the signature need prove nothing.
   */
  readonly weakSignatures?: 'tolerate' | 'refuse';
}

/** DER of a name without parts. */
const EMPTY_NAME_BYTES = 2;

/**
 * Signs a certificate signing request (PKCS#10), after its maker has proved to have the private key and
 * neither key nor signature is weak. The certificate ends with the authority at the latest.
 *
 * @param pemOrDer - One request of at most 64 KiB: PEM as text or bytes, with any text around it, or DER.
 * @throws PkiError `not-a-request`, `several-requests`, `is-a-private-key`, `too-large`, `malformed`,
 * `unsupported-key`, `weak-key`, `weak-signature`, `bad-signature` for the request; `invalid-request` for
 * a wrong option, a request without a subject, or an authority that is none or has expired;
 * `mismatched-pair` when its key is not the one of its certificate.
 * @see RFC 2986
 */
export async function signCertificateRequest(
  authority: CertifiedKey,
  pemOrDer: string | Uint8Array,
  options: SigningOptions,
  deps: CertificateDeps,
): Promise<ParsedCertificate> {
  const request = parseRequest(pemOrDer);
  refuse(weaknessOfKey(request.publicKey));
  if (options.weakSignatures !== 'tolerate') {
    refuse(weaknessOfSignature(request.signatureAlgorithm));
  }
  checkProofOfPossession(request);
  return await issueForPublicKey(
    authority,
    {
      profile: options.profile,
      publicKey: request.publicKey,
      subject: options.subject ?? statedSubject(request),
      validityDays: options.validityDays,
      alternativeNames: options.alternativeNames === 'copy' ? requestedNames(request) : [],
    },
    deps,
  );
}

function refuse(weakness: Weakness | undefined): void {
  if (weakness !== undefined) {
    throw new PkiError(weakness.code, `the certificate is not made: ${weakness.reason}`);
  }
}

/** What a certificate says, for {@link signPublicKey}. */
export interface PublicKeyContent {
  /** Key Usage, Extended Key Usage and validity; its key and its subject count for nothing. */
  readonly profile: CertificateProfile;
  /** Of any kind that OpenSSL reads. */
  readonly publicKey: KeyObject;
  /** Bytes: DER of a name out of a certificate, taken over as it is. */
  readonly subject: Subject | Uint8Array;
  readonly alternativeNames?: readonly SubjectAlternativeName[];
}

/**
 * Makes a certificate for a public key without a request: who asks answers for whose the key is.
 *
 * @throws PkiError `unsupported-key`, `weak-key` for the key; `invalid-request` for a wrong name, or an
 * authority that is none or has expired; `mismatched-pair` when its key is not the one of its certificate.
 */
export async function signPublicKey(
  authority: CertifiedKey,
  { profile, publicKey, subject, alternativeNames = [] }: PublicKeyContent,
  deps: CertificateDeps,
): Promise<ParsedCertificate> {
  refuse(weaknessOfKey(publicKey));
  return await issueForPublicKey(
    authority,
    { profile, publicKey, subject, alternativeNames },
    deps,
  );
}

function statedSubject({ subjectDer }: ParsedRequest): Uint8Array {
  if (subjectDer.length === EMPTY_NAME_BYTES) {
    throw new PkiError(
      'invalid-request',
      'the certificate signing request has no subject; give one, or make a request that has',
    );
  }
  return subjectDer;
}
