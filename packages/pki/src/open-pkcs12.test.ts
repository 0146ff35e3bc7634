import { createPrivateKey } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
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
  hasOpenssl,
  openssl,
} from './certificates.fixtures.ts';
import { PkiError } from './error.ts';
import { openPkcs12 } from './open-pkcs12.ts';
import { encodePkcs12 } from './pkcs12.ts';

const PASSWORD = 'correct horse';

let ca: CertifiedKey;
let client: CertifiedKey;
let own: Uint8Array;
beforeAll(async () => {
  ca = await createCertificateAuthority(AUTHORITY, AT_NOW);
  client = await issueCertificate(ca, { profile: CLIENT }, AT_NOW);
  own = await encodePkcs12({
    ...client,
    chain: [ca.certificate],
    password: PASSWORD,
    friendlyName: 'KMIP Client',
  });
});

/** A file by openssl, with its alias "other". */
function byOpenssl(...options: readonly string[]): Uint8Array {
  const directory = aTemporaryDirectory();
  const path = join(directory, 'client.p12');
  const pair = join(directory, 'client.pem');
  writeFileSync(pair, `${client.privateKeyPem}${ca.certificate.pem}${client.certificate.pem}`);
  openssl(
    [
      'pkcs12',
      '-export',
      '-in',
      pair,
      '-out',
      path,
      '-passout',
      `pass:${PASSWORD}`,
      '-name',
      'other',
    ].concat(options),
    new Uint8Array(),
  );
  return readFileSync(path);
}

async function codeOf(der: Uint8Array, password = PASSWORD, friendlyName?: string) {
  try {
    await openPkcs12(der, { password, friendlyName });
    return 'opened';
  } catch (error) {
    if (error instanceof PkiError) return error.code;
    throw error;
  }
}

async function expectToOpen(file: Uint8Array, friendlyName: string): Promise<void> {
  const opened = await openPkcs12(file, { password: Buffer.from(PASSWORD) });
  expect(opened.chain.map(({ fingerprintSha256 }) => fingerprintSha256)).toEqual([
    client.certificate.fingerprintSha256,
    ca.certificate.fingerprintSha256,
  ]);
  expect(opened.friendlyName).toBe(friendlyName);
  const key = createPrivateKey({
    key: Buffer.from(opened.privateKey),
    format: 'der',
    type: 'pkcs8',
  });
  expect(key.equals(createPrivateKey(client.privateKeyPem))).toBe(true);
}

describe('openPkcs12', () => {
  it('opens what encodePkcs12 writes: the key, its certificate, and the chain', () =>
    expectToOpen(own, 'KMIP Client'));

  it.skipIf(!hasOpenssl).each([
    ['as OpenSSL 3 writes it', []],
    [
      'with AES-128 and SHA-512',
      ['-keypbe', 'AES-128-CBC', '-certpbe', 'AES-192-CBC', '-macalg', 'SHA512'],
    ],
    [
      'with the triple DES and SHA-1 of older programs',
      ['-keypbe', 'PBE-SHA1-3DES', '-certpbe', 'PBE-SHA1-3DES', '-macalg', 'SHA1'],
    ],
    ['with triple DES by PBES2', ['-keypbe', 'DES-EDE3-CBC', '-certpbe', 'DES-EDE3-CBC']],
    ['with the key alone in the clear', ['-keypbe', 'NONE', '-certpbe', 'AES-256-CBC']],
    ['that hides nothing', ['-keypbe', 'NONE', '-certpbe', 'NONE']],
  ] as const)('opens a file %s (needs the openssl command)', async (_, options) => {
    await expectToOpen(byOpenssl(...options), 'other');
  });

  it('finds the key by its friendly name, whatever its case', async () => {
    expect(await codeOf(own, PASSWORD, 'kmip CLIENT')).toBe('opened');
    expect(await codeOf(own, PASSWORD, 'nobody')).toBe('invalid-request');
  });

  it('refuses another password', async () => {
    expect(await codeOf(own, 'another')).toBe('wrong-password');
    expect(await codeOf(own, '')).toBe('invalid-request');
  });

  it.skipIf(!hasOpenssl)('refuses a file without a MAC (needs the openssl command)', async () => {
    expect(await codeOf(byOpenssl('-nomac'))).toBe('unsupported-encryption');
  });

  it.skipIf(!hasOpenssl)('refuses a file without a key (needs the openssl command)', async () => {
    expect(await codeOf(byOpenssl('-nokeys'))).toBe('invalid-request');
  });

  it('does not compute as many iterations as a file likes', async () => {
    // The iterations of the MAC are the end of the file: INTEGER 200000.
    const greedy = Uint8Array.from(own);
    expect(Buffer.from(greedy.subarray(-5)).toString('hex')).toBe('0203030d40');
    greedy.set([0x7f], greedy.length - 3);
    expect(await codeOf(greedy)).toBe('malformed');
  });

  it('refuses what is too large', async () => {
    expect(await codeOf(new Uint8Array(2 ** 20 + 1))).toBe('too-large');
  });

  it.skipIf(!hasOpenssl)(
    'answers any change of a byte with an error of its own, or not at all (needs the openssl command)',
    async () => {
      const file = byOpenssl('-iter', '1');
      const at = fc.integer({ min: 0, max: file.length - 1 });
      await fc.assert(
        fc.asyncProperty(at, fc.integer({ min: 1, max: 255 }), async (index, change) => {
          const changed = Uint8Array.from(file);
          changed[index] = (changed[index] ?? 0) ^ change;
          await codeOf(changed); // throws what is no PkiError
          expect(await codeOf(file.subarray(0, index))).not.toBe('opened');
        }),
        { numRuns: 200, seed: 12 },
      );
    },
    60_000,
  );
});
