import { chmod, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createCertificateAuthority, createSelfSignedCertificate } from '@claviger/pki';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { loadCertificateProfiles } from './certificate-profiles.ts';
import { loadSettings } from './config/load-settings.ts';
import type { Settings } from './config/settings-schema.ts';
import { dataDirectoryAt } from './data-directory.ts';
import { aTemporaryDirectory } from './gateway.fixtures.ts';
import { loadServerCertificate, needOf, type ServerCertificate } from './server-certificate.ts';
import {
  createServerCertificateKeeper,
  type ServerCertificateKeeper,
} from './server-certificate-keeper.ts';

const DAY_MS = 24 * 60 * 60 * 1000;

let directory: Awaited<ReturnType<typeof aTemporaryDirectory>>;
beforeAll(async () => {
  directory = await aTemporaryDirectory();
});
afterAll(() => directory.remove());

interface Kept {
  readonly keeper: ServerCertificateKeeper;
  readonly settings: Settings;
  readonly replaced: ServerCertificate[];
  readonly lines: { readonly level: string; readonly fields: object; readonly message: string }[];
  readonly clock: { now: number };
}

let folders = 0;
let folder: string;
beforeEach(() => {
  folder = join(directory.path, `data-${folders++}`);
});

async function aKeeper(
  environment: Record<string, string> = {},
  refuse: (next: ServerCertificate) => void = () => {},
): Promise<Kept> {
  const settings = await loadSettings({
    environment: {
      ...directory.environment,
      CLAVIGER_KMIP__LISTENERS__0__HOST: '127.0.0.1',
      ...environment,
    },
    overrides: [],
    workingDirectory: directory.path,
  });
  const clock = { now: Date.now() };
  const dataDirectory = dataDirectoryAt(folder);
  const first = await loadServerCertificate(settings, dataDirectory, () => clock.now);
  const replaced: ServerCertificate[] = [];
  const lines: Kept['lines'] = [];
  const note = (level: string) => (fields: object, message: string) => {
    lines.push({ level, fields, message });
  };
  const keeper = createServerCertificateKeeper(settings, first, {
    directory: dataDirectory,
    now: () => clock.now,
    log: { info: note('info'), warn: note('warn'), error: note('error') },
    async onReplaced(next) {
      refuse(next);
      replaced.push(next);
    },
  });
  return { keeper, settings, replaced, lines, clock };
}

/** A pair in files of its own. */
async function aPair(name: string, validityDays = 30) {
  const profiles = await loadCertificateProfiles({
    profiles_file: directory.environment['CLAVIGER_TLS__PROFILES_FILE'],
  });
  const { certificate, privateKeyPem } = await createSelfSignedCertificate(
    { profile: profiles.server, subject: { commonName: name }, validityDays, dnsNames: [name] },
    { now: () => Date.now() },
  );
  return { cert: certificate.pem, key: privateKeyPem, certificate };
}

async function keeperOfFiles(refuse?: (next: ServerCertificate) => void) {
  const paths = { cert: join(directory.path, 'own.crt'), key: join(directory.path, 'own.key') };
  await put(paths, await aPair('first.example'));
  const environment = {
    CLAVIGER_TLS__CERTIFICATE_FILE: paths.cert,
    CLAVIGER_TLS__KEY_FILE: paths.key,
  };
  return { paths, ...(await aKeeper(environment, refuse)) };
}

async function put(
  paths: { readonly cert: string; readonly key: string },
  pair: { readonly cert: string; readonly key: string },
): Promise<void> {
  await writeFile(paths.cert, pair.cert);
  await writeFile(paths.key, pair.key, { mode: 0o600 });
  await chmod(paths.key, 0o600); // of a file that was there, too
}

