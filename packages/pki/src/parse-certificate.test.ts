import { generateKeyPairSync } from 'node:crypto';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  type CertifiedKey,
  createCertificateAuthority,
  createSelfSignedCertificate,
  issueCertificate,
} from './certificate-authority.ts';
import {
  AT_NOW,
  AUTHORITY,
  CLIENT,
  DAY_MS,
  hasOpenssl,
  NAMELESS_CERTIFICATE,
  NOW,
  openssl,
  SERVER,
  STRANGE_CERTIFICATE,
} from './certificates.fixtures.ts';
import { PkiError } from './error.ts';
import { colonForm } from './fingerprint.ts';
import { parseCertificate } from './parse-certificate.ts';
import { MAX_CERTIFICATE_INPUT_BYTES } from './pem-or-der.ts';

let ca: CertifiedKey;
let server: CertifiedKey;
beforeAll(async () => {
  ca = await createCertificateAuthority(AUTHORITY, AT_NOW);
  server = await issueCertificate(
    ca,
    { profile: SERVER, dnsNames: ['kms.example'], ipAddresses: ['10.0.0.1', '2001:db8::1'] },
    AT_NOW,
  );
});

const failing = (code: string, message = /./) =>
  expect.objectContaining({ code, message: expect.stringMatching(message) });

describe('parseCertificate', () => {
  it('reads every field of a server certificate', () => {
    const { der, pem, fingerprintSha1, fingerprintSha256, serialNumber, ...facts } =
      parseCertificate(server.certificate.pem);
    expect(facts).toEqual({
      subject: 'CN=Test server,OU=Tests,O=Claviger',
      issuer: 'CN=Test CA,O=Claviger',
      notBefore: NOW - 5 * 60 * 1000,
      notAfter: NOW + 50 * DAY_MS,
      publicKey: { algorithm: 'rsa', bits: 2048 },
      signatureAlgorithm: {
        oid: '1.2.840.10045.4.3.2',
        name: 'ecdsa-with-SHA256',
        scheme: 'ecdsa',
        hash: 'sha256',
      },
      extendedKeyUsage: ['serverAuth'],
      isCa: false,
      subjectAlternativeNames: [
        { kind: 'dns', value: 'kms.example' },
        { kind: 'ip', value: '10.0.0.1' },
        { kind: 'ip', value: '2001:db8::1' },
      ],
    });
    expect(pem).toBe(server.certificate.pem);
    expect(der).toEqual(server.certificate.der);
    expect(serialNumber).toMatch(/^[4-7][0-9a-f]{31}$/);
    expect(fingerprintSha256).toHaveLength(64);
    expect(fingerprintSha1).toHaveLength(40);
  });

  it('reads an authority with an EC key', () => {
    expect(ca.certificate).toMatchObject({
      isCa: true,
      publicKey: { algorithm: 'ec', curve: 'P-256' },
      extendedKeyUsage: [],
      subjectAlternativeNames: [],
    });
  });

  it('gives the same result for PEM text, PEM bytes and DER', () => {
    const { pem, der } = server.certificate;
    const fromText = parseCertificate(pem);
    expect(parseCertificate(new TextEncoder().encode(pem))).toEqual(fromText);
    expect(parseCertificate(der)).toEqual(fromText);
  });

  it.each([
    ['Windows line ends', (pem: string) => pem.replaceAll('\n', '\r\n')],
    ['a byte order mark', (pem: string) => `\ufeff${pem}`],
    ['text around it', (pem: string) => `subject=CN = é\n${pem}\nbye`],
    ['no line break at the end', (pem: string) => pem.trimEnd()],
    ['the old label', (pem: string) => pem.replaceAll('CERTIFICATE', 'X509 CERTIFICATE')],
    ['one long line', (pem: string) => pem.replace(/(?<=[A-Za-z0-9+/=])\n(?=[A-Za-z0-9+/=])/g, '')],
  ])('keeps PEM with %s byte for byte, and reads it', (_, alter) => {
    const pem = alter(server.certificate.pem);
    const parsed = parseCertificate(pem);
    expect(parsed.pem).toBe(pem);
    expect(parsed.fingerprintSha256).toBe(server.certificate.fingerprintSha256);
  });

  it('reads names that were made to confuse', () => {
    expect(parseCertificate(STRANGE_CERTIFICATE)).toMatchObject({
      subject: 'DC=q,CN=é\\E2\\80\\AE b,OU=x + O=A\\, Inc',
      extendedKeyUsage: ['clientAuth', '1.2.3.4'],
      subjectAlternativeNames: [
        { kind: 'dns', value: 'a.example' },
        { kind: 'ip', value: '10.0.0.1' },
        { kind: 'ip', value: '2001:db8::1' },
        { kind: 'uri', value: 'https://x/a,b' },
        { kind: 'email', value: 'a@b.c' },
        { kind: 'other', value: 'DirName:O=bar,CN=foo' },
        { kind: 'other', value: 'othername:<unsupported>' },
        { kind: 'other', value: 'Registered ID:1.2.3.5' },
        { kind: 'dns', value: 'evil, DNS:other' },
      ],
    });
  });

  it('reads a certificate without any name', () => {
    expect(parseCertificate(NAMELESS_CERTIFICATE)).toMatchObject({
      subject: '',
      issuer: '',
      subjectAlternativeNames: [],
    });
  });

  it('finds no names in an alternative name that is damaged', () => {
    const der = parseCertificate(STRANGE_CERTIFICATE).der.slice();
    // The extension's OID 2.5.29.17, then an octet string with a sequence, which becomes something else.
    const extension = Buffer.from(der).indexOf(Buffer.from('0603551d11', 'hex'));
    const sequence = der.indexOf(0x30, extension);
    der[sequence] = 0x04;
    expect(parseCertificate(der).subjectAlternativeNames).toEqual([]);
  });

  it('does not keep a view of the bytes it was given', () => {
    const bytes = server.certificate.der.slice();
    const parsed = parseCertificate(bytes);
    bytes.fill(0);
    expect(parsed.der).toEqual(server.certificate.der);
  });

  it.skipIf(!hasOpenssl)('agrees with `openssl x509` (needs the openssl command)', () => {
    const { certificate } = server;
    const print = (...args: string[]) =>
      openssl(['x509', '-noout', ...args], certificate.pem).trim();
    expect(print('-fingerprint', '-sha256')).toBe(
      `sha256 Fingerprint=${colonForm(certificate.fingerprintSha256)}`,
    );
    expect(print('-fingerprint', '-sha1')).toBe(
      `sha1 Fingerprint=${colonForm(certificate.fingerprintSha1)}`,
    );
    expect(print('-serial')).toBe(`serial=${certificate.serialNumber.toUpperCase()}`);
    expect(print('-subject', '-nameopt', 'RFC2253')).toBe(`subject=${certificate.subject}`);
    expect(print('-issuer', '-nameopt', 'RFC2253')).toBe(`issuer=${certificate.issuer}`);
    expect(Date.parse(print('-enddate').replace('notAfter=', ''))).toBe(certificate.notAfter);
  });
});

