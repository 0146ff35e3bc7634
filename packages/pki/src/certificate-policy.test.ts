import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  type CertifiedKey,
  createCertificateAuthority,
  createSelfSignedCertificate,
  issueCertificate,
} from './certificate-authority.ts';
import {
  assessAuthorityCertificate,
  assessClientCertificate,
  type CertificateAssessment,
  type CertificatePolicy,
} from './certificate-policy.ts';
import { aForeignCertificate, anEcKey, anRsaKey } from './certificate-requests.fixtures.ts';
import {
  AT_NOW,
  AUTHORITY,
  CLIENT,
  hasOpenssl,
  NAMELESS_CERTIFICATE,
  SERVER,
} from './certificates.fixtures.ts';
import { parseCertificate } from './parse-certificate.ts';

let ca: CertifiedKey;
beforeAll(async () => {
  ca = await createCertificateAuthority(AUTHORITY, AT_NOW);
});

const warnings = (assessment: CertificateAssessment): readonly string[] =>
  assessment.kind === 'acceptable' ? assessment.warnings.map(({ code }) => code) : ['refused'];

describe('assessClientCertificate', () => {
  it('accepts a client certificate without a warning', async () => {
    const { certificate } = await issueCertificate(ca, { profile: CLIENT }, AT_NOW);
    expect(assessClientCertificate(certificate)).toEqual({ kind: 'acceptable', warnings: [] });
  });

  it("accepts vCenter's kind: self-signed, RSA 2048, without Extended Key Usage", async () => {
    const { certificate } = await createSelfSignedCertificate(
      { profile: { ...SERVER, extendedKeyUsage: [] } },
      AT_NOW,
    );
    expect(assessClientCertificate(certificate)).toEqual({ kind: 'acceptable', warnings: [] });
  });

  it('says so when the Extended Key Usage names no clients', async () => {
    const { certificate } = await issueCertificate(ca, { profile: SERVER }, AT_NOW);
    expect(assessClientCertificate(certificate)).toMatchObject({
      kind: 'acceptable',
      warnings: [
        { code: 'no-client-auth', message: expect.stringMatching(/\(serverAuth\) does not name/) },
      ],
    });
  });

  it('says so when an authority is to be a client', () => {
    expect(warnings(assessClientCertificate(ca.certificate))).toEqual(['is-an-authority']);
  });

  it.skipIf(!hasOpenssl)('takes any use for clients too (needs the openssl command)', () => {
    const pem = aForeignCertificate(anEcKey(), '-addext', 'extendedKeyUsage=anyExtendedKeyUsage');
    expect(warnings(assessClientCertificate(parseCertificate(pem)))).not.toContain(
      'no-client-auth',
    );
  });

  const strong: CertificatePolicy = {};
  const old: CertificatePolicy = { allowWeak: true };

  it.skipIf(!hasOpenssl).each<[string, () => KeyObject, string[], string, RegExp]>([
    [
      'RSA 1024',
      () => anRsaKey(1024),
      [],
      'weak-key',
      /^CN=.* is refused: the RSA key has 1024 bits/,
    ],
    ['P-192', () => anEcKey('prime192v1'), [], 'weak-key', /192 bits \(prime192v1\)/],
    ['SHA-1', () => anRsaKey(), ['-sha1'], 'weak-signature', /SHA-1/],
    ['MD5', () => anRsaKey(), ['-md5'], 'weak-signature', /MD5/],
  ])(
    'refuses %s, unless the switch for old rigs is set (needs the openssl command)',
    (_, makeKey, args, code, reason) => {
      const certificate = parseCertificate(aForeignCertificate(makeKey(), ...args));
      expect(assessClientCertificate(certificate, strong)).toEqual({
        kind: 'refused',
        code,
        reason: expect.stringMatching(reason),
      });
      expect(warnings(assessClientCertificate(certificate, old))).toContain(code);
    },
  );

  it.skipIf(!hasOpenssl)(
    'names every weakness that the switch lets pass (needs the openssl command)',
    () => {
      const certificate = parseCertificate(aForeignCertificate(anRsaKey(1024), '-sha1'));
      expect(warnings(assessClientCertificate(certificate, old))).toEqual(
        expect.arrayContaining(['weak-key', 'weak-signature']),
      );
    },
  );

  it.skipIf(!hasOpenssl).each<[string, () => KeyObject, string]>([
    ['RSA 768', () => anRsaKey(768), 'weak-key'],
    ['an unknown curve', () => anEcKey('wap-wsg-idm-ecid-wtls12'), 'unsupported-key'],
    [
      'a curve in numbers',
      () =>
        generateKeyPairSync('ec', { namedCurve: 'P-256', paramEncoding: 'explicit' }).privateKey,
      'unsupported-key',
    ],
  ])('refuses %s also with the switch (needs the openssl command)', (_, makeKey, code) => {
    const certificate = parseCertificate(aForeignCertificate(makeKey()));
    expect(assessClientCertificate(certificate, old)).toMatchObject({ kind: 'refused', code });
  });
});

describe('assessAuthorityCertificate', () => {
  it('accepts an authority', () => {
    expect(assessAuthorityCertificate(ca.certificate)).toEqual({
      kind: 'acceptable',
      warnings: [],
    });
  });

  it('refuses the certificate of a client', async () => {
    const { certificate } = await issueCertificate(ca, { profile: CLIENT }, AT_NOW);
    expect(assessAuthorityCertificate(certificate)).toMatchObject({
      kind: 'refused',
      code: 'not-an-authority',
      reason: expect.stringMatching(/^CN=Test client is no certificate authority/),
    });
  });

  it.skipIf(!hasOpenssl)(
    'does not mind how an authority signed itself (needs the openssl command)',
    () => {
      const certificate = parseCertificate(aForeignCertificate(anRsaKey(), '-sha1'));
      expect(certificate.isCa).toBe(true);
      expect(assessAuthorityCertificate(certificate)).toEqual({ kind: 'acceptable', warnings: [] });
    },
  );

  it.skipIf(!hasOpenssl).each([
    ['Name Constraints', 'nameConstraints=permitted;DNS:.example.com'],
    ['a critical extension that nobody knows', '1.2.3.4=critical,DER:0500'],
  ])('refuses %s, as they are not checked (needs the openssl command)', (_, extension) => {
    const certificate = parseCertificate(aForeignCertificate(anEcKey(), '-addext', extension));
    expect(assessAuthorityCertificate(certificate)).toMatchObject({
      kind: 'refused',
      code: 'unchecked-constraints',
    });
  });

  it('names a certificate without subject by its fingerprint', () => {
    const { fingerprintSha256, ...rest } = parseCertificate(NAMELESS_CERTIFICATE);
    const leaf = { ...rest, fingerprintSha256, isCa: false };
    expect(assessAuthorityCertificate(leaf)).toMatchObject({
      reason: expect.stringMatching(`certificate ${fingerprintSha256} is no`),
    });
  });
});
