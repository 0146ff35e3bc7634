import { execFileSync } from 'node:child_process';
import { createPrivateKey } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createSecureContext } from 'node:tls';
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
  SERVER,
} from './certificates.fixtures.ts';
import { parseCertificate } from './parse-certificate.ts';
import { encodePkcs12, type Pkcs12Content } from './pkcs12.ts';

const PASSWORD = 'correct horse';

let ca: CertifiedKey;
let client: CertifiedKey;
beforeAll(async () => {
  ca = await createCertificateAuthority(AUTHORITY, AT_NOW);
  client = await issueCertificate(ca, { profile: CLIENT }, AT_NOW);
});

const encode = (change: Partial<Pkcs12Content> = {}) =>
  encodePkcs12({ ...client, password: PASSWORD, friendlyName: 'KMIP client', ...change });

const hasKeytool: boolean = (() => {
  try {
    execFileSync('keytool', ['-help'], { stdio: 'pipe' });
    return true;
  } catch {
    return false; // Tests that need it are skipped, by name.
  }
})();

function keytool(pkcs12: Uint8Array, password: string): string {
  const path = join(aTemporaryDirectory(), 'client.p12');
  writeFileSync(path, pkcs12);
  const target = join(aTemporaryDirectory(), 'target.p12');
  // An import decrypts the key, which a mere listing does not.
  const from = ['-srckeystore', path, '-srcstoretype', 'PKCS12', '-srcstorepass', password];
  const to = ['-destkeystore', target, '-deststoretype', 'PKCS12', '-deststorepass', 'changeit'];
  const options = { encoding: 'utf8', stdio: 'pipe' } as const;
  execFileSync('keytool', ['-importkeystore', '-noprompt', ...from, ...to], options);
  return execFileSync(
    'keytool',
    ['-list', '-v', '-keystore', target, '-storepass', 'changeit'],
    options,
  );
}

const blocks = (text: string, label: string): readonly string[] =>
  text.match(new RegExp(`-----BEGIN ${label}-----[^-]*-----END ${label}-----\n`, 'g')) ?? [];

