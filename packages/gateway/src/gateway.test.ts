/** A gateway over real sockets: what the settings and the data directory make of the rooms. */
import { once } from 'node:events';
import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { request as requestLocally } from 'node:http';
import { type RequestOptions, request } from 'node:https';
import { join } from 'node:path';
import { type ConnectionOptions, connect, type TLSSocket } from 'node:tls';
import { createKmipClient } from '@claviger/kmip-client';
import { newApiKey } from '@claviger/management-api';
import { pino } from 'pino';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { loadSettings } from './config/load-settings.ts';
import { AMBIENT, aTemporaryDirectory } from './gateway.fixtures.ts';
import { createGateway, type Gateway, type GatewayAddresses } from './gateway.ts';
import { ensureRig } from './rig.ts';
import { ensurePki, renewMadeHere } from './server-certificate.ts';

let directory: Awaited<ReturnType<typeof aTemporaryDirectory>>;
beforeAll(async () => {
  directory = await aTemporaryDirectory();
});
afterAll(() => directory.remove());

const started: Gateway[] = [];
afterEach(async () => {
  for (const gateway of started.splice(0)) await gateway.close();
});

interface Running {
  readonly gateway: Gateway;
  readonly dataDir: string;
  readonly addresses: GatewayAddresses;
  readonly ca: string;
  readonly client: { readonly cert: string; readonly key: string };
  readonly log: readonly Record<string, unknown>[];
  /** Makes the timers of that interval go off. */
  tick(intervalMs: number): Promise<void>;
  /** Looks at the files of the certificate as the timer does. */
  settings: Awaited<ReturnType<typeof loadSettings>>;
}

let folders = 0;
async function run(
  environment: Record<string, string> = {},
  dataDir = join(directory.path, `data-${folders++}`),
): Promise<Running> {
  const settings = await loadSettings({
    environment: {
      ...directory.environment,
      CLAVIGER_DATA_DIR: dataDir,
      CLAVIGER_KMIP__LISTENERS__0__HOST: '127.0.0.1',
      CLAVIGER_KMIP__LISTENERS__0__PORT: '0',
      CLAVIGER_API__PORT: '0',
      ...environment,
    },
    overrides: [],
    workingDirectory: directory.path,
  });
  const log: Record<string, unknown>[] = [];
  const work: { readonly intervalMs: number; run(): Promise<void> }[] = [];
  const gateway = await createGateway(settings, {
    ...AMBIENT,
    log: pino({ level: 'debug' }, { write: (line: string) => void log.push(JSON.parse(line)) }),
    timers: {
      every(intervalMs, repeated) {
        const entry = { intervalMs, run: repeated };
        work.push(entry);
        return () => void work.splice(work.indexOf(entry), 1);
      },
    },
  });
  started.push(gateway);
  const pki = await ensurePki(settings, gateway.installation.directory, AMBIENT.clock.now);
  await ensureRig(gateway.installation, pki.client);
  const addresses = await gateway.listen();
  return {
    gateway,
    dataDir,
    addresses,
    settings,
    log,
    ca: await readFile(pki.ca.certificatePath, 'utf8'),
    client: {
      cert: await readFile(pki.client.certificatePath, 'utf8'),
      key: await readFile(pki.client.keyPath, 'utf8'),
    },
    async tick(intervalMs) {
      for (const entry of work) if (entry.intervalMs === intervalMs) await entry.run();
    },
  };
}

const LOOK_MS = 5_000;
const EXPIRY_MS = 12 * 60 * 60 * 1000;

function kmipPort({ addresses }: Running): number {
  return addresses.kmip[0]?.port ?? 0;
}

function aKmipClient(running: Running) {
  const { ca, client } = running;
  return createKmipClient({
    host: '127.0.0.1',
    port: kmipPort(running),
    tls: { ca, ...client },
    protocolVersion: '1.4',
  });
}

/** Connects with TLS; the fingerprint of what the server shows. */
async function shownAt(port: number, options: ConnectionOptions): Promise<string> {
  const socket: TLSSocket = connect({ host: '127.0.0.1', port, ...options });
  await once(socket, 'secureConnect');
  const shown = socket.getPeerX509Certificate()?.fingerprint256 ?? '';
  socket.destroy();
  return shown.replaceAll(':', '').toLowerCase();
}

interface Answer {
  readonly status: number | undefined;
  readonly text: string;
}

