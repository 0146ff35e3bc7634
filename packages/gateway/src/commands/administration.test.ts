import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { assertValidEvent } from '@claviger/audit-emitter/testing';
import { type KeyStore, openSqliteKeyStore } from '@claviger/key-store';
import { createKmipClient } from '@claviger/kmip-client';
import { createSelfSignedCertificate } from '@claviger/pki';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  aRunningGateway,
  aTemporaryDirectory,
  type RunningGateway,
  run,
  startCommand,
} from '../gateway.fixtures.ts';

let directory: Awaited<ReturnType<typeof aTemporaryDirectory>>;
let gateway: RunningGateway;
/** As another process would see it. */
let store: KeyStore;
beforeAll(async () => {
  directory = await aTemporaryDirectory();
  gateway = await aRunningGateway(directory);
  store = await openSqliteKeyStore({ path: join(gateway.dataDir, 'claviger.db') });
});
afterAll(async () => {
  await store.close();
  await gateway.stop();
  await directory.remove();
});

let certificates = 0;
async function aCertificateFile(validityDays = 1, now = Date.now()): Promise<string> {
  const { certificate } = await createSelfSignedCertificate(
    {
      profile: {
        subject: { commonName: 'kmipClient' },
        key: { algorithm: 'EC', curve: 'P-256' },
        validityDays,
        keyUsage: ['digitalSignature'],
        extendedKeyUsage: [],
      },
    },
    { now: () => now },
  );
  const path = join(directory.path, `client-${certificates}.pem`);
  certificates += 1;
  await writeFile(path, certificate.pem);
  return path;
}

/** The newest events, oldest first; each was checked against every rule of the log. */
async function newestEvents(count: number) {
  const afterSequence = (await store.lastEventSequence()) - count;
  const records = await store.listEvents({ afterSequence, limit: count });
  return records.map(({ body }) => {
    const event: unknown = JSON.parse(body);
    assertValidEvent(event);
    return event;
  });
}

