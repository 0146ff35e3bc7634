import { createPublicKey, generateKeyPairSync, type KeyObject, X509Certificate } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { type CertifiedKey, createCertificateAuthority } from './certificate-authority.ts';
import {
  anEcKey,
  anRsaKey,
  aRequest,
  derOf,
  pemOf,
  replaced,
  STORED_REQUEST,
  SUBJECT_LINE,
} from './certificate-requests.fixtures.ts';
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
import { PkiError } from './error.ts';
import { MAX_CERTIFICATE_INPUT_BYTES, pemOfDer } from './pem-or-der.ts';
import { type SigningOptions, signCertificateRequest } from './sign-certificate-request.ts';

const PROFILE = { ...CLIENT, keyUsage: ['digitalSignature', 'keyEncipherment'] } as const;

let ca: CertifiedKey;
let rsaKey: KeyObject;
beforeAll(async () => {
  ca = await createCertificateAuthority({ ...AUTHORITY, validityDays: 36_500 }, AT_NOW);
  rsaKey = anRsaKey();
});

const sign = (request: string | Uint8Array, options: Partial<SigningOptions> = {}) =>
  signCertificateRequest(ca, request, { profile: PROFILE, ...options }, AT_NOW);

const failing = (code: string, message = /./) =>
  expect.objectContaining({ code, message: expect.stringMatching(message) });

describe('signCertificateRequest', () => {
  it('makes a client certificate for the key and subject of the request', async () => {
    const certificate = await sign(STORED_REQUEST);
    expect(certificate).toMatchObject({
      subject: SUBJECT_LINE,
      issuer: ca.certificate.subject,
      publicKey: { algorithm: 'ec', curve: 'P-256' },
      extendedKeyUsage: ['clientAuth'],
      isCa: false,
      subjectAlternativeNames: [],
      notBefore: NOW - 5 * 60 * 1000,
      notAfter: NOW + 50 * DAY_MS,
    });
    const x509 = new X509Certificate(certificate.der);
    expect(x509.verify(createPublicKey(ca.privateKeyPem))).toBe(true);
  });

  it('gives the same for PEM text, PEM bytes, DER and the old label', async () => {
    const made = await Promise.all(
      [
        STORED_REQUEST,
        new TextEncoder().encode(STORED_REQUEST),
        derOf(STORED_REQUEST),
        STORED_REQUEST.replaceAll('CERTIFICATE REQUEST', 'NEW CERTIFICATE REQUEST'),
        `Certificate Request:\r\n${STORED_REQUEST.replaceAll('\n', '\r\n')}`,
      ].map((request) => sign(request)),
    );
    expect(new Set(made.map(({ subject }) => subject))).toEqual(new Set([SUBJECT_LINE]));
  });

  it('takes the subject over byte for byte, or another one when that is asked for', async () => {
    const name = openssl(['req', '-noout', '-subject', '-nameopt', 'RFC2253'], STORED_REQUEST);
    expect(`subject=${(await sign(STORED_REQUEST)).subject}`).toBe(name.trim());
    const { subject } = await sign(STORED_REQUEST, { subject: { commonName: 'Another' } });
    expect(subject).toBe('CN=Another');
  });

  it('copies alternative names only when that is asked for, and never another extension', async () => {
    const certificate = await sign(STORED_REQUEST, { alternativeNames: 'copy' });
    expect(certificate.subjectAlternativeNames).toEqual([
      { kind: 'dns', value: 'vcenter.example.com' },
      { kind: 'ip', value: '10.0.0.1' },
      { kind: 'ip', value: '2001:db8::1' },
      { kind: 'email', value: 'kms@example.com' },
      { kind: 'uri', value: 'urn:uuid:1' },
    ]);
    expect(certificate).toMatchObject({ isCa: false, extendedKeyUsage: ['clientAuth'] });
  });

  it('is valid for as many days as one likes, up to a hundred years', async () => {
    for (const validityDays of [1, 3650, 36_500]) {
      const { notAfter } = await sign(STORED_REQUEST, { validityDays });
      expect(notAfter).toBe(NOW + validityDays * DAY_MS);
    }
  });

  it.each([0, 36_501, 1.5, -1, Number.NaN])('refuses a validity of %s days', async (days) => {
    await expect(sign(STORED_REQUEST, { validityDays: days })).rejects.toThrow(
      failing('invalid-request', /1 to 36500 whole days/),
    );
  });

  it('ends with the authority at the latest', async () => {
    const short = await createCertificateAuthority(AUTHORITY, AT_NOW);
    const options = { profile: PROFILE, validityDays: 36_500 };
    const certificate = await signCertificateRequest(short, STORED_REQUEST, options, AT_NOW);
    expect(certificate.notAfter).toBe(short.certificate.notAfter);
  });

  it('refuses an authority that is none', async () => {
    const none = { certificate: await sign(STORED_REQUEST), privateKeyPem: ca.privateKeyPem };
    await expect(
      signCertificateRequest(none, STORED_REQUEST, { profile: PROFILE }, AT_NOW),
    ).rejects.toThrow(failing('invalid-request', /is no certificate authority/));
  });
});

