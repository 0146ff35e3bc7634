import { createPrivateKey, X509Certificate } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  type CertifiedKey,
  createCertificateAuthority,
  createSelfSignedCertificate,
  issueCertificate,
} from './certificate-authority.ts';
import type { CertificateProfile, KeyProfile } from './certificate-profile.ts';
import {
  AT_NOW,
  AUTHORITY,
  aTemporaryDirectory,
  CLIENT,
  DAY_MS,
  hasOpenssl,
  NOW,
  openssl,
  SERVER,
} from './certificates.fixtures.ts';

let ca: CertifiedKey;
beforeAll(async () => {
  ca = await createCertificateAuthority(AUTHORITY, AT_NOW);
});

const failing = (code: string) => expect.objectContaining({ code });
const x509 = ({ certificate }: CertifiedKey) => new X509Certificate(certificate.der);

/** `openssl verify` at the time of the tests' clock, with all checks of RFC 5280. */
function verify(authority: CertifiedKey, leaf: CertifiedKey, purpose: string): string {
  const directory = aTemporaryDirectory();
  const caFile = join(directory, 'ca.crt');
  const leafFile = join(directory, 'leaf.crt');
  writeFileSync(caFile, authority.certificate.pem);
  writeFileSync(leafFile, leaf.certificate.pem);
  const time = String(NOW / 1000);
  return openssl([
    ...['verify', '-x509_strict', '-attime', time, '-CAfile', caFile, '-purpose', purpose],
    leafFile,
  ]);
}

describe('createCertificateAuthority', () => {
  it.each<[string, KeyProfile]>([
    ['EC P-256', { algorithm: 'EC', curve: 'P-256' }],
    ['EC P-384', { algorithm: 'EC', curve: 'P-384' }],
    ['RSA 2048', { algorithm: 'RSA', bits: 2048 }],
  ])('makes an authority with an %s key whose certificates verify', async (_, key) => {
    const authority = await createCertificateAuthority({ ...AUTHORITY, key }, AT_NOW);
    const leaf = await issueCertificate(authority, { profile: CLIENT }, AT_NOW);
    expect(x509(authority).verify(x509(authority).publicKey)).toBe(true);
    expect(x509(leaf).verify(x509(authority).publicKey)).toBe(true);
    expect(x509(leaf).checkIssued(x509(authority))).toBe(true);
  });

  it.skipIf(!hasOpenssl)('says what an authority must say (needs the openssl command)', () => {
    const text = openssl(['x509', '-noout', '-text'], ca.certificate.pem);
    expect(text).toMatch(/Basic Constraints: critical\s+CA:TRUE, pathlen:0\n/);
    expect(text).toMatch(/Key Usage: critical\s+Certificate Sign, CRL Sign\n/);
    expect(text).not.toContain('Extended Key Usage');
    expect(text).toContain('Signature Algorithm: ecdsa-with-SHA256');
  });
});