function get(options: RequestOptions, send: typeof request = request): Promise<Answer> {
  return new Promise((resolve, reject) => {
    send({ agent: false, ...options }, (response) => {
      let text = '';
      response.on('data', (chunk) => {
        text += String(chunk);
      });
      response.on('end', () => resolve({ status: response.statusCode, text }));
    })
      .on('error', reject)
      .end();
  });
}

function getFromApi({ addresses, ca }: Running, path: string): Promise<Answer> {
  return get({ host: '127.0.0.1', port: addresses.api.port, ca, path });
}

describe('the server certificate', () => {
  it('is replaced for KMIP and the API without cutting a connection, and recorded', async () => {
    const running = await run();
    const { gateway, ca, client, settings, addresses } = running;
    const before = gateway.serverCertificate.certificate;
    const open = aKmipClient(running);
    await open.query(['QueryOperations']);
    const { directory: data } = gateway.installation;
    // Somebody renews it beside the gateway, which looks at the files from time to time.
    await renewMadeHere(settings, data, AMBIENT.clock.now);
    await running.tick(LOOK_MS);
    await running.tick(LOOK_MS);
    const after = gateway.serverCertificate.certificate;
    expect(after.fingerprintSha256).not.toBe(before.fingerprintSha256);
    for (const port of [kmipPort(running), addresses.api.port]) {
      expect(await shownAt(port, { ca, ...client })).toBe(after.fingerprintSha256);
    }
    await open.query(['QueryOperations']);
    await open.close();
    const events = await gateway.installation.store.listEvents({ afterSequence: 0, limit: 1000 });
    const replaced = events.filter(
      ({ action }) => action === 'claviger.server-certificate.replace',
    );
    expect(replaced.map(({ body }) => JSON.parse(body))).toMatchObject([
      {
        requestData: { previousFingerprint: before.fingerprintSha256 },
        responseData: { certificateFingerprint: after.fingerprintSha256 },
      },
    ]);
  });

  it('stays when the new one is broken, and somebody is told', async () => {
    const running = await run();
    const { gateway, ca, client, log } = running;
    const { certificatePath, certificate } = gateway.serverCertificate;
    await writeFile(certificatePath, 'broken');
    await gateway.reloadCertificate();
    expect(await shownAt(kmipPort(running), { ca, ...client })).toBe(certificate.fingerprintSha256);
    expect(log.filter(({ level }) => level === 50)).toMatchObject([
      { msg: 'the server certificate was not replaced: the old one stays' },
    ]);
  });

  it('is told of at the start, by the fingerprints that vCenter and openssl show', async () => {
    const { gateway, log } = await run();
    const { fingerprintSha1, fingerprintSha256 } = gateway.serverCertificate.certificate;
    const line = log.find(({ msg }) => msg === 'this is the server certificate');
    const plain = (text: unknown) => String(text).replaceAll(':', '').toLowerCase();
    expect([plain(line?.['sha1']), plain(line?.['sha256'])]).toEqual([
      fingerprintSha1,
      fingerprintSha256,
    ]);
  });
});

describe('the end of certificates', () => {
  it('is announced at the start, and not again', async () => {
    const warnAlways = { CLAVIGER_CERTIFICATES__WARN_DAYS: '36500' };
    const running = await run(warnAlways);
    await running.tick(EXPIRY_MS);
    const announcements = async ({ gateway: { installation } }: Running) =>
      (await installation.store.listEvents({ afterSequence: 0, limit: 1000 }))
        .filter(({ action }) => action === 'claviger.certificate-expiry.announce')
        .map(({ body }) => JSON.parse(body).requestData.certificateRole)
        .sort();
    const all = ['client', 'issuing-authority', 'server'];
    expect(await announcements(running)).toEqual(all);
    await running.gateway.close();
    expect(await announcements(await run(warnAlways, running.dataDir))).toEqual(all);
  });
});

describe('old clients', () => {
  it('are let in by the listener that says so, and by no other', async () => {
    const quick = directory.environment['CLAVIGER_TLS__PROFILES_FILE'] ?? '';
    const profiles = JSON.parse(await readFile(quick, 'utf8'));
    // The old key exchange needs an RSA key.
    profiles.server.key = { algorithm: 'RSA', bits: 2048 };
    profiles.server.keyUsage = ['digitalSignature', 'keyEncipherment'];
    const profilesFile = join(directory.path, 'rsa.json');
    await writeFile(profilesFile, JSON.stringify(profiles));
    const running = await run({
      CLAVIGER_TLS__PROFILES_FILE: profilesFile,
      CLAVIGER_KMIP__LISTENERS__1__HOST: '127.0.0.1',
      CLAVIGER_KMIP__LISTENERS__1__PORT: '0',
      CLAVIGER_KMIP__LISTENERS__1__OLD_CLIENTS: 'true',
    });
    const { ca, client, addresses, log } = running;
    const old = { ca, ...client, maxVersion: 'TLSv1.2', ciphers: 'AES256-SHA256' } as const;
    const [modern, both] = addresses.kmip.map(({ port }) => port);
    await expect(shownAt(modern ?? 0, old)).rejects.toThrow(/handshake failure/);
    expect(await shownAt(both ?? 0, old)).toMatch(/^[0-9a-f]{64}$/);
    await vi.waitUntil(() => log.some(({ msg }) => msg === 'a TLS handshake failed'));
    expect(log.find(({ msg }) => msg === 'a TLS handshake failed')).toMatchObject({
      kind: 'no-shared-cipher',
      advice: expect.stringContaining('old_clients'),
    });
  });
});

