import { randomBytes as nodeRandomBytes, X509Certificate } from 'node:crypto';
import { buildCertificate, newSerialNumber } from './build-certificate.ts';
import { pemOfDer } from './certificate-bytes.ts';
import {
  type CertificateProfile,
  MAX_NAME_CHARACTERS,
  type Subject,
} from './certificate-profile.ts';
import { PkiError } from './error.ts';
import { generateKeyPair, importSigningKey, readPrivateKey } from './key-pair.ts';
import { type ParsedCertificate, parseCertificate } from './parse-certificate.ts';

export interface CertificateDeps {
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** For serial numbers; keys always come from OpenSSL's own generator. */
  readonly randomBytes?: (size: number) => Uint8Array;
}

/** A certificate and its key. */
export interface CertifiedKey {
  readonly certificate: ParsedCertificate;
  /** PKCS#8, not encrypted: secret. */
  readonly privateKeyPem: string;
}

export interface CertificateRequest {
  readonly profile: CertificateProfile;
  /** Instead of the profile's. */
  readonly subject?: Subject;
  /** For Subject Alternative Name, in this order. */
  readonly dnsNames?: readonly string[];
  readonly ipAddresses?: readonly string[];
}

/** Certificates begin this long ago, so that a peer whose clock is late accepts them at once. */
const CLOCK_SKEW_MS = 5 * 60 * 1000;
const DAY_MS = 24 * 60 * 60 * 1000;

/**
 * Makes a self-signed authority that may sign leaf certificates and no further authorities.
 *
 * @throws PkiError `invalid-request`.
 */
export function createCertificateAuthority(
  profile: CertificateProfile,
  deps: CertificateDeps,
): Promise<CertifiedKey> {
  return certify({ profile }, 'authority', undefined, deps);
}

/**
 * Makes a key pair and a certificate for it that `authority` signs. It ends with the authority at the
 * latest: a longer life would count for nothing.
 *
 * @throws PkiError `invalid-request` for a wrong name or an authority that is none or has expired;
 * `mismatched-pair` when its key is not the one of its certificate.
 */
export async function issueCertificate(
  authority: CertifiedKey,
  request: CertificateRequest,
  deps: CertificateDeps,
): Promise<CertifiedKey> {
  const { certificate, privateKeyPem } = authority;
  if (!certificate.isCa) {
    throw new PkiError(
      'invalid-request',
      `${certificate.subject} is no certificate authority and cannot sign certificates`,
    );
  }
  if (certificate.notAfter <= deps.now()) {
    throw new PkiError(
      'invalid-request',
      `the certificate authority ${certificate.subject} has expired; make a new one`,
    );
  }
  const key = readPrivateKey(privateKeyPem, "the certificate authority's key");
  if (!new X509Certificate(certificate.der).checkPrivateKey(key)) {
    throw new PkiError(
      'mismatched-pair',
      `the key is not the one of the certificate authority ${certificate.subject}`,
    );
  }
  return await certify(request, 'leaf', authority, deps);
}

/**
 * Makes a key pair and a leaf certificate that it signs itself, as vCenter does for its KMIP client
 * (there with a profile without Extended Key Usage).
 *
 * @throws PkiError `invalid-request`.
 */
export function createSelfSignedCertificate(
  request: CertificateRequest,
  deps: CertificateDeps,
): Promise<CertifiedKey> {
  return certify(request, 'leaf', undefined, deps);
}

async function certify(
  request: CertificateRequest,
  basicConstraints: 'authority' | 'leaf',
  authority: CertifiedKey | undefined,
  deps: CertificateDeps,
): Promise<CertifiedKey> {
  const { profile, subject = profile.subject, dnsNames = [], ipAddresses = [] } = request;
  checkSubject(subject);
  const now = deps.now();
  const notAfter = now + profile.validityDays * DAY_MS;
  const keyPair = await generateKeyPair(profile.key);
  const der = await buildCertificate(
    {
      serialNumber: newSerialNumber(deps.randomBytes ?? nodeRandomBytes),
      subject,
      publicKeyDer: keyPair.publicKeyDer,
      notBefore: now - CLOCK_SKEW_MS,
      notAfter: Math.min(notAfter, authority?.certificate.notAfter ?? notAfter),
      basicConstraints,
      keyUsage: profile.keyUsage,
      extendedKeyUsage: profile.extendedKeyUsage,
      dnsNames,
      ipAddresses,
    },
    authority?.certificate.der,
    await importSigningKey(authority?.privateKeyPem ?? keyPair.privateKeyPem),
  );
  return {
    certificate: parseCertificate(pemOfDer('CERTIFICATE', der)),
    privateKeyPem: keyPair.privateKeyPem,
  };
}

function checkSubject(subject: Subject): void {
  for (const [name, value] of Object.entries(subject)) {
    if (value !== undefined && (value.length < 1 || value.length > MAX_NAME_CHARACTERS)) {
      throw new PkiError(
        'invalid-request',
        `the ${name} of a certificate must have 1 to ${MAX_NAME_CHARACTERS} characters`,
      );
    }
  }
}