describe('issueCertificate', () => {
  it('gives a PKCS#8 key that belongs to the certificate', async () => {
    const leaf = await issueCertificate(ca, { profile: CLIENT }, AT_NOW);
    expect(leaf.privateKeyPem).toMatch(/^-----BEGIN PRIVATE KEY-----\n/);
    expect(x509(leaf).checkPrivateKey(createPrivateKey(leaf.privateKeyPem))).toBe(true);
  });

  it('begins five minutes ago and ends after the days of the profile', async () => {
    const { certificate } = await issueCertificate(ca, { profile: CLIENT }, AT_NOW);
    expect(certificate.notBefore).toBe(NOW - 5 * 60 * 1000);
    expect(certificate.notAfter).toBe(NOW + 50 * DAY_MS);
  });

  it('ends with its authority at the latest', async () => {
    const profile = { ...CLIENT, validityDays: 5000 };
    const { certificate } = await issueCertificate(ca, { profile }, AT_NOW);
    expect(certificate.notAfter).toBe(ca.certificate.notAfter);
  });

  it('writes dates from 2050 on in the form that RFC 5280 wants', async () => {
    const profile = { ...CLIENT, validityDays: 36_500 };
    const { certificate } = await createSelfSignedCertificate({ profile }, AT_NOW);
    expect(certificate.notAfter).toBe(NOW + 36_500 * DAY_MS);
    expect(Buffer.from(certificate.der).includes('21261029170000Z')).toBe(true);
  });

  it('takes another subject than that of the profile', async () => {
    const subject = { commonName: 'Ünï, "quoted"', organization: 'A+B' };
    const { certificate } = await issueCertificate(ca, { profile: CLIENT, subject }, AT_NOW);
    expect(certificate.subject).toBe('CN=Ünï\\, \\"quoted\\",O=A\\+B');
  });

  it('numbers certificates at random, always positive and 16 bytes long', async () => {
    const serialOf = async (byte: number): Promise<string> => {
      const deps = { ...AT_NOW, randomBytes: (size: number) => new Uint8Array(size).fill(byte) };
      return (await issueCertificate(ca, { profile: CLIENT }, deps)).certificate.serialNumber;
    };
    expect(await serialOf(0)).toBe(`40${'00'.repeat(15)}`);
    expect(await serialOf(0xff)).toBe(`7f${'ff'.repeat(15)}`);
    const made = [
      await issueCertificate(ca, { profile: CLIENT }, AT_NOW),
      await issueCertificate(ca, { profile: CLIENT }, AT_NOW),
    ];
    expect(new Set(made.map(({ certificate }) => certificate.serialNumber)).size).toBe(2);
  });

  it.skipIf(!hasOpenssl)(
    'makes server and client certificates that openssl verifies for their purpose only (needs the openssl command)',
    async () => {
      const names = { dnsNames: ['kms.example'], ipAddresses: ['10.0.0.1'] };
      const server = await issueCertificate(ca, { profile: SERVER, ...names }, AT_NOW);
      const client = await issueCertificate(ca, { profile: CLIENT }, AT_NOW);
      expect(verify(ca, server, 'sslserver')).toMatch(/: OK\n$/);
      expect(verify(ca, client, 'sslclient')).toMatch(/: OK\n$/);
      expect(() => verify(ca, server, 'sslclient')).toThrow(/unsuitable certificate purpose/);
      expect(() => verify(ca, client, 'sslserver')).toThrow(/unsuitable certificate purpose/);
      const text = openssl(['x509', '-noout', '-text'], server.certificate.pem);
      expect(text).toMatch(/Basic Constraints: critical\s+CA:FALSE\n/);
      expect(text).toMatch(/Key Usage: critical\s+Digital Signature, Key Encipherment\n/);
      expect(text).toMatch(/Extended Key Usage: *\n\s+TLS Web Server Authentication\n/);
      expect(text).toContain('DNS:kms.example, IP Address:10.0.0.1\n');
      const keyId = (pem: string, name: string) =>
        openssl(['x509', '-noout', '-ext', name], pem).split('\n')[1]?.trim();
      expect(keyId(server.certificate.pem, 'authorityKeyIdentifier')).toBe(
        keyId(ca.certificate.pem, 'subjectKeyIdentifier'),
      );
    },
  );

  it('refuses an authority that is none', async () => {
    const leaf = await issueCertificate(ca, { profile: CLIENT }, AT_NOW);
    await expect(issueCertificate(leaf, { profile: CLIENT }, AT_NOW)).rejects.toThrow(
      failing('invalid-request'),
    );
  });

  it('refuses an authority that has expired', async () => {
    const later = { now: () => NOW + 100 * DAY_MS };
    await expect(issueCertificate(ca, { profile: CLIENT }, later)).rejects.toThrow(/has expired/);
  });

  it('refuses the key of another authority', async () => {
    const { privateKeyPem } = await createCertificateAuthority(AUTHORITY, AT_NOW);
    await expect(
      issueCertificate({ ...ca, privateKeyPem }, { profile: CLIENT }, AT_NOW),
    ).rejects.toThrow(failing('mismatched-pair'));
  });

  it('refuses a key that cannot be read, and does not repeat it', async () => {
    const privateKeyPem = ca.privateKeyPem.slice(0, 100);
    const error: unknown = await issueCertificate(
      { ...ca, privateKeyPem },
      { profile: CLIENT },
      AT_NOW,
    ).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'malformed' });
    expect(String(error)).not.toContain(privateKeyPem.slice(40, 60));
  });

  it.each<[string, Partial<CertificateProfile> & { dns?: string; ip?: string }]>([
    ['a wrong DNS name', { dns: 'not a name' }],
    ['a wrong address', { ip: '10.0.0' }],
    ['a long subject', { subject: { commonName: 'x'.repeat(65) } }],
  ])('refuses %s', async (_, { dns = 'a', ip = '::1', ...change }) => {
    const request = { profile: { ...CLIENT, ...change }, dnsNames: [dns], ipAddresses: [ip] };
    await expect(issueCertificate(ca, request, AT_NOW)).rejects.toThrow(failing('invalid-request'));
  });
});
