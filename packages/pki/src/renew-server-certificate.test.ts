import { createPrivateKey, X509Certificate } from 'node:crypto';
import {
  linkSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { aTemporaryDirectory, DAY_MS, NOW, PROFILES } from './certificates.fixtures.ts';
import { type DevelopmentPkiOptions, ensureDevelopmentPki } from './development-pki.ts';
import { parseCertificate } from './parse-certificate.ts';
import { renewServerCertificate } from './renew-server-certificate.ts';
import { serverCertificateNeeds } from './server-certificate-needs.ts';

const LATER = NOW + 40 * DAY_MS;
const OLD_NAMES = { dns: ['localhost'], ips: ['127.0.0.1'] };
const NEW_NAMES = { dns: ['kms.example.com'], ips: ['127.0.0.1', '2001:db8::1'] };

/** The files of one PKI, made once, since key pairs take time. */
let files: ReadonlyMap<string, string>;
beforeAll(async () => {
  const directory = mkdtempSync(join(tmpdir(), 'claviger-pki-'));
  try {
    await ensureDevelopmentPki({
      directory,
      profiles: PROFILES,
      serverNames: OLD_NAMES,
      now: () => NOW,
    });
    files = new Map(
      readdirSync(directory).map((name) => [name, readFileSync(join(directory, name), 'utf8')]),
    );
  } finally {
    rmSync(directory, { recursive: true });
  }
});

function aDirectoryWithout(...missing: readonly string[]): string {
  const directory = aTemporaryDirectory();
  for (const [name, text] of files) {
    if (!missing.includes(name)) {
      writeFileSync(join(directory, name), text);
    }
  }
  return directory;
}

const renew = (directory: string, change: Partial<DevelopmentPkiOptions> = {}) =>
  renewServerCertificate({
    directory,
    profiles: PROFILES,
    serverNames: NEW_NAMES,
    now: () => LATER,
    ...change,
  });

const oldCertificate = () => parseCertificate(files.get('server.crt') ?? '');

describe('renewServerCertificate', () => {
  it('makes a certificate with new names and dates for the same key', async () => {
    const directory = aDirectoryWithout();
    const { certificate, certificatePath, keyPath } = await renew(directory);
    expect(certificate).toMatchObject({
      subject: 'CN=Test server,OU=Tests,O=Claviger',
      issuer: 'CN=Test CA,O=Claviger',
      notAfter: LATER + 50 * DAY_MS,
      subjectAlternativeNames: [
        { kind: 'dns', value: 'kms.example.com' },
        { kind: 'ip', value: '127.0.0.1' },
        { kind: 'ip', value: '2001:db8::1' },
      ],
    });
    expect(serverCertificateNeeds(certificate, NEW_NAMES, LATER)).toBe('nothing');
    expect(readFileSync(certificatePath, 'utf8')).toBe(certificate.pem);
    expect(statSync(certificatePath).mode & 0o777).toBe(0o644);
    expect(readFileSync(keyPath, 'utf8')).toBe(files.get('server.key'));
    const key = createPrivateKey(readFileSync(keyPath));
    expect(new X509Certificate(certificate.der).checkPrivateKey(key)).toBe(true);
    expect(certificate.serialNumber).not.toBe(oldCertificate().serialNumber);
  });

  it('keeps the old certificate under its serial number, and leaves nothing else behind', async () => {
    const directory = aDirectoryWithout();
    const { previousPath } = await renew(directory);
    const name = `server.crt.${oldCertificate().serialNumber}`;
    expect(previousPath).toBe(join(directory, name));
    expect(readFileSync(previousPath, 'utf8')).toBe(files.get('server.crt'));
    expect(readdirSync(directory).sort()).toEqual([...files.keys(), name].sort());
    const again = await renew(directory);
    expect(readdirSync(directory)).toHaveLength(files.size + 2);
    expect(again.previousPath).not.toBe(previousPath);
  });

  it('makes what the next start accepts', async () => {
    const directory = aDirectoryWithout();
    const { certificate } = await renew(directory);
    const options = { directory, profiles: PROFILES, serverNames: NEW_NAMES, now: () => LATER };
    const { server } = await ensureDevelopmentPki(options);
    expect(server).toMatchObject({ created: false, certificate });
  });

  it('never shows a certificate that is missing, cut off, or of another key', async () => {
    const directory = aDirectoryWithout();
    const path = join(directory, 'server.crt');
    const key = createPrivateKey(files.get('server.key') ?? '');
    let done = false;
    const renewals = (async () => {
      for (let count = 0; count < 5; count += 1) {
        await renew(directory);
      }
      done = true;
    })();
    const seen = new Set<string>();
    while (!done) {
      const { der, serialNumber } = parseCertificate(await readFile(path, 'utf8'));
      expect(new X509Certificate(der).checkPrivateKey(key)).toBe(true);
      seen.add(serialNumber);
    }
    await renewals;
    expect(seen.size).toBeGreaterThan(1);
  });

  it('goes on where an interrupted renewal stopped', async () => {
    const directory = aDirectoryWithout();
    const kept = join(directory, `server.crt.${oldCertificate().serialNumber}`);
    linkSync(join(directory, 'server.crt'), kept);
    const { certificate, previousPath } = await renew(directory);
    expect(previousPath).toBe(kept);
    expect(readFileSync(kept, 'utf8')).toBe(files.get('server.crt'));
    expect(readFileSync(join(directory, 'server.crt'), 'utf8')).toBe(certificate.pem);
  });

  it('leaves a good certificate when two renew at once', async () => {
    const directory = aDirectoryWithout();
    const made = await Promise.all([renew(directory), renew(directory)]);
    const serials = made.map(({ certificate }) => certificate.serialNumber);
    const { serialNumber } = parseCertificate(readFileSync(join(directory, 'server.crt')));
    expect(serials).toContain(serialNumber);
  });

  it('overwrites nothing else that has the name for the old certificate', async () => {
    const directory = aDirectoryWithout();
    writeFileSync(join(directory, `server.crt.${oldCertificate().serialNumber}`), 'mine');
    await expect(renew(directory)).rejects.toThrow(
      expect.objectContaining({ code: 'inaccessible', message: expect.stringMatching('EEXIST') }),
    );
    expect(readFileSync(join(directory, 'server.crt'), 'utf8')).toBe(files.get('server.crt'));
    expect(readdirSync(directory).filter((name) => name.startsWith('.new-'))).toEqual([]);
  });

  it('keeps the key, whatever kind of key the profile asks for', async () => {
    const directory = aDirectoryWithout();
    const server = { ...PROFILES.server, key: { algorithm: 'EC', curve: 'P-256' } } as const;
    const { certificate } = await renew(directory, { profiles: { ...PROFILES, server } });
    expect(certificate.publicKey).toEqual({ algorithm: 'rsa', bits: 2048 });
  });

  it.each([
    [
      'the server pair is',
      ['server.crt', 'server.key'],
      'incomplete-pair',
      /server\.crt and .*missing/,
    ],
    ['the authority is', ['ca.crt', 'ca.key'], 'incomplete-pair', /ca\.crt and .*missing/],
    ['the key of the authority is', ['ca.key'], 'incomplete-pair', /ca\.key is missing/],
  ])('stops when %s missing, and changes nothing', async (_, missing, code, message) => {
    const directory = aDirectoryWithout(...missing);
    const before = readdirSync(directory);
    await expect(renew(directory)).rejects.toThrow(
      expect.objectContaining({ code, message: expect.stringMatching(message) }),
    );
    expect(readdirSync(directory)).toEqual(before);
  });

  it('stops at a wrong name, and changes nothing', async () => {
    const directory = aDirectoryWithout();
    const before = readdirSync(directory);
    await expect(renew(directory, { serverNames: { dns: ['no name'], ips: [] } })).rejects.toThrow(
      expect.objectContaining({ code: 'invalid-request' }),
    );
    expect(readdirSync(directory)).toEqual(before);
  });

  it('stops when the authority has expired', async () => {
    const now = () => NOW + 101 * DAY_MS;
    await expect(renew(aDirectoryWithout(), { now })).rejects.toThrow(/has expired/);
  });
});
