import {
  createPublicKey,
  type KeyObject,
  randomBytes as nodeRandomBytes,
  X509Certificate,
} from 'node:crypto';
import { buildCertificate, newSerialNumber } from './build-certificate.ts';
import {
  type CertificateProfile,
  type KeyUsage,
  MAX_NAME_CHARACTERS,
  MAX_VALIDITY_DAYS,
  type Subject,
} from './certificate-profile.ts';
import type { SubjectAlternativeName } from './certificate-text.ts';
import { PkiError } from './error.ts';
import { generateKeyPair, importSigningKey, readPrivateKey } from './key-pair.ts';
import { type ParsedCertificate, parseCertificate } from './parse-certificate.ts';
import { pemOfDer } from './pem-or-der.ts';

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
  /** Instead of the profile's: 1 to 36,500. */
  readonly validityDays?: number;
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
  checkAuthority(authority, deps);
  return await certify(request, 'leaf', authority, deps);
}

/** What a certificate for a key that exists already is made from. */
export interface LeafContent {
  readonly profile: CertificateProfile;
  /** SubjectPublicKeyInfo, of any kind that OpenSSL reads. */
  readonly publicKey: KeyObject;
  /** As bytes: DER of a name, taken over as it is. */
  readonly subject: Subject | Uint8Array;
  /** Instead of the profile's: 1 to 36,500. */
  readonly validityDays?: number | undefined;
  readonly alternativeNames: readonly SubjectAlternativeName[];
}

/**
 * Makes a certificate that `authority` signs, for a public key whose private key is somewhere else.
 *
 * @throws PkiError as `issueCertificate`.
 */
export async function issueForPublicKey(
  authority: CertifiedKey,
  leaf: LeafContent,
  deps: CertificateDeps,
): Promise<ParsedCertificate> {
  checkAuthority(authority, deps);
  return await sign(leaf, 'leaf', authority, authority.privateKeyPem, deps);
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
  const { publicKeyDer, privateKeyPem } = await generateKeyPair(profile.key);
  const content: LeafContent = {
    profile,
    publicKey: createPublicKey({ key: Buffer.from(publicKeyDer), format: 'der', type: 'spki' }),
    subject,
    validityDays: request.validityDays,
    alternativeNames: [
      ...dnsNames.map((value) => ({ kind: 'dns', value }) as const),
      ...ipAddresses.map((value) => ({ kind: 'ip', value }) as const),
    ],
  };
  const signingKey = authority?.privateKeyPem ?? privateKeyPem;
  const certificate = await sign(content, basicConstraints, authority, signingKey, deps);
  return { certificate, privateKeyPem };
}

async function sign(
  content: LeafContent,
  basicConstraints: 'authority' | 'leaf',
  authority: CertifiedKey | undefined,
  signingKeyPem: string,
  deps: CertificateDeps,
): Promise<ParsedCertificate> {
  const { profile, publicKey, subject, alternativeNames } = content;
  checkSubject(subject);
  const now = deps.now();
  const notAfter = now + checkedDays(content.validityDays ?? profile.validityDays) * DAY_MS;
  const der = await buildCertificate(
    {
      serialNumber: newSerialNumber(deps.randomBytes ?? nodeRandomBytes),
      subject,
      publicKeyDer: new Uint8Array(publicKey.export({ type: 'spki', format: 'der' })),
      notBefore: now - CLOCK_SKEW_MS,
      notAfter: Math.min(notAfter, authority?.certificate.notAfter ?? notAfter),
      basicConstraints,
      keyUsage: keyUsageFor(publicKey, profile.keyUsage),
      extendedKeyUsage: profile.extendedKeyUsage,
      alternativeNames,
    },
    authority?.certificate.der,
    await importSigningKey(signingKeyPem),
  );
  return parseCertificate(pemOfDer('CERTIFICATE', der));
}

function checkAuthority({ certificate, privateKeyPem }: CertifiedKey, deps: CertificateDeps): void {
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
}

/** Only RSA keys can encipher keys; saying so of another one is forbidden (RFC 8813 §3). */
function keyUsageFor(publicKey: KeyObject, usages: readonly KeyUsage[]): readonly KeyUsage[] {
  return publicKey.asymmetricKeyType === 'rsa'
    ? usages
    : usages.filter((usage) => usage !== 'keyEncipherment');
}

function checkedDays(days: number): number {
  if (!Number.isInteger(days) || days < 1 || days > MAX_VALIDITY_DAYS) {
    throw new PkiError(
      'invalid-request',
      `a certificate must be valid for 1 to ${MAX_VALIDITY_DAYS} whole days`,
    );
  }
  return days;
}

function checkSubject(subject: Subject | Uint8Array): void {
  if (subject instanceof Uint8Array) {
    return; // Checked where it was read.
  }
  for (const [name, value] of Object.entries(subject)) {
    if (value !== undefined && (value.length < 1 || value.length > MAX_NAME_CHARACTERS)) {
      throw new PkiError(
        'invalid-request',
        `the ${name} of a certificate must have 1 to ${MAX_NAME_CHARACTERS} characters`,
      );
    }
  }
}
