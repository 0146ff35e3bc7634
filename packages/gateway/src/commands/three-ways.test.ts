/** Every command that manages, over each of the three ways to the API: one gateway is stopped for the last. */
import { readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createKmipClient } from '@claviger/kmip-client';
import { createCertificateAuthority, createSelfSignedCertificate } from '@claviger/pki';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  aRunningGateway,
  aTemporaryDirectory,
  type FinishedCommand,
  type RunningGateway,
  type RunOptions,
  run,
} from '../gateway.fixtures.ts';
import { REQUEST_PEM } from './certificate-request.fixtures.ts';

const WAYS = ['over HTTPS', 'over the socket', 'in its own process'] as const;
type Way = (typeof WAYS)[number];

const PROFILE = {
  subject: { commonName: 'way client' },
  key: { algorithm: 'EC', curve: 'P-256' },
  validityDays: 20,
  keyUsage: ['digitalSignature'],
  extendedKeyUsage: [],
} as const;

/** One way, ready to run commands. */
interface Rig {
  readonly gateway: RunningGateway;
  readonly folder: string;
  readonly objectId: string;
  run(args: readonly string[], options?: RunOptions): Promise<FinishedCommand>;
  /** Runs a command that has to succeed, with `--json`. */
  json(...args: readonly string[]): Promise<unknown>;
  events(): Promise<readonly { readonly action: string; readonly initiator: { id: string } }[]>;
  remove(): Promise<void>;
}

async function aRig(way: Way): Promise<Rig> {
  const directory = await aTemporaryDirectory();
  const gateway = await aRunningGateway(directory);
  const { dataDir, report } = gateway;
  const client = createKmipClient({
    ...report.kmip,
    tls: {
      ca: await readFile(report.pki.caCertificate),
      cert: await readFile(report.pki.clientCertificate),
      key: await readFile(report.pki.clientKey),
    },
  });
  const objectId = await client.create({ algorithm: 'AES', lengthBits: 256, usage: ['Encrypt'] });
  await client.close();
  const made = await gateway.command('apikey', 'create', '--role', 'Manager', '--json');
  const keyFile = join(directory.path, 'api.key');
  await writeFile(keyFile, `${JSON.parse(made.out).apikey}\n`, { mode: 0o600 });
  if (way === 'in its own process') await gateway.stop();
  const environment =
    way === 'over HTTPS'
      ? {
          CLAVIGER_URL: `https://127.0.0.1:${report.api.port}`,
          CLAVIGER_API_KEY_FILE: keyFile,
          CLAVIGER_CA_FILE: report.pki.caCertificate,
        }
      : directory.environment;
  const where = way === 'over HTTPS' ? [] : ['--data-dir', dataDir];
  const runIt = (args: readonly string[], options: RunOptions = {}) =>
    run([...args, ...where], { workingDirectory: directory.path, ...options, environment });
  return {
    gateway,
    folder: directory.path,
    objectId,
    run: runIt,
    async json(...args) {
      const { code, out, err } = await runIt([...args, '--json']);
      if (code !== 0) throw new Error(`${args.join(' ')} ended with ${code}: ${err}`);
      return JSON.parse(out);
    },
    async events() {
      const listed = await run([
        'events',
        'list',
        '--limit',
        '500',
        '--json',
        '--data-dir',
        dataDir,
      ]);
      return listed.out
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line));
    },
    async remove() {
      if (way !== 'in its own process') await gateway.stop();
      await directory.remove();
    },
  };
}

let files = 0;
async function aCertificateFile(folder: string): Promise<string> {
  const { certificate } = await createSelfSignedCertificate(
    { profile: PROFILE },
    { now: Date.now },
  );
  files += 1;
  const path = join(folder, `client.${files}.pem`);
  await writeFile(path, certificate.pem);
  return path;
}

