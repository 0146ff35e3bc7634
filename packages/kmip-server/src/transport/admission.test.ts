import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { aMessage, parseAnswer } from '../messages.fixtures.ts';
import { DISCOVER_VERSIONS, QUERY } from '../requests.fixtures.ts';
import { type Rig, type RigOptions, startRig } from '../server.fixtures.ts';
import { connectRawClient, type RawClient, startRawClient } from './raw-client.fixtures.ts';

let shared: Rig;
const started: Rig[] = [];
const clients: RawClient[] = [];
beforeAll(async () => {
  shared = await startRig();
});
afterEach(async () => {
  for (const { socket } of clients.splice(0)) socket.destroy();
  for (const rig of started.splice(0)) await rig.close();
});
afterAll(() => shared.close());

async function start(options: RigOptions): Promise<Rig> {
  const rig = await startRig(options);
  started.push(rig);
  return rig;
}

async function connected(...parameters: Parameters<typeof connectRawClient>): Promise<RawClient> {
  const client = await connectRawClient(...parameters);
  clients.push(client);
  return client;
}

/** Whether the server answers on the connection. */
async function isServed(client: RawClient): Promise<boolean> {
  client.write(aMessage('1.4', [QUERY]));
  const answer = await client.next();
  return answer !== undefined && parseAnswer(answer).items[0]?.resultStatus === 'Success';
}

const refusalsOf = async (rig: Rig) =>
  (await rig.events()).filter(({ action }) => action === 'claviger.kmip-connection.refuse');

describe.each(['TLSv1.2', 'TLSv1.3'] as const)('with %s', (version) => {
  const options = { minVersion: version, maxVersion: version };
  const owner = () => shared.adapters.first.certificate;

  it('a client with a registered certificate is served', async () => {
    const client = await connected(shared, owner(), options);
    expect(client.socket.getProtocol()).toBe(version);
    expect(await isServed(client)).toBe(true);
  });

  it('a resumed session is served, for the same certificate', async () => {
    const first = await connected(shared, owner(), options);
    expect(await isServed(first)).toBe(true);
    const resumed = await connected(shared, owner(), {
      ...options,
      session: await sessionOf(first),
    });
    expect(resumed.socket.isSessionReused()).toBe(true);
    expect(await isServed(resumed)).toBe(true);
    expect((await shared.events()).at(-1)?.initiator.id).toBe(
      `CertificateID-${owner().certificate.fingerprintSha256}`,
    );
  });

  it('a session does not outlive its certificate', async () => {
    const rig = await start({});
    const { certificate, certificateId } = rig.adapters.first;
    const first = await connected(rig, certificate, options);
    expect(await isServed(first)).toBe(true);
    await rig.store.commit({
      guards: [],
      changes: [{ kind: 'delete-certificate', id: certificateId }],
      events: [],
    });
    const resumed = await connected(rig, certificate, {
      ...options,
      session: await sessionOf(first),
    });
    expect(resumed.socket.isSessionReused()).toBe(true);
    expect(await isServed(resumed)).toBe(false);
  });

  it('a session does not outlive the keys of tickets; its client makes a full handshake', async () => {
    const rig = await start({ limits: { ticketKeyLifetimeMs: 100 } });
    const { certificate } = rig.adapters.first;
    const session = await sessionOf(await connected(rig, certificate, options));
    await vi.waitUntil(async () => {
      const later = await connected(rig, certificate, { ...options, session });
      expect(await isServed(later)).toBe(true);
      return !later.socket.isSessionReused();
    });
  });

  it('a client without a certificate is refused, and recorded', async () => {
    const rig = await start({ network: 'public' });
    const client = startRawClient(rig, null, options);
    clients.push(client);
    client.write(aMessage('1.4', [QUERY]));
    expect(await client.next()).toBeUndefined();
    await vi.waitUntil(async () => (await refusalsOf(rig)).length === 1);
    expect(await refusalsOf(rig)).toMatchObject([
      {
        initiator: { id: 'anonymous', host: { address: '127.0.0.1' } },
        reason: { reasonCode: 401 },
        requestData: { refusal: 'no-certificate', attempts: 1 },
      },
    ]);
  });
});

async function sessionOf({ sessions }: RawClient): Promise<Buffer> {
  await vi.waitUntil(() => sessions.length > 0);
  return sessions.at(-1) ?? Buffer.alloc(0);
}

it('the server does not agree to less than TLS 1.2', async () => {
  const client = startRawClient(shared, shared.adapters.first.certificate, {
    minVersion: 'TLSv1.1',
    maxVersion: 'TLSv1.1',
    ciphers: 'DEFAULT:@SECLEVEL=0',
  });
  clients.push(client);
  await client.closed;
  expect(client.socket.getProtocol()).toBeNull();
});

describe('limits', () => {
  it('more connections than may be open are dropped, with one line', async () => {
    const rig = await start({ limits: { maxConnections: 2 } });
    const [first, second] = [await connected(rig), await connected(rig)];
    for (let attempts = 0; attempts < 5; attempts++) {
      const dropped = startRawClient(rig);
      clients.push(dropped);
      await dropped.closed;
    }
    expect([await isServed(first), await isServed(second)]).toEqual([true, true]);
    const lines = rig.log.filter(({ message }) => message.includes('dropped'));
    expect(lines).toMatchObject([{ level: 'warn', fields: { maxConnections: 2, count: 1 } }]);
    first.socket.end();
    await first.closed;
    await vi.waitUntil(async () => isServed(await connected(rig)));
  });

  it('one certificate cannot take all of them, and gets its place back', async () => {
    const rig = await start({ limits: { maxConnectionsPerCertificate: 1 } });
    const { first, second } = rig.adapters;
    const only = await connected(rig, first.certificate);
    expect(await isServed(only)).toBe(true);
    expect(await isServed(await connected(rig, first.certificate))).toBe(false);
    expect(await isServed(await connected(rig, second.certificate))).toBe(true);
    only.socket.end();
    await only.closed;
    await vi.waitUntil(async () => isServed(await connected(rig, first.certificate)));
  });

  it('failed handshakes leave one line a minute, with their count', async () => {
    const rig = await start({});
    for (let attempts = 0; attempts < 4; attempts++) {
      // It does not trust the server's certificate.
      const client = startRawClient(rig, rig.stranger, { ca: rig.stranger.certificate.pem });
      await client.closed;
    }
    await rig.server.close();
    const lines = rig.log.filter(({ message }) => message === 'a TLS handshake failed');
    const counts = lines.map(({ fields }) => ('count' in fields ? fields.count : undefined));
    expect(counts[0]).toBe(1);
    expect(lines.length).toBeLessThanOrEqual(2);
  });
});

describe('refusals', () => {
  it('are recorded at once, then by the minute', async () => {
    const rig = await start({});
    const attempt = async () => {
      const client = startRawClient(rig, rig.stranger);
      client.write(aMessage('1.4', [DISCOVER_VERSIONS]));
      expect(await client.next()).toBeUndefined();
    };
    for (let attempts = 0; attempts < 6; attempts++) await attempt();
    await vi.waitUntil(async () => (await refusalsOf(rig)).length === 1);
    rig.clock.advance(60_000);
    await attempt();
    await vi.waitUntil(async () => (await refusalsOf(rig)).length === 3);
    const events = await refusalsOf(rig);
    expect(events.map(({ requestData }) => requestData['attempts'])).toEqual([1, 5, 1]);
    expect(rig.log.filter(({ level }) => level === 'warn')).toHaveLength(3);
  });
});