describe.skipIf(!hasOpenssl)('requests of `openssl req` (needs the openssl command)', () => {
  it.each<[string, () => KeyObject, string[], RegExp]>([
    ['RSA 2048', () => rsaKey, [], /Digital Signature, Key Encipherment\n/],
    [
      'RSA 2048, signed by PSS',
      () => rsaKey,
      ['-sigopt', 'rsa_padding_mode:pss'],
      /Encipherment\n/,
    ],
    ['RSA 2048, SHA-512', () => rsaKey, ['-sha512'], /Encipherment\n/],
    [
      'RSA-PSS',
      () => generateKeyPairSync('rsa-pss', { modulusLength: 2048 }).privateKey,
      [],
      /Digital Signature\n/,
    ],
    ['EC P-256', anEcKey, [], /Digital Signature\n/],
    ['EC P-384', () => anEcKey('secp384r1'), ['-sha384'], /Digital Signature\n/],
    ['EC P-521', () => anEcKey('secp521r1'), [], /Digital Signature\n/],
    ['Ed25519', () => generateKeyPairSync('ed25519').privateKey, [], /Digital Signature\n/],
  ])(
    'are signed for a key %s, and openssl verifies the certificate',
    async (_, makeKey, args, usage) => {
      const key = makeKey();
      const certificate = await sign(aRequest(key, ...args));
      const directory = aTemporaryDirectory();
      const [caFile, file] = [join(directory, 'ca.crt'), join(directory, 'client.crt')];
      writeFileSync(caFile, ca.certificate.pem);
      writeFileSync(file, certificate.pem);
      const verify = ['verify', '-x509_strict', '-attime', String(NOW / 1000), '-CAfile', caFile];
      expect(openssl([...verify, '-purpose', 'sslclient', file])).toMatch(/: OK\n$/);
      expect(new X509Certificate(certificate.der).checkPrivateKey(key)).toBe(true);
      const text = openssl(['x509', '-noout', '-text'], certificate.pem);
      expect(text).toMatch(/Basic Constraints: critical\s+CA:FALSE\n/);
      expect(text).toMatch(/Extended Key Usage: *\n\s+TLS Web Client Authentication\n/);
      expect(text).toMatch(usage);
    },
  );

  it.each<[string, () => string, string, RegExp]>([
    [
      'an RSA key of 1024 bits',
      () => aRequest(anRsaKey(1024)),
      'weak-key',
      /1024 bits, at least 2048/,
    ],
    ['an EC key of 192 bits', () => aRequest(anEcKey('prime192v1')), 'weak-key', /192 bits/],
    [
      'an unknown curve',
      () => aRequest(anEcKey('wap-wsg-idm-ecid-wtls12')),
      'unsupported-key',
      /curve wap/,
    ],
    [
      'a curve in numbers',
      () =>
        aRequest(
          generateKeyPairSync('ec', { namedCurve: 'P-256', paramEncoding: 'explicit' }).privateKey,
        ),
      'unsupported-key',
      /instead of naming it/,
    ],
    ['a SHA-1 signature', () => aRequest(rsaKey, '-sha1'), 'weak-signature', /SHA-1 \(sha1With/],
    ['an MD5 signature', () => aRequest(rsaKey, '-md5'), 'weak-signature', /MD5/],
    ['a SHA-1 signature by ECDSA', () => aRequest(anEcKey(), '-sha1'), 'weak-signature', /SHA-1/],
    [
      'a PSS signature with SHA-1',
      () => aRequest(rsaKey, '-sha1', '-sigopt', 'rsa_padding_mode:pss'),
      'weak-signature',
      /SHA-1 \(rsassaPss\)/,
    ],
    ['no subject', () => aRequest(rsaKey, '-subj', '/'), 'invalid-request', /has no subject/],
    [
      'a subject with a control character',
      () => aRequest(rsaKey, '-subj', '/CN=vcenter\u0007'),
      'malformed',
      /control characters/,
    ],
    [
      'a subject with a mark of direction',
      () => aRequest(rsaKey, '-subj', '/CN=a\u202eb'),
      'malformed',
      /control characters/,
    ],
  ])('are refused for %s', async (_, makeRequest, code, message) => {
    await expect(sign(makeRequest())).rejects.toThrow(failing(code, message));
  });

  it('get their subject from whoever signs when they have none', async () => {
    const request = aRequest(rsaKey, '-subj', '/');
    const { subject } = await sign(request, { subject: { commonName: 'vcenter' } });
    expect(subject).toBe('CN=vcenter');
  });

  it('keep parts of several attributes, and texts of every kind', async () => {
    const request = aRequest(rsaKey, '-multivalue-rdn', '-subj', '/DC=local/OU=a+CN=Müller, "x"');
    expect((await sign(request)).subject).toBe('OU=a + CN=Müller\\, \\"x\\",DC=local');
  });

  it('may ask for no alternative names at all', async () => {
    const { subjectAlternativeNames } = await sign(aRequest(rsaKey), { alternativeNames: 'copy' });
    expect(subjectAlternativeNames).toEqual([]);
  });

  it.each([
    ['a kind that is not issued', 'subjectAltName=RID:1.2.3', 'invalid-request'],
    [
      'more than 100 names',
      `subjectAltName=${new Array(101).fill('DNS:a').join()}`,
      'invalid-request',
    ],
    ['a DNS name that is none', 'subjectAltName=DNS:not a name', 'invalid-request'],
    ['an e-mail address that is none', 'subjectAltName=email:nobody', 'invalid-request'],
    ['a URI that is none', 'subjectAltName=URI:nowhere', 'invalid-request'],
    ['an address of 3 bytes', 'subjectAltName=DER:30058703010203', 'malformed'],
    ['something that is no list of names', 'subjectAltName=DER:0500', 'malformed'],
  ])('are refused when names are copied and they ask for %s', async (_, extension, code) => {
    const request = aRequest(rsaKey, '-addext', extension);
    await expect(sign(request, { alternativeNames: 'copy' })).rejects.toThrow(failing(code));
    await expect(sign(request)).resolves.toBeDefined();
  });
});

describe('signCertificateRequest refuses', () => {
  it.each([
    ['a subject', 'vcenter.example.com', 'vcenter.example.org', 'bad-signature'],
    ['a wish', 'kms@example.com', 'kms@example.org', 'bad-signature'],
    ['a key, which then is none', Buffer.from('04b4dff9', 'hex'), 'junk', 'unsupported-key'],
  ])('%s that was changed after signing', async (_, from, to, code) => {
    await expect(sign(replaced(derOf(STORED_REQUEST), from, to))).rejects.toThrow(failing(code));
  });

  it('the public key of somebody else', async () => {
    const foreign = anEcKey();
    const spkiOf = (key: KeyObject) =>
      createPublicKey(pemOf(key)).export({ type: 'spki', format: 'der' });
    const own = derOf(STORED_REQUEST);
    const frame = spkiOf(foreign).subarray(0, 27);
    const start = Buffer.from(own).indexOf(frame);
    const stolen = new Uint8Array(own);
    stolen.set(spkiOf(foreign), start);
    expect(start).toBeGreaterThan(0);
    await expect(sign(stolen)).rejects.toThrow(failing('bad-signature'));
  });

  it('a request whose signature was changed', async () => {
    const changed = derOf(STORED_REQUEST);
    changed[changed.length - 1] = (changed.at(-1) ?? 0) ^ 1;
    await expect(sign(changed)).rejects.toThrow(failing('bad-signature', /make a new one/));
  });

  it('a signature that cannot be one of such a key', async () => {
    // In the place of ecdsa-with-SHA256: first ecdsa-with-SHA512, then SM2 with SM3.
    const der = derOf(STORED_REQUEST);
    const ecdsa256 = Buffer.from('06082a8648ce3d040302', 'hex');
    const ecdsa512 = Buffer.from('06082a8648ce3d040304', 'hex');
    await expect(sign(replaced(der, ecdsa256, ecdsa512))).rejects.toThrow(failing('bad-signature'));
    const sm2 = Buffer.from('06082a811ccf55018375', 'hex');
    await expect(sign(replaced(der, ecdsa256, sm2))).rejects.toThrow(
      failing('weak-signature', /not known here/),
    );
  });

  it('a private key in every form, alone or beside the request, without repeating it', async () => {
    const ec = anEcKey();
    for (const given of [
      pemOf(rsaKey),
      rsaKey.export({ type: 'pkcs1', format: 'pem' }),
      ec.export({ type: 'sec1', format: 'pem' }),
      ec.export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'x' }),
      ec.export({ type: 'pkcs8', format: 'der' }),
      ec.export({ type: 'pkcs8', format: 'der', cipher: 'aes-256-cbc', passphrase: 'x' }),
      ec.export({ type: 'sec1', format: 'der' }),
      STORED_REQUEST + pemOf(ec),
      pemOf(ec) + STORED_REQUEST,
    ]) {
      const error: unknown = await sign(given).catch((reason: unknown) => reason);
      expect(error).toMatchObject({ code: 'is-a-private-key' });
      const body = String(given)
        .replace(STORED_REQUEST, '')
        .replace(/-----[^-]*-----|\s/g, '');
      expect(String(error)).not.toContain(body.slice(0, 12));
    }
  });

  it('a certificate, calling it by its name', async () => {
    const { pem, der } = ca.certificate;
    const asRequest = pem.replaceAll('CERTIFICATE', 'CERTIFICATE REQUEST');
    for (const given of [pem, der, asRequest]) {
      await expect(sign(given)).rejects.toThrow(failing('not-a-request', /this is a certificate,/));
    }
  });

  it('two requests at once', async () => {
    await expect(sign(STORED_REQUEST + STORED_REQUEST)).rejects.toThrow(
      failing('several-requests', /2 certificate signing requests/),
    );
  });

  it.each([
    ['nothing', '', 'not-a-request'],
    ['text', 'hello', 'not-a-request'],
    ['some DER', Uint8Array.of(0x30, 3, 2, 1, 5), 'not-a-request'],
    ['PEM without an end', STORED_REQUEST.slice(0, 300), 'malformed'],
    ['PEM that is no base64', STORED_REQUEST.replace('MII', 'M*I'), 'malformed'],
    [
      'PEM of something else',
      pemOfDer('CERTIFICATE', Uint8Array.of(0x30, 0)).replaceAll(
        'CERTIFICATE',
        'CERTIFICATE REQUEST',
      ),
      'malformed',
    ],
    ['bytes after it', new Uint8Array([...derOf(STORED_REQUEST), 0]), 'not-a-request'],
    [
      'more than 64 KiB',
      `${'x'.repeat(MAX_CERTIFICATE_INPUT_BYTES)}${STORED_REQUEST}`,
      'too-large',
    ],
  ])('%s', async (_, input, code) => {
    await expect(sign(input)).rejects.toThrow(failing(code));
  });

  it('any garbage with a PkiError', async () => {
    const signs = async (input: string | Uint8Array) => {
      await expect(sign(input)).rejects.toThrow(PkiError);
    };
    await fc.assert(fc.asyncProperty(fc.uint8Array({ maxLength: 1000 }), signs));
    await fc.assert(fc.asyncProperty(fc.string({ maxLength: 1000, unit: 'binary' }), signs));
    await signs(new Uint8Array(65_536).fill(0x30));
  });

  it('a request in which bytes were changed: nothing but the original is ever signed', async () => {
    const original = derOf(STORED_REQUEST);
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.nat({ max: original.length - 1 }), fc.nat({ max: 255 })), {
          minLength: 1,
          maxLength: 4,
        }),
        async (edits) => {
          const der = original.slice();
          for (const [position, value] of edits) {
            der[position] = value;
          }
          fc.pre(Buffer.compare(der, original) !== 0);
          await expect(sign(der, { alternativeNames: 'copy' })).rejects.toThrow(PkiError);
        },
      ),
      { numRuns: 500 },
    );
  });
});