describe('encodePkcs12', () => {
  it.skipIf(!hasOpenssl)(
    'makes a file from which openssl reads certificate, key and chain (needs the openssl command)',
    async () => {
      const server = await issueCertificate(ca, { profile: SERVER }, AT_NOW);
      for (const [pair, chain] of [
        [client, []],
        [server, [ca.certificate]],
      ] as const) {
        const file = await encode({ ...pair, chain });
        const text = openssl(['pkcs12', '-nodes', '-passin', `pass:${PASSWORD}`], file);
        const certificates = blocks(text, 'CERTIFICATE').map((pem) => parseCertificate(pem));
        expect(certificates.map(({ fingerprintSha256 }) => fingerprintSha256)).toEqual(
          [pair.certificate, ...chain].map(({ fingerprintSha256 }) => fingerprintSha256),
        );
        const [key = ''] = blocks(text, 'PRIVATE KEY');
        expect(createPrivateKey(key).equals(createPrivateKey(pair.privateKeyPem))).toBe(true);
        expect(text.match(/friendlyName: KMIP client\n/g)).toHaveLength(2);
        const ids = text.match(/localKeyID: .*\n/g) ?? [];
        expect(ids).toHaveLength(2);
        expect(new Set(ids).size).toBe(1);
      }
    },
  );

  it.skipIf(!hasOpenssl)(
    "encrypts both halves and seals the whole in today's way (needs the openssl command)",
    async () => {
      const file = await encode();
      const directory = aTemporaryDirectory();
      writeFileSync(join(directory, 'client.p12'), file);
      const check = ['pkcs12', '-info', '-noout', '-in', join(directory, 'client.p12')];
      // What -info tells goes to the standard error.
      const told = execFileSync(
        'sh',
        ['-c', 'exec openssl "$@" 2>&1', 'sh', ...check, '-passin', `pass:${PASSWORD}`],
        { encoding: 'utf8' },
      );
      expect(told).toMatch(/^MAC: sha256, Iteration 200000$/m);
      const encryption = 'PBES2, PBKDF2, AES-256-CBC, Iteration 200000, PRF hmacWithSHA256';
      expect(told).toContain(`Encrypted data: ${encryption}`);
      expect(told).toContain(`Shrouded Keybag: ${encryption}`);
      expect(Buffer.from(file).includes(Buffer.from(client.certificate.der.subarray(0, 64)))).toBe(
        false,
      );
      expect(() => openssl([...check, '-passin', 'pass:wrong'])).toThrow(/invalid password/);
    },
  );

  it.skipIf(!hasKeytool)(
    'makes a file that Java imports, with chain and alias (needs the keytool command)',
    async () => {
      const text = keytool(await encode({ chain: [ca.certificate] }), PASSWORD);
      expect(text).toContain('Alias name: kmip client');
      expect(text).toContain('Entry type: PrivateKeyEntry');
      expect(text).toContain('Certificate chain length: 2');
    },
  );

  it('makes a file that Node takes for a TLS connection', async () => {
    const pfx = Buffer.from(await encode({ chain: [ca.certificate] }));
    expect(() => createSecureContext({ pfx, passphrase: PASSWORD })).not.toThrow();
    expect(() => createSecureContext({ pfx, passphrase: 'wrong' })).toThrow(/mac verify failure/);
  });

  it.each([
    ['letters beyond ASCII', 'pässwörd €𝄞'],
    ['a length beyond one block of the hash', 'x'.repeat(1024)],
  ])('takes a password with %s', async (_, password) => {
    const pfx = Buffer.from(await encode({ password }));
    expect(() => createSecureContext({ pfx, passphrase: password })).not.toThrow();
  });

  it('takes the password as bytes, and leaves them alone', async () => {
    const password = new TextEncoder().encode(PASSWORD);
    const pfx = Buffer.from(await encode({ password }));
    expect(() => createSecureContext({ pfx, passphrase: PASSWORD })).not.toThrow();
    expect(password).toEqual(new TextEncoder().encode(PASSWORD));
  });

  it('draws its randomness from where it is told, and never makes the same file twice', async () => {
    const content = { ...client, password: PASSWORD, friendlyName: 'x' };
    const deps = { randomBytes: (size: number) => new Uint8Array(size).fill(7) };
    const file = await encodePkcs12(content, deps);
    expect(await encodePkcs12(content, deps)).toEqual(file);
    expect(await encodePkcs12(content)).not.toEqual(file);
  });

  it('lets others have their turn while it works', async () => {
    let turns = 0;
    const timer = setInterval(() => {
      turns += 1;
    }, 1);
    await encode();
    clearInterval(timer);
    expect(turns).toBeGreaterThan(20);
  });

  it.each<[string, Partial<Pkcs12Content>]>([
    ['an empty password', { password: '' }],
    ['a password of 1025 bytes', { password: 'x'.repeat(1025) }],
    ['a password with a zero character', { password: 'x\0y' }],
    ['a password with half a character', { password: '\ud800' }],
    ['password bytes that are no UTF-8', { password: Uint8Array.of(0xff) }],
    ['an empty friendly name', { friendlyName: '' }],
    ['a friendly name of 129 characters', { friendlyName: 'x'.repeat(129) }],
  ])('refuses %s', async (_, change) => {
    await expect(encode(change)).rejects.toThrow(
      expect.objectContaining({ code: 'invalid-request' }),
    );
  });

  it('refuses a key that is not the one of the certificate', async () => {
    await expect(encode({ privateKeyPem: ca.privateKeyPem })).rejects.toThrow(
      expect.objectContaining({ code: 'mismatched-pair' }),
    );
  });

  it('refuses a key that cannot be read, and does not repeat it', async () => {
    const privateKeyPem = client.privateKeyPem.slice(0, 100);
    const error: unknown = await encode({ privateKeyPem }).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'malformed' });
    expect(String(error)).not.toContain(privateKeyPem.slice(40, 60));
  });
});