describe('adapters', () => {
  it('are created, listed and deleted while the gateway runs, each with its event', async () => {
    const created = await gateway.command('adapter', 'create', 'berlin', '--json');
    const { id } = JSON.parse(created.out);
    expect(created.code).toBe(0);
    const listed = await gateway.command('adapter', 'list');
    expect(listed.out).toMatch(new RegExp(`^berlin +${id} `, 'm'));
    expect((await gateway.command('adapter', 'delete', 'berlin')).code).toBe(0);
    const events = await newestEvents(5);
    expect(events).toMatchObject([
      {
        action: 'hs-crypto.kmip-management.create',
        severity: 'normal',
        outcome: 'success',
        initiator: { id: 'LocalUser-tester' },
        reason: { reasonCode: 201 },
        requestData: { requestURI: '/api/v2/kmip_adapters', resourceType: 'kmip_adapter' },
        responseData: { adapterId: id },
      },
      { action: 'hs-crypto.kmip-management.list', outcome: 'success' },
      { action: 'hs-crypto.kmip-management.read', outcome: 'success' },
      { action: 'hs-crypto.kmip-management.list', outcome: 'success' },
      { action: 'hs-crypto.kmip-management.delete', outcome: 'success', severity: 'critical' },
    ]);
  });

  it('share a root key by its name, which is made once', async () => {
    const args = ['--root-key', 'shared', '--json'];
    const first = await gateway.command('adapter', 'create', 'one', ...args);
    const second = await gateway.command('adapter', 'create', 'two', ...args);
    expect(JSON.parse(second.out).rootKeyId).toBe(JSON.parse(first.out).rootKeyId);
    const events = await newestEvents(5);
    expect(events.map(({ action }) => action)).toEqual([
      'hs-crypto.secrets.list',
      'hs-crypto.secrets.create',
      'hs-crypto.kmip-management.create',
      'hs-crypto.secrets.list',
      'hs-crypto.kmip-management.create',
    ]);
  });

  it('make no root key of an id that there is not', async () => {
    const id = '00000000-0000-4000-8000-000000000000';
    const refused = await gateway.command('adapter', 'create', 'lost', '--root-key', id);
    expect(refused).toMatchObject({
      code: 5,
      err: expect.stringMatching(/There is no root key "00000000-/),
    });
  });

  it('leave no root key behind when they are refused', async () => {
    const args = ['--root-key', 'left-behind'];
    expect((await gateway.command('adapter', 'create', 'one', ...args)).code).toBe(5);
    const keys = await gateway.command('key', 'list', '--json');
    expect(keys.out).not.toContain('left-behind');
  });

  it('are refused a name that is taken, and that is on the record', async () => {
    const refused = await gateway.command('adapter', 'create', 'vcenter');
    expect(refused).toMatchObject({
      code: 5,
      out: '',
      err: 'error: There is a KMIP adapter of this name already; choose another name. (KMIP_ADAPTER_DUPLICATE_NAME_ERR)\n',
    });
    expect(await newestEvents(1)).toMatchObject([
      {
        action: 'hs-crypto.kmip-management.create',
        outcome: 'failure',
        reason: { reasonCode: 409 },
      },
    ]);
  });

  it.each(['', ' x', 'a\u001b[31m', 'x'.repeat(101)])('are refused the name %j', async (name) => {
    const refused = await gateway.command('adapter', 'create', name);
    expect(refused.code).toBe(5);
    expect(refused.err).toMatch(
      /^error: 'name' must be: 2 to 40 letters.* \(INVALID_FIELD_ERR\)$/m,
    );
  });

  it('are not deleted while they have certificates, or when there is none', async () => {
    expect(await gateway.command('adapter', 'delete', 'vcenter')).toMatchObject({
      code: 5,
      err: expect.stringMatching(/deleted with 1 certificate.*say --yes if you mean it/),
    });
    expect(await gateway.command('adapter', 'delete', 'nobody')).toMatchObject({
      code: 5,
      err: expect.stringMatching(/\(KMIP_ADAPTER_NOT_FOUND_ERR\)/),
    });
    expect(await newestEvents(1)).toMatchObject([{ reason: { reasonCode: 404 } }]);
  });
});

describe('certificates', () => {
  it('are added with both fingerprints shown, as critical, and found by any of them', async () => {
    const file = await aCertificateFile();
    const added = await gateway.command('cert', 'add', 'vcenter', file, '--name', 'second');
    expect(added.code).toBe(0);
    const [, sha1 = ''] = /SHA-1 +(\S+)/.exec(added.out) ?? [];
    const [, sha256 = ''] = /SHA-256 +(\S+)/.exec(added.out) ?? [];
    expect([sha1.length, sha256.length]).toEqual([59, 95]);
    const [event] = await newestEvents(1);
    expect(event).toMatchObject({
      action: 'hs-crypto.kmip-management.create',
      severity: 'critical',
      target: { name: 'second' },
      requestData: { resourceType: 'certificate' },
      responseData: { certificateFingerprint: sha256.replaceAll(':', '').toLowerCase() },
    });
    expect((await gateway.command('cert', 'remove', sha1)).out).toMatch(/^Removed .* second/);
    expect((await gateway.command('cert', 'remove', sha1)).code).toBe(5);
  });

  it('come from standard input as well, named by their subject', async () => {
    const pem = await readFile(await aCertificateFile(), 'utf8');
    const { environment } = directory;
    const args = ['cert', 'add', 'vcenter', '-', '--data-dir', gateway.dataDir, '--json'];
    const added = await run(args, { environment, input: pem });
    expect(JSON.parse(added.out)).toMatchObject({ name: 'kmipClient', subject: 'CN=kmipClient' });
  });

  it('belong to one adapter: a second time is refused', async () => {
    const file = await aCertificateFile();
    await gateway.command('cert', 'add', 'vcenter', file);
    expect(await gateway.command('cert', 'add', 'vcenter', file)).toMatchObject({
      code: 5,
      err: expect.stringMatching(/is registered already/),
    });
  });

  it('are refused when they have expired', async () => {
    const file = await aCertificateFile(1, Date.now() - 5 * 24 * 60 * 60 * 1000);
    expect(await gateway.command('cert', 'add', 'vcenter', file)).toMatchObject({
      code: 5,
      err: expect.stringMatching(/The certificate expired on .*have a new one made/),
    });
  });

  it('are not taken from a private key, a file of several or a file that is not there', async () => {
    const key = gateway.report.pki.clientKey;
    const several = join(directory.path, 'several.pem');
    const pem = await readFile(await aCertificateFile(), 'utf8');
    await writeFile(several, pem + pem);
    for (const [file, message] of [
      [key, /this holds a private key/],
      [several, /there are 2 certificates in this text/],
      [join(directory.path, 'nowhere.pem'), /cannot be read \(ENOENT\)/],
    ] as const) {
      const refused = await gateway.command('cert', 'add', 'vcenter', file);
      expect(refused.code).toBe(3);
      expect(refused.err).toMatch(message);
      expect(refused.err).not.toMatch(/-----BEGIN/);
    }
  });

  it('are listed, all or those of an adapter', async () => {
    const all = await gateway.command('cert', 'list');
    expect(all.out).toMatch(/^vcenter-client +vcenter /m);
    const none = await gateway.command('cert', 'list', '--adapter', 'one', '--json');
    expect(JSON.parse(none.out)).toEqual([]);
    expect((await gateway.command('cert', 'list', '--adapter', 'nobody')).code).toBe(5);
  });

  it('bite when they are removed: the next request of an open connection is refused', async () => {
    const { pki, kmip } = gateway.report;
    const client = createKmipClient({
      ...kmip,
      tls: {
        ca: await readFile(pki.caCertificate),
        cert: await readFile(pki.clientCertificate),
        key: await readFile(pki.clientKey),
      },
    });
    const id = await client.create({ algorithm: 'AES', lengthBits: 256, usage: ['Encrypt'] });
    expect((await gateway.command('cert', 'remove', 'vcenter-client')).code).toBe(0);
    await expect(client.get(id)).rejects.toMatchObject({ name: 'KmipClientError' });
    await client.close();
    const added = await gateway.command(
      'cert',
      'add',
      'vcenter',
      pki.clientCertificate,
      '--name',
      'vcenter-client',
    );
    expect(added.code).toBe(0);
  });
});

describe('objects and events', () => {
  it('show the life of a key, and never the key', async () => {
    const { uniqueIdentifier: id } = JSON.parse(
      (await gateway.kmip('create', '--name', 'db', '--json')).out,
    );
    expect((await gateway.kmip('activate', id)).code).toBe(0);
    const got = JSON.parse((await gateway.kmip('get', id, '--show-key', '--json')).out);
    expect(got).toMatchObject({ materialBytes: 32, cryptographicAlgorithm: 'AES' });
    expect((await gateway.kmip('get', id)).out).not.toContain(got.material);
    expect((await gateway.kmip('locate', '--name', 'db', '--json')).out).toBe(
      `{"uniqueIdentifiers":["${id}"]}\n`,
    );
    expect(await gateway.kmip('destroy', id)).toMatchObject({
      code: 5,
      err: expect.stringMatching(/Destroy failed with PermissionDenied: .*revoke it/),
    });
    expect((await gateway.kmip('revoke', id, '--reason', 'KeyCompromise')).code).toBe(0);
    expect((await gateway.kmip('destroy', id)).code).toBe(0);

    const listed = await gateway.command('object', 'list', '--adapter', 'vcenter', '--limit', '1');
    expect(listed.out).toMatch(
      new RegExp(`^${id} +SymmetricKey +DestroyedCompromised +AES 256 .*db$`, 'm'),
    );
    const shown = await gateway.command('object', 'show', id);
    expect(shown.out).toMatch(/Key material +none \(destroyed\)/);
    expect(shown.out).toMatch(/Cryptographic Usage Mask +Encrypt, Decrypt/);
    const json = await gateway.command('object', 'show', id, '--json');
    expect(JSON.parse(json.out)).toMatchObject({ id, hasMaterial: false });
    const log = await gateway.command('events', 'list', '--json');
    for (const text of [listed.out, shown.out, json.out, log.out, gateway.err()]) {
      expect(text).not.toContain(got.material);
    }
    // Whoever read the log is on it too.
    expect(await newestEvents(2)).toMatchObject([
      { action: 'hs-crypto.kmip-management.read', target: { name: id } },
      { action: 'claviger.audit-events.read', initiator: { id: 'LocalUser-tester' } },
    ]);
    expect((await gateway.command('object', 'show', 'nothing')).code).toBe(5);
  });

  it('are counted from a place in the log, up to a limit', async () => {
    const all = (await gateway.command('events', 'list', '--json')).out.trim().split('\n');
    const some = await gateway.command('events', 'list', '--json', '--after', '2', '--limit', '3');
    expect(some.out.trim().split('\n')).toEqual(all.slice(2, 5));
    const table = await gateway.command('events', 'list', '--after', '0', '--limit', '1');
    expect(table.out).toMatch(
      /^ +1 {2}\S+ \S+Z {2}normal {4}success {2}hs-crypto\.secrets\.create /,
    );
    expect((await gateway.command('events', 'list', '--after', '999999')).out).toBe('');
  });

  it('are followed as they come', async () => {
    const tail = startCommand(
      ['events', 'tail', '--lines', '1', '--json', '--data-dir', gateway.dataDir],
      { environment: directory.environment },
    );
    await tail.outLine(0);
    await gateway.kmip('discover');
    const following: unknown = JSON.parse(await tail.outLine(1));
    expect(following).toMatchObject({ action: 'claviger.audit-events.read' });
    const event: unknown = JSON.parse(await tail.outLine(2));
    expect(event).toMatchObject({ action: 'claviger.kmip-server.discover-versions' });
    tail.stop();
    expect(await tail.ended).toBe(0);
  });
});

describe('the KMIP client', () => {
  it('asks what the server can do', async () => {
    const discovered = await gateway.kmip('discover', '--json');
    expect(JSON.parse(discovered.out).versions).toContain('1.1');
    const query = await gateway.kmip('query');
    expect(query.out).toMatch(/^operation +Activate, /m);
  });

  it('says that nobody is there, or which file is missing', async () => {
    const nobody = await gateway.command('kmip', 'discover', '--server', '127.0.0.1:1');
    expect(nobody.code).toBe(6);
    expect(nobody.err).toMatch(/^error: No connection to 127\.0\.0\.1:1/);
    const missing = await run(['kmip', 'discover', '--data-dir', join(directory.path, 'empty')]);
    expect(missing.code).toBe(3);
    expect(missing.err).toMatch(/client\.crt cannot be read \(ENOENT\)\. Start a gateway/);
  });

  it('tells programs of an error in JSON, on standard error', async () => {
    const refused = await gateway.kmip('get', 'no-such-object', '--json');
    expect(refused.code).toBe(5);
    expect(refused.out).toBe('');
    expect(JSON.parse(refused.err)).toMatchObject({ error: { reason: 'refused' } });
  });
});