describe.each(WAYS)('management %s', (way) => {
  let rig: Rig;
  beforeAll(async () => {
    rig = await aRig(way);
  }, 60_000);
  afterAll(() => rig.remove());

  it('creates, shows, lists and deletes adapters', async () => {
    const args = ['--root-key', 'tenant', '--description', 'of the tests'];
    const created = await rig.json('adapter', 'create', 'berlin', ...args);
    expect(created).toEqual({
      id: expect.any(String),
      name: 'berlin',
      description: 'of the tests',
      rootKeyId: expect.any(String),
      createdAt: expect.any(String),
    });
    expect(await rig.json('adapter', 'list')).toContainEqual(created);
    const shown = await rig.run(['adapter', 'show', 'berlin']);
    expect(shown.out).toMatch(/^Root key +tenant \(\S+\), enabled$/m);
    await rig.json('cert', 'add', 'berlin', await aCertificateFile(rig.folder));
    expect((await rig.run(['adapter', 'delete', 'berlin'])).code).toBe(5);
    const no = await rig.run(['adapter', 'delete', 'berlin'], { input: 'no\n', isTyped: true });
    expect(no).toMatchObject({ code: 5, err: expect.stringMatching(/Nothing was done/) });
    const yes = await rig.run(['adapter', 'delete', 'berlin'], { input: 'yes\n', isTyped: true });
    expect(yes).toMatchObject({ code: 0, out: expect.stringMatching(/^Deleted adapter berlin/) });
    expect(await rig.json('adapter', 'list')).not.toContainEqual(created);
  }, 60_000);

  it('adds, shows, lists and removes certificates, with the days that are left', async () => {
    const added = await rig.json('cert', 'add', 'vcenter', await aCertificateFile(rig.folder));
    expect(added).toMatchObject({
      subject: 'CN=way client',
      warnings: [{ code: 'expires-soon', message: expect.stringMatching(/expires in \d+ days/) }],
    });
    const name = String(Object(added).name);
    expect(name).toMatch(/^client-\d+$/);
    const listed = await rig.run(['cert', 'list', '--adapter', 'vcenter']);
    expect(listed.out).toMatch(
      new RegExp(`^${name} +vcenter +\\S+ +in (?:19|20) days +CN=way`, 'm'),
    );
    expect(listed.out).toMatch(/Within 90 days of the end: [12] certificates?/);
    expect(await rig.json('cert', 'list')).toContainEqual(
      expect.objectContaining({ name, daysLeft: expect.any(Number) }),
    );
    const shown = await rig.run(['cert', 'show', name]);
    expect(shown.out).toContain('-----BEGIN CERTIFICATE-----');
    expect((await rig.run(['cert', 'remove', name])).out).toMatch(/^Removed certificate client-/);
    expect((await rig.run(['cert', 'show', name])).code).toBe(5);
  }, 60_000);

  it('lists refused certificates, and refuses to trust one that was not', async () => {
    expect(await rig.json('cert', 'refused')).toEqual(await rig.json('refused', 'list'));
    for (const group of ['cert', 'refused']) {
      const args = [group, 'trust', 'a'.repeat(64), '--adapter', 'vcenter'];
      expect(await rig.run([...args, '--json'])).toMatchObject({
        code: 5,
        err: expect.stringMatching(/"code":"REFUSED_CERT_NOT_FOUND_ERR"/),
      });
    }
  }, 60_000);

  it('signs a request, to standard output or to a file', async () => {
    const input = { input: REQUEST_PEM };
    const signed = await rig.run(['cert', 'sign', 'vcenter', '-', '--name', 'signed'], input);
    expect(signed).toMatchObject({ code: 0, err: '' });
    expect(signed.out).toMatch(/^-----BEGIN CERTIFICATE-----\n[\s\S]+-----END CERTIFICATE-----\n$/);
    await rig.json('cert', 'remove', 'signed');
    const args = [
      'cert',
      'sign',
      'vcenter',
      '-',
      '--out',
      'signed.crt',
      '--days',
      '3',
      '--name',
      'kept',
    ];
    const written = await rig.run(args, input);
    expect(written.out).toMatch(/^Signed certificate kept for adapter vcenter: signed\.crt/);
    expect(await rig.run(args, input)).toMatchObject({
      code: 3,
      err: expect.stringMatching(/signed\.crt already.*--force/),
    });
    await rig.json('cert', 'remove', 'kept');
  }, 60_000);

  it('makes keys with their certificates in three forms, for their owner alone', async () => {
    await rig.json('cert', 'issue', 'vcenter', 'made-pair', '--days', '1');
    await rig.json('cert', 'issue', 'vcenter', 'made-single', '--single', '--out', 'one');
    const typed = { input: 'long enough\nlong enough\n', isTyped: true };
    const p12 = await rig.run(['cert', 'issue', 'vcenter', 'made-p12', '--p12'], typed);
    expect(p12).toMatchObject({ code: 0, out: expect.stringMatching(/made-p12\.p12$/m) });
    expect(p12.err).not.toContain('long enough');
    const contents = [];
    for (const name of ['made-pair.crt', 'made-pair.key', 'one.pem', 'made-p12.p12']) {
      const path = join(rig.folder, name);
      expect((await stat(path)).mode & 0o777).toBe(0o600);
      contents.push(await readFile(path));
    }
    const [crt, key, single, bundle] = contents;
    expect(String(crt)).toMatch(/^-----BEGIN CERTIFICATE-----/);
    expect(String(key)).toMatch(/^-----BEGIN PRIVATE KEY-----/);
    expect(String(single)).toMatch(
      /^-----BEGIN CERTIFICATE-----[\s\S]+-----BEGIN PRIVATE KEY-----/,
    );
    expect(bundle?.[0]).toBe(0x30);
    const again = await rig.run(['cert', 'issue', 'vcenter', 'made-pair']);
    expect(again).toMatchObject({ code: 3, err: expect.stringMatching(/made-pair\.crt already/) });
    for (const name of ['made-pair', 'made-single', 'made-p12'])
      await rig.json('cert', 'remove', name);
  }, 60_000);

  it('adds, lists and removes authorities of clients', async () => {
    const profile = {
      ...PROFILE,
      subject: { commonName: 'way CA' },
      keyUsage: ['keyCertSign'] as const,
    };
    const authority = await createCertificateAuthority(profile, { now: Date.now });
    const input = { input: authority.certificate.pem };
    const args = [
      'cert',
      'authority',
      'add',
      'vcenter',
      '-',
      '--subject-rule',
      'CN=way-*',
      '--json',
    ];
    const added = JSON.parse((await rig.run(args, input)).out);
    expect(added).toMatchObject({ name: 'way-CA', subjectRule: 'CN=way-*', subject: 'CN=way CA' });
    const listed = await rig.run(['cert', 'authority', 'list']);
    expect(listed.out).toMatch(/^way-CA +vcenter +\S+ +in \d+ days +CN=way-\* +CN=way CA/m);
    expect(await rig.json('cert', 'authority', 'remove', 'vcenter', 'way-CA')).toMatchObject({
      id: added.id,
    });
    expect((await rig.run(['cert', 'authority', 'remove', 'vcenter', 'way-CA'])).code).toBe(5);
  }, 60_000);

  it('makes, imports, rotates, disables and deletes root keys', async () => {
    const made = await rig.json('key', 'create', 'spare', '--alias', 'spare-one');
    expect(made).toMatchObject({ name: 'spare', state: 'enabled', imported: false });
    const file = join(rig.folder, 'brought.key');
    await writeFile(file, Buffer.alloc(32, 7), { mode: 0o600 });
    const brought = await rig.json('key', 'import', 'brought', file);
    expect(brought).toMatchObject({ name: 'brought', imported: true });
    expect(await rig.json('key', 'rotate', 'spare-one')).toMatchObject({
      rotatedAt: expect.any(String),
    });
    expect(await rig.run(['key', 'disable', 'spare'])).toMatchObject({
      code: 5,
      err: expect.stringMatching(/say --yes if you mean it/),
    });
    expect(await rig.json('key', 'disable', 'spare', '--yes')).toMatchObject({ state: 'disabled' });
    expect(await rig.run(['key', 'enable', 'spare'])).toMatchObject({
      code: 5,
      err: expect.stringMatching(/\(REQ_TOO_EARLY_ERR\)/),
    });
    expect((await rig.run(['key', 'show', 'default'])).out).toMatch(/^Adapters +vcenter/m);
    for (const name of ['spare', 'brought']) await rig.json('key', 'delete', name, '--yes');
    const living = await rig.json('key', 'list');
    expect(JSON.stringify(living)).not.toContain('spare');
    expect((await rig.run(['key', 'list', '--all'])).out).toMatch(/^spare +deleted /m);
    expect(await rig.run(['key', 'show', 'spare'])).toMatchObject({
      code: 5,
      err: expect.stringMatching(/There is no root key "spare"/),
    });
  }, 60_000);

  it('shows, lists and destroys objects, an active one by force only', async () => {
    const { objectId } = rig;
    expect(await rig.json('object', 'show', objectId)).toMatchObject({
      id: objectId,
      objectType: 'SymmetricKey',
      state: 'PreActive',
      hasMaterial: true,
      attributes: expect.arrayContaining([{ name: 'Cryptographic Algorithm', value: 'AES' }]),
    });
    expect((await rig.run(['object', 'list'])).out).toMatch(
      new RegExp(`^${objectId} +SymmetricKey +PreActive +AES 256 `, 'm'),
    );
    expect((await rig.run(['object', 'delete', objectId])).code).toBe(5);
    expect((await rig.run(['object', 'delete', objectId, '--yes'])).out).toMatch(/^Destroyed /);
    expect((await rig.run(['object', 'show', objectId])).out).toMatch(/^State +Destroyed$/m);
    expect(await rig.run(['object', 'show', 'nothing'])).toMatchObject({
      code: 5,
      err: expect.stringMatching(/There is no object "nothing"/),
    });
  }, 60_000);

  it('leaves events in the name of whoever it was, and no secret anywhere', async () => {
    const events = await rig.events();
    const who = way === 'over HTTPS' ? /^iam-ServiceId-/ : /^LocalUser-tester$/;
    const creations = events.filter(
      ({ action, initiator }) =>
        action === 'hs-crypto.kmip-management.create' && who.test(initiator.id),
    );
    expect(creations.length).toBeGreaterThan(5);
    expect(JSON.stringify(events)).not.toMatch(/PRIVATE KEY|long enough/);
  }, 60_000);
});

it('falls back to its own process when a gateway left its socket behind', async () => {
  const rig = await aRig('over the socket');
  const socket = join(rig.gateway.dataDir, 'run', 'api.sock');
  expect((await stat(socket)).isSocket()).toBe(true);
  expect((await stat(socket)).mode & 0o077).toBe(0);
  await rig.gateway.stop();
  await rm(socket, { force: true });
  await writeFile(socket, '');
  expect((await rig.run(['adapter', 'list'])).code).toBe(0);
  await rm(rig.folder, { recursive: true, force: true });
}, 60_000);