describe('a certificate from files', () => {
  it('is replaced when the files have changed and stay as they are', async () => {
    const { keeper, paths, replaced, lines } = await keeperOfFiles();
    await keeper.look();
    expect(replaced).toEqual([]);
    const next = await aPair('second.example');
    await put(paths, next);
    await keeper.look();
    expect(replaced).toEqual([]);
    await keeper.look();
    await keeper.look();
    expect(replaced.map(({ certificate }) => certificate.subject)).toEqual(['CN=second.example']);
    expect(keeper.current().cert).toBe(next.cert);
    expect(lines).toMatchObject([
      {
        level: 'info',
        message: 'the server certificate was replaced',
        fields: {
          names: ['second.example'],
          sha1: expect.stringMatching(/^(?:[0-9A-F]{2}:){19}[0-9A-F]{2}$/),
          sha256: expect.stringMatching(/^(?:[0-9A-F]{2}:){31}[0-9A-F]{2}$/),
        },
      },
    ]);
  });

  it('may have a key that its group reads', async () => {
    const { keeper, paths, replaced } = await keeperOfFiles();
    await put(paths, await aPair('group.example'));
    await chmod(paths.key, 0o640);
    await keeper.reload();
    expect(replaced).toHaveLength(1);
  });

  it('is replaced at once when somebody asks for it', async () => {
    const { keeper, paths, replaced } = await keeperOfFiles();
    await put(paths, await aPair('asked.example'));
    await keeper.reload();
    expect(replaced).toHaveLength(1);
    await keeper.reload();
    expect(replaced).toHaveLength(1);
  });

  it.each<[string, (paths: { cert: string; key: string }) => Promise<void>, RegExp]>([
    ['is no certificate', (paths) => writeFile(paths.cert, 'nonsense'), /own\.crt/],
    ['is a private key', async (paths) => writeFile(paths.cert, await readFile(paths.key)), /key/],
    [
      'has another key',
      async (paths) => writeFile(paths.cert, (await aPair('other.example')).cert),
      /own\.key is not the private key of .*own\.crt/,
    ],
    ['has a broken key', (paths) => writeFile(paths.key, '-----BEGIN'), /no private key/],
    ['has a key that everybody reads', (paths) => chmod(paths.key, 0o644), /mode 644\).*chmod 600/],
    ['is gone', (paths) => rm(paths.cert), /cannot be read \(ENOENT\)/],
    [
      'has a broken chain',
      async (paths) => {
        const { cert, key } = await aPair('chain.example');
        const broken = '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n';
        await put(paths, { cert: cert + broken, key });
      },
      /What follows the certificate/,
    ],
    ['is too large', (paths) => writeFile(paths.cert, new Uint8Array(300_000)), /300000 bytes/],
  ])('that %s is refused with one line, and the old one stays', async (_name, damage, words) => {
    const { keeper, paths, replaced, lines } = await keeperOfFiles();
    const before = keeper.current();
    await damage(paths);
    for (let looks = 0; looks < 4; looks++) await keeper.look();
    expect(replaced).toEqual([]);
    expect(keeper.current()).toBe(before);
    expect(lines).toMatchObject([
      { level: 'error', fields: { reason: expect.stringMatching(words) } },
    ]);
    expect(JSON.stringify(lines)).not.toContain('PRIVATE KEY-----\\n');
    const mended = await aPair('mended.example');
    await put(paths, mended);
    for (let looks = 0; looks < 2; looks++) await keeper.look();
    expect(keeper.current().cert).toBe(mended.cert);
  });

  it('that has expired is refused, and the old one stays', async () => {
    const { keeper, paths, replaced, clock, lines } = await keeperOfFiles();
    await put(paths, await aPair('short.example', 1));
    clock.now += 2 * DAY_MS;
    await keeper.reload();
    expect(replaced).toEqual([]);
    expect(lines).toMatchObject([{ fields: { reason: expect.stringMatching(/has expired/) } }]);
  });

  it('that a listener does not take stays the old one', async () => {
    const { keeper, paths, lines } = await keeperOfFiles(() => {
      throw new Error('no');
    });
    const before = keeper.current();
    await put(paths, await aPair('second.example'));
    await keeper.reload();
    expect(keeper.current()).toBe(before);
    expect(lines).toMatchObject([{ level: 'error', fields: { reason: 'no' } }]);
  });

  it('is never renewed here', async () => {
    const { keeper, replaced, clock } = await keeperOfFiles();
    clock.now += 29 * DAY_MS;
    await keeper.renewWhenDue();
    await keeper.reload();
    expect(replaced).toEqual([]);
  });
});

