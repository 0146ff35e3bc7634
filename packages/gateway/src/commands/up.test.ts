import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseAuditEvent } from '@claviger/audit-emitter';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  aRunningGateway,
  aTemporaryDirectory,
  type RunningGateway,
  run,
  startCommand,
} from '../gateway.fixtures.ts';

let directory: Awaited<ReturnType<typeof aTemporaryDirectory>>;
beforeAll(async () => {
  directory = await aTemporaryDirectory();
});
afterAll(() => directory.remove());

async function filesOf({ report }: RunningGateway): Promise<readonly string[]> {
  return await Promise.all(Object.values(report.pki).map((path) => readFile(path, 'utf8')));
}

describe('claviger up', () => {
  it('makes everything, says so in one line, and changes nothing when it starts again', async () => {
    const first = await aRunningGateway(directory);
    const { report, dataDir } = first;
    expect(report).toMatchObject({
      ready: true,
      kmip: { host: '127.0.0.1' },
      dataDir,
      adapter: { name: 'vcenter' },
      certificate: { name: 'vcenter-client' },
      pki: {
        caCertificate: join(dataDir, 'pki', 'ca.crt'),
        serverCertificate: join(dataDir, 'pki', 'server.crt'),
        clientCertificate: join(dataDir, 'pki', 'client.crt'),
        clientKey: join(dataDir, 'pki', 'client.key'),
      },
    });
    expect(report.instance).toMatch(/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
    expect(report.kmip.port).toBeGreaterThan(0);
    expect(report.api.port).toBeGreaterThan(0);
    expect(report.server.sha1).toMatch(/^(?:[0-9A-F]{2}:){19}[0-9A-F]{2}$/);
    const files = await filesOf(first);
    expect(await first.stop()).toBe(0);

    const second = await aRunningGateway(directory);
    expect(second.report.instance).toBe(report.instance);
    expect(second.report.adapter).toEqual(report.adapter);
    expect(second.report.certificate).toEqual(report.certificate);
    expect(await filesOf(second)).toEqual(files);
    const events = await second.command('events', 'list', '--json');
    expect(
      events.out
        .trim()
        .split('\n')
        .map((line) => parseAuditEvent(JSON.parse(line)).action),
    ).toEqual([
      'hs-crypto.secrets.create',
      'hs-crypto.kmip-management.create',
      'hs-crypto.kmip-management.create',
    ]);
    expect(await second.stop()).toBe(0);
  });

  it('keeps its directory and its master key to its owner', async () => {
    const gateway = await aRunningGateway(directory);
    const modes = await Promise.all(
      [
        '',
        'keys',
        'pki',
        'keys/master.key',
        'keys/token-signing.key',
        'claviger.db',
        'pki/client.key',
      ].map(async (name) => ((await stat(join(gateway.dataDir, name))).mode & 0o777).toString(8)),
    );
    expect(modes).toEqual(['700', '700', '700', '600', '600', '600', '600']);
    await gateway.stop();
  });

  it('answers a KMIP client, and /healthz and /readyz', async () => {
    const gateway = await aRunningGateway(directory);
    const created = await gateway.kmip('create', '--json');
    expect(created.code).toBe(0);
    for (const [path, body] of [
      ['/healthz', { status: 'up' }],
      ['/readyz', { status: 'ready', checks: { store: 'ok', masterKey: 'ok', listeners: 'ok' } }],
    ] as const) {
      const answer = await gateway.api(path);
      expect(answer).toEqual({ status: 200, body });
    }
    await gateway.stop();
  });

  it('tells people what to do next, with both fingerprints of the server', async () => {
    const args = ['--data-dir', join(directory.path, 'data'), '--kmip', '127.0.0.1:0'];
    const started = startCommand(['up', ...args, '--api', '127.0.0.1:0'], {
      environment: directory.environment,
    });
    await started.outLine(25);
    started.stop();
    expect(await started.ended).toBe(0);
    const out = started.out();
    expect(out).toMatch(/Claviger is ready/);
    expect(out).toMatch(/Add Standard\n\s+Key Provider\. Address 127\.0\.0\.1, port \d+/);
    expect(out).toMatch(/SHA-1\s+(?:[0-9A-F]{2}:){19}[0-9A-F]{2}\n/);
    expect(out).toMatch(/SHA-256\s+(?:[0-9A-F]{2}:){31}[0-9A-F]{2}\n/);
    expect(out).toMatch(/claviger apikey create --role Manager --data-dir \S+\n/);
    expect(out).toMatch(/claviger kmip create --data-dir \S+ --server 127\.0\.0\.1:\d+\n/);
  });

  it('moves the first listener with --kmip, and keeps what else is configured of it', async () => {
    const path = join(directory.path, 'moved');
    await mkdir(path);
    const configFile = join(path, 'claviger.toml');
    await writeFile(configFile, '[[kmip.listeners]]\nport = 5697\nnetwork = "public"\n');
    const environment = { ...directory.environment, CLAVIGER_CONFIG: configFile };
    const gateway = await aRunningGateway({ ...directory, path, environment });
    expect((await gateway.kmip('create')).code).toBe(0);
    const made = await gateway.command('events', 'list', '--action', '*.kmip-key.create', '--json');
    expect(parseAuditEvent(JSON.parse(made.out)).initiator.host?.address).toBe('127.0.0.1');
    await gateway.stop();
  });

  it('does not let a client in again whose certificate was removed', async () => {
    const first = await aRunningGateway(directory);
    expect((await first.command('cert', 'remove', 'vcenter-client')).code).toBe(0);
    await first.stop();
    const second = await aRunningGateway(directory);
    expect(second.report.certificate).toBeNull();
    expect((await second.kmip('discover')).code).toBe(6);
    await second.stop();
  });

  it('says that a port is in use, and by which flag to choose another', async () => {
    const gateway = await aRunningGateway(directory);
    const taken = `127.0.0.1:${gateway.report.kmip.port}`;
    const { environment } = directory;
    for (const flag of ['--kmip', '--api']) {
      const other = flag === '--kmip' ? '--api' : '--kmip';
      const refused = await run(
        ['up', '--data-dir', join(directory.path, 'another'), flag, taken, other, '127.0.0.1:0'],
        { environment },
      );
      expect(refused.code).toBe(4);
      expect(refused.out).toBe('');
      expect(refused.err).toMatch(
        new RegExp(`error: .* cannot listen on ${taken}: port \\d+ is in use.*with ${flag} `),
      );
    }
    expect((await gateway.command('adapter', 'list')).code).toBe(0);
    await gateway.stop();
  });
});
