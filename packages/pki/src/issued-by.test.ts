import type { KeyObject } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  type CertifiedKey,
  createCertificateAuthority,
  issueCertificate,
} from './certificate-authority.ts';
import { aForeignCertificate, anEcKey, aRequest, pemOf } from './certificate-requests.fixtures.ts';
import {
  AT_NOW,
  AUTHORITY,
  aTemporaryDirectory,
  CLIENT,
  hasOpenssl,
  openssl,
} from './certificates.fixtures.ts';
import { isIssuedBy } from './issued-by.ts';
import { type ParsedCertificate, parseCertificate } from './parse-certificate.ts';

let ca: CertifiedKey;
let leaf: CertifiedKey;
beforeAll(async () => {
  ca = await createCertificateAuthority(AUTHORITY, AT_NOW);
  leaf = await issueCertificate(ca, { profile: CLIENT }, AT_NOW);
});

interface ForeignPair {
  readonly authority: ParsedCertificate;
  readonly issued: ParsedCertificate;
  readonly issuedKey: KeyObject;
}

/** An authority of `openssl req -x509`, and a certificate that it has issued. */
function foreignPair(authorityArgs: readonly string[], extensions?: string): ForeignPair {
  const key = anEcKey();
  const pem = aForeignCertificate(key, '-subj', '/DC=local/CN=CA', ...authorityArgs);
  return issuedBy(parseCertificate(pem), key, extensions);
}

/** A certificate of `openssl x509 -req`. */
function issuedBy(
  authority: ParsedCertificate,
  authorityKey: KeyObject,
  extensions = 'basicConstraints=CA:FALSE',
): ForeignPair {
  const directory = aTemporaryDirectory();
  const file = (name: string, text: string): string => {
    writeFileSync(join(directory, name), text);
    return join(directory, name);
  };
  const issuedKey = anEcKey();
  const pem = openssl([
    ...['x509', '-req', '-days', '30', '-in', file('request', aRequest(issuedKey))],
    ...['-CA', file('ca', authority.pem), '-CAkey', file('key', pemOf(authorityKey))],
    ...['-CAcreateserial', '-extfile', file('extensions', extensions)],
  ]);
  return { authority, issued: parseCertificate(pem), issuedKey };
}

describe('isIssuedBy', () => {
  it('knows the certificates of an authority', () => {
    expect(isIssuedBy(leaf.certificate, ca.certificate)).toBe(true);
  });

  it('does not take another authority of the same name for it', async () => {
    const other = await createCertificateAuthority(AUTHORITY, AT_NOW);
    expect(other.certificate.subject).toBe(ca.certificate.subject);
    expect(isIssuedBy(leaf.certificate, other.certificate)).toBe(false);
  });

  it('does not take a leaf for an authority', async () => {
    expect(isIssuedBy(leaf.certificate, leaf.certificate)).toBe(false);
    expect(isIssuedBy(ca.certificate, leaf.certificate)).toBe(false);
  });

  it('says no when a byte of the certificate was changed', () => {
    const der = leaf.certificate.der.slice();
    der[der.length - 1] = (der.at(-1) ?? 0) ^ 1;
    expect(isIssuedBy(parseCertificate(der), ca.certificate)).toBe(false);
  });

  it('says that a self-signed authority has issued itself', () => {
    expect(isIssuedBy(ca.certificate, ca.certificate)).toBe(true);
  });
});

describe.skipIf(!hasOpenssl)(
  'isIssuedBy, for authorities of openssl (needs the openssl command)',
  () => {
    it("knows the certificates of one like vCenter's", () => {
      const { authority, issued } = foreignPair([]);
      expect(isIssuedBy(issued, authority)).toBe(true);
    });

    it.each([
      ['is no authority', 'basicConstraints=critical,CA:FALSE'],
      ['may not sign certificates', 'keyUsage=digitalSignature'],
      ['has Name Constraints', 'nameConstraints=permitted;DNS:.example.com'],
      ['has a critical extension that is not known', '1.2.3.4=critical,DER:0500'],
    ])('says no when the issuer %s', (_, extension) => {
      const { authority, issued } = foreignPair(['-addext', extension]);
      expect(isIssuedBy(issued, authority)).toBe(false);
    });

    it('says no for a certificate with a critical extension that is not known', () => {
      const { authority, issued } = foreignPair([], '1.2.3.4=critical,DER:0500');
      expect(isIssuedBy(issued, authority)).toBe(false);
      const harmless = foreignPair([], '1.2.3.4=DER:0500');
      expect(isIssuedBy(harmless.issued, harmless.authority)).toBe(true);
    });

    it('says no when another authority stands in between', () => {
      const root = foreignPair([], 'basicConstraints=CA:TRUE');
      const { issued } = issuedBy(root.issued, root.issuedKey);
      expect(isIssuedBy(root.issued, root.authority)).toBe(true);
      expect(isIssuedBy(issued, root.issued)).toBe(true);
      expect(isIssuedBy(issued, root.authority)).toBe(false);
    });
  },
);
