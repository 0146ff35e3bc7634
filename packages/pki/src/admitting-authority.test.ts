import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { findAdmittingAuthority } from './admitting-authority.ts';
import {
  type CertifiedKey,
  createCertificateAuthority,
  issueCertificate,
} from './certificate-authority.ts';
import {
  AT_NOW,
  AUTHORITY,
  aTemporaryDirectory,
  CLIENT,
  DAY_MS,
  hasOpenssl,
  NOW,
  openssl,
} from './certificates.fixtures.ts';

let ca: CertifiedKey;
let other: CertifiedKey;
let leaf: CertifiedKey;
beforeAll(async () => {
  ca = await createCertificateAuthority(AUTHORITY, AT_NOW);
  other = await createCertificateAuthority(AUTHORITY, AT_NOW);
  leaf = await issueCertificate(ca, { profile: CLIENT }, AT_NOW);
});

function recordOf({ certificate }: CertifiedKey, subjectRule: string | null = null) {
  const { pem, notBefore, notAfter } = certificate;
  return { pem, subjectRule, notBefore, notAfter };
}

describe('the authority that lets a certificate in', () => {
  it('is the first one that has issued it and takes its subject', () => {
    const authorities = [recordOf(other), recordOf(ca, 'CN=vcenter-*'), recordOf(ca, 'CN=Test *')];
    const admission = findAdmittingAuthority(authorities, NOW)(leaf.certificate.pem);
    expect(admission?.authority).toBe(authorities[2]);
    expect(admission?.certificate.fingerprintSha256).toBe(leaf.certificate.fingerprintSha256);
  });

  it.each([
    ['there is none', () => [], NOW],
    ['another of its name has issued it', () => [recordOf(other)], NOW],
    ['the authority has ended', () => [recordOf(ca)], NOW + 101 * DAY_MS],
  ])('is nobody when %s', (_when, authorities, now) => {
    expect(findAdmittingAuthority(authorities(), now)(leaf.certificate.pem)).toBeUndefined();
  });

  it.each(['', 'nonsense', '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n'])(
    'is nobody for what cannot be read: %j',
    (pem) => {
      expect(findAdmittingAuthority([recordOf(ca)], NOW)(pem)).toBeUndefined();
    },
  );

  it.skipIf(!hasOpenssl)(
    'takes a SHA-1 signature only where that is allowed (needs openssl)',
    () => {
      const pem = sha1SignedBy(ca);
      expect(findAdmittingAuthority([recordOf(ca)], NOW)(pem)).toBeUndefined();
      expect(findAdmittingAuthority([recordOf(ca)], NOW, { allowWeak: true })(pem)).toBeDefined();
    },
  );
});

function sha1SignedBy({ certificate, privateKeyPem }: CertifiedKey): string {
  const directory = aTemporaryDirectory();
  const path = (name: string) => join(directory, name);
  writeFileSync(path('ca.pem'), certificate.pem);
  writeFileSync(path('ca.key'), privateKeyPem);
  const subject = ['-subj', '/CN=old', '-keyout', path('old.key'), '-out', path('old.csr')];
  openssl(['req', '-new', '-newkey', 'rsa:2048', '-nodes', ...subject]);
  const issuer = ['-CA', path('ca.pem'), '-CAkey', path('ca.key'), '-set_serial', '7'];
  openssl(['x509', '-req', '-sha1', '-in', path('old.csr'), ...issuer, '-out', path('old.pem')]);
  return readFileSync(path('old.pem'), 'utf8');
}