describe('a certificate that was made here', () => {
  it('is renewed with its key in its last 30 days, once', async () => {
    const { keeper, replaced, clock } = await aKeeper();
    const first = keeper.current();
    await keeper.renewWhenDue();
    expect(replaced).toEqual([]);
    clock.now = first.certificate.notAfter - 20 * DAY_MS;
    await keeper.renewWhenDue();
    await keeper.renewWhenDue();
    expect(replaced).toHaveLength(1);
    const next = keeper.current();
    expect(next.key).toBe(first.key);
    expect(next.certificate.notAfter).toBeGreaterThan(first.certificate.notAfter);
    const kept = `${first.certificatePath}.${first.certificate.serialNumber}`;
    expect(await readFile(kept, 'utf8')).toBe(first.cert);
  });

  it('is not renewed by itself where the setting says so', async () => {
    const { keeper, replaced, clock } = await aKeeper({ CLAVIGER_TLS__RENEW: 'false' });
    clock.now = keeper.current().certificate.notAfter - 20 * DAY_MS;
    await keeper.renewWhenDue();
    expect(replaced).toEqual([]);
    await keeper.reload();
    expect(replaced).toHaveLength(1);
  });

  it('gets the names of the configuration when somebody asks for it, and not by itself', async () => {
    await aKeeper();
    const stated = { CLAVIGER_KMIP__LISTENERS__0__PUBLIC_NAME: 'kmip.example.com:5696' };
    const { keeper, settings, replaced, clock } = await aKeeper(stated);
    expect(needOf(keeper.current(), settings, clock.now)).toBe('names-missing');
    await keeper.renewWhenDue();
    expect(replaced).toEqual([]);
    await keeper.reload();
    expect(replaced[0]?.certificate.subjectAlternativeNames).toContainEqual({
      kind: 'dns',
      value: 'kmip.example.com',
    });
    expect(needOf(keeper.current(), settings, clock.now)).toBe('nothing');
  });

  it.each<[string, () => Promise<void>, RegExp]>([
    [
      'is gone',
      () => rename(join(folder, 'pki/ca.key'), join(folder, 'ca.key')),
      /ca\.key is missing/,
    ],
    ['ends with it', replaceAuthority, /would live no longer/],
  ])('stays when its authority %s', async (_name, change, words) => {
    const { keeper, replaced, lines, clock } = await aKeeper();
    await change();
    clock.now = keeper.current().certificate.notAfter - DAY_MS;
    await keeper.renewWhenDue();
    expect(replaced).toEqual([]);
    expect(lines).toMatchObject([
      { level: 'error', fields: { reason: expect.stringMatching(words) } },
    ]);
  });

  /** An authority whose life ends with that of the server. */
  async function replaceAuthority(): Promise<void> {
    const file = directory.environment['CLAVIGER_TLS__PROFILES_FILE'];
    const { certificateAuthority } = await loadCertificateProfiles({ profiles_file: file });
    const short = { ...certificateAuthority, validityDays: 370 };
    const ca = await createCertificateAuthority(short, { now: () => Date.now() });
    const pki = join(folder, 'pki');
    await Promise.all(['server.crt', 'server.key'].map((name) => rm(join(pki, name))));
    await Promise.all(['client.crt', 'client.key'].map((name) => rm(join(pki, name))));
    await writeFile(join(pki, 'ca.crt'), ca.certificate.pem);
    await writeFile(join(pki, 'ca.key'), ca.privateKeyPem);
  }

  it('is not made anew when its files vanish while it is shown', async () => {
    const { keeper, replaced } = await aKeeper();
    const { certificatePath, keyPath } = keeper.current();
    await Promise.all([rm(certificatePath), rm(keyPath)]);
    for (let looks = 0; looks < 3; looks++) await keeper.look();
    expect(replaced).toEqual([]);
    await expect(readFile(keyPath)).rejects.toThrow('ENOENT');
  });
});