describe('parseCertificate refuses', () => {
  it('a private key of any kind, without repeating it', () => {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey;
    for (const key of [
      privateKey.export({ type: 'pkcs8', format: 'pem' }),
      privateKey.export({ type: 'pkcs1', format: 'pem' }),
      privateKey.export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'x' }),
      ec.export({ type: 'sec1', format: 'pem' }),
      privateKey.export({ type: 'pkcs8', format: 'der' }),
      privateKey.export({ type: 'pkcs1', format: 'der' }),
      privateKey.export({ type: 'pkcs8', format: 'der', cipher: 'aes-256-cbc', passphrase: 'x' }),
      ec.export({ type: 'sec1', format: 'der' }),
    ]) {
      try {
        parseCertificate(key);
        expect.unreachable();
      } catch (error) {
        expect(error).toMatchObject({ code: 'is-a-private-key' });
        const text = String(key)
          .replace(/-----[^-]*-----/g, '')
          .trim();
        expect(String(error)).not.toContain(text.slice(0, 12));
      }
    }
  });

  it('a certificate with its private key behind or before it', () => {
    const { certificate, privateKeyPem } = server;
    for (const text of [certificate.pem + privateKeyPem, privateKeyPem + certificate.pem]) {
      expect(() => parseCertificate(text)).toThrow(failing('is-a-private-key', /new pair/));
    }
  });

  it('a chain, saying how many certificates there are', () => {
    expect(() => parseCertificate(server.certificate.pem + ca.certificate.pem)).toThrow(
      failing('several-certificates', /2 certificates/),
    );
  });

  it.each([
    ['a signing request', 'CERTIFICATE REQUEST', /a certificate signing request/],
    ['a public key', 'PUBLIC KEY', /a public key/],
    ['a revocation list', 'X509 CRL', /a revocation list/],
    ['something unheard of', 'SOUP', /this is no certificate/],
  ])('%s, calling it by its name', (_, label, message) => {
    expect(() =>
      parseCertificate(`-----BEGIN ${label}-----\nAAAA\n-----END ${label}-----\n`),
    ).toThrow(failing('not-a-certificate', message));
  });

  it.each([
    ['nothing', '', 'not-a-certificate'],
    ['text', 'hello', 'not-a-certificate'],
    ['no bytes', new Uint8Array(0), 'not-a-certificate'],
    ['some DER', Uint8Array.of(0x30, 3, 2, 1, 5), 'not-a-certificate'],
    [
      'PEM of something else',
      '-----BEGIN CERTIFICATE-----\nMAMCAQU=\n-----END CERTIFICATE-----',
      'malformed',
    ],
    ['PEM without content', '-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----', 'malformed'],
    [
      'PEM that is no base64',
      '-----BEGIN CERTIFICATE-----\nM*MCAQU=\n-----END CERTIFICATE-----',
      'malformed',
    ],
    ['PEM without an end', '-----BEGIN CERTIFICATE-----\nMAMCAQU=\n', 'malformed'],
    ['the beginning of a line', '-----BEGIN ', 'not-a-certificate'],
  ])('%s', (_, input, code) => {
    expect(() => parseCertificate(input)).toThrow(failing(code));
  });

  it('bytes after the certificate, which would give it a second fingerprint', () => {
    const { der } = server.certificate;
    expect(() => parseCertificate(new Uint8Array([...der, 0]))).toThrow(failing('malformed'));
  });

  it('more than 64 KiB, unread', () => {
    const padding = 'x'.repeat(MAX_CERTIFICATE_INPUT_BYTES);
    expect(() => parseCertificate(padding + server.certificate.pem)).toThrow(failing('too-large'));
  });

  it('any garbage with a PkiError, in linear time', () => {
    const parse = (input: string | Uint8Array) => {
      expect(() => parseCertificate(input)).toThrow(PkiError);
    };
    fc.assert(fc.property(fc.uint8Array({ maxLength: 2000 }), parse));
    fc.assert(fc.property(fc.string({ maxLength: 2000, unit: 'binary' }), parse));
    const marks = fc.constantFrom(
      '-----BEGIN CERTIFICATE-----',
      '-----END CERTIFICATE-----',
      '-----',
      'MAMCAQU=',
      '\n',
      'BEGIN ',
      '=',
    );
    fc.assert(fc.property(fc.array(marks, { maxLength: 20 }), (parts) => parse(parts.join(''))));
    parse('-----BEGIN '.repeat(5900));
    parse('-----BEGIN CERTIFICATE-----'.repeat(2400));
  });

  it('or reads, but never crashes on, a certificate in which bytes were changed', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(), fc.nat({ max: 255 })), { minLength: 1, maxLength: 4 }),
        (edits) => {
          const der = server.certificate.der.slice();
          for (const [position, value] of edits) {
            der[position % der.length] = value;
          }
          try {
            const parsed = parseCertificate(der);
            expect(parsed.notAfter).not.toBeNaN();
          } catch (error) {
            expect(error).toBeInstanceOf(PkiError);
          }
        },
      ),
      { numRuns: 1000 },
    );
  });
});

describe('a certificate as vCenter makes it', () => {
  it('is self-signed, no authority, and without Extended Key Usage', async () => {
    const { certificate } = await createSelfSignedCertificate(
      { profile: { ...CLIENT, extendedKeyUsage: [] }, subject: { commonName: 'kmipClient' } },
      AT_NOW,
    );
    expect(certificate).toMatchObject({
      subject: 'CN=kmipClient',
      issuer: 'CN=kmipClient',
      isCa: false,
      extendedKeyUsage: [],
    });
  });
});