describe('metrics', () => {
  it('are read on this machine, and tell of KMIP, the API and certificates', async () => {
    const running = await run();
    const kmip = aKmipClient(running);
    await kmip.query(['QueryOperations']);
    await getFromApi(running, '/api/v2/keys');
    const { status, text } = await getFromApi(running, '/metrics');
    await kmip.close();
    expect(status).toBe(200);
    const lines = text.split('\n');
    expect(lines).toEqual(
      expect.arrayContaining([
        'claviger_kmip_operations_total{operation="Query",outcome="success"} 1',
        'claviger_kmip_connections 1',
        expect.stringMatching(/^claviger_api_requests_total\{method="GET",route="\/api\/v2\/keys"/),
        expect.stringMatching(
          /^claviger_certificate_expiry_days\{kind="server",id="server"\} 36\d/,
        ),
        expect.stringMatching(/^claviger_event_sequence [1-9]/),
      ]),
    );
  });

  it('are nowhere when they are off', async () => {
    const running = await run({ CLAVIGER_API__METRICS: 'off' });
    expect((await getFromApi(running, '/metrics')).status).toBe(404);
  });
});

describe('the socket of the data directory', () => {
  it('answers its owner without a token, and is gone when the gateway is', async () => {
    const { gateway, dataDir } = await run();
    const socketPath = join(dataDir, 'run', 'api.sock');
    const local = { socketPath, path: '/api/v2/kmip_adapters' };
    const { status, text } = await get(local, requestLocally);
    expect({ status, body: JSON.parse(text) }).toMatchObject({
      status: 200,
      body: { resources: [{ name: 'vcenter' }] },
    });
    expect((await stat(join(dataDir, 'run'))).mode & 0o777).toBe(0o700);
    expect((await stat(socketPath)).mode & 0o777).toBe(0o600);
    await gateway.close();
    await expect(stat(socketPath)).rejects.toThrow('ENOENT');
  });

  it('is done without where the path is too long, with a line that says so', async () => {
    const long = join(directory.path, 'a'.repeat(100));
    await mkdir(long);
    const { log, addresses } = await run({}, join(long, 'data'));
    expect(addresses.api.port).toBeGreaterThan(0);
    expect(log.filter(({ level }) => level === 40)).toMatchObject([
      { code: 'ENAMETOOLONG', msg: expect.stringMatching(/too long for a Unix socket.*--url/) },
    ]);
  });
});

it('the first start says how to make the first API key, and others do not', async () => {
  const first = await run();
  const hint = ({ log }: Running) =>
    log.find(({ msg }) => String(msg).startsWith('nobody can log in at the API yet'));
  expect(hint(first)).toMatchObject({
    command: `claviger apikey create --role Manager --data-dir ${first.dataDir}`,
  });
  const { record } = newApiKey(
    { randomness: AMBIENT.randomness, clock: AMBIENT.clock },
    { name: 'first', role: 'Manager', createdBy: null },
  );
  await first.gateway.installation.store.commit({
    guards: [],
    changes: [{ kind: 'insert-api-key', apiKey: record }],
    events: [],
  });
  await first.gateway.close();
  expect(hint(await run({}, first.dataDir))).toBeUndefined();
});

describe('an authority for client certificates', () => {
  it('that cannot be used ends the start', async () => {
    const key = join(directory.path, 'missing.key');
    const starting = run({
      CLAVIGER_CLIENTS__AUTHORITY_CERTIFICATE_FILE: join(directory.path, 'missing.crt'),
      CLAVIGER_CLIENTS__AUTHORITY_KEY_FILE: key,
    });
    await expect(starting).rejects.toThrow(/missing\.crt cannot be read \(ENOENT\)/);
  });
});
