import { connect as connectTls } from 'node:tls';
import { assertValidEvent } from '@claviger/audit-emitter/testing';
import { KmipClientError } from '@claviger/kmip-client';
import { attribute, TAGS, VERSIONS, type VendorAttribute } from '@claviger/kmip-protocol';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type Rig, startRig } from './server.fixtures.ts';

const AES_256 = { algorithm: 'AES', lengthBits: 256, usage: ['Encrypt', 'Decrypt'] } as const;

function custom(name: string, value: string): VendorAttribute {
  return {
    kind: 'vendor',
    vendorIdentification: 'x',
    name,
    index: 0,
    value: { tag: TAGS.AttributeValue, type: 'TextString', value },
  };
}

async function refusal(promise: Promise<unknown>): Promise<string | undefined> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof KmipClientError) return error.resultReason ?? error.code;
    throw error;
  }
  return undefined;
}

describe('the life of a key', () => {
  let rig: Rig;
  beforeAll(async () => {
    rig = await startRig();
  });
  afterAll(() => rig.close());

  for (const version of VERSIONS) {
    it(`goes from Create to Destroy in KMIP ${version}`, async () => {
      const client = rig.client(rig.adapters.first.certificate, version);
      const id = await client.create({ ...AES_256, names: [`key of ${version}`] });
      await client.addAttribute(id, custom('Vendor', 'Example, Inc.'));
      expect(await client.locate({ name: `key of ${version}` })).toEqual([id]);

      const before = await client.getAttributes(id);
      const valueNamed = (name: string) =>
        before.find((candidate) => candidate.kind === 'standard' && candidate.name === name)?.value;
      expect(valueNamed('State')).toBe('PreActive');
      expect(valueNamed('CryptographicLength')).toBe(256);
      expect(before).toContainEqual(custom('Vendor', 'Example, Inc.'));

      await client.activate(id);
      const key = await client.get(id);
      expect(key.material?.byteLength).toBe(32);
      expect(await refusal(client.destroy(id))).toBe(
        version.startsWith('1') ? 'PermissionDenied' : 'WrongKeyLifecycleState',
      );
      await client.revoke(id, { reason: 'CessationOfOperation' });
      expect((await client.get(id)).material).toEqual(key.material);
      await client.destroy(id);
      expect(await refusal(client.get(id))).toBe(
        version.startsWith('1') ? 'ItemNotFound' : 'ObjectDestroyed',
      );
      expect(await client.getAttributes(id, ['State'])).toEqual([attribute('State', 'Destroyed')]);
      expect(await client.locate({ name: `key of ${version}` })).toEqual([]);
      await client.close();
    });
  }

  it('leaves the Name of a destroyed key to another', async () => {
    const client = rig.client(rig.adapters.first.certificate);
    const first = await client.create({ ...AES_256, names: ['reused'] });
    expect(await refusal(client.create({ ...AES_256, names: ['reused'] }))).toBe('InvalidField');
    await client.destroy(first);
    const second = await client.create({ ...AES_256, names: ['reused'] });
    expect(await client.locate({ name: 'reused' })).toEqual([second]);
    await client.close();
  });

  it('leaves one valid event for each operation', async () => {
    const events = await rig.events();
    for (const event of events) assertValidEvent(event);
    expect(events.filter(({ action }) => action === 'hs-crypto.kmip-key.create')).toHaveLength(10);
    expect(new Set(events.map(({ id }) => id)).size).toBe(events.length);
    expect(events.some(({ initiator }) => initiator.host !== undefined)).toBe(false);
  });
});

describe('connections', () => {
  let rig: Rig;
  beforeAll(async () => {
    rig = await startRig();
  });
  afterAll(() => rig.close());

  it('keeps the objects of one adapter invisible to another', async () => {
    const first = rig.client(rig.adapters.first.certificate);
    const second = rig.client(rig.adapters.second.certificate);
    const id = await first.create({ ...AES_256, names: ['mine'] });
    expect(await refusal(second.get(id))).toBe('ItemNotFound');
    expect(await refusal(second.destroy(id))).toBe('ItemNotFound');
    expect(await second.locate()).toEqual([]);
    await expect(second.create({ ...AES_256, names: ['mine'] })).resolves.toMatch(/-/);
  });

  it('refuses a certificate that no adapter has, with a log line and an event', async () => {
    expect(await refusal(rig.client(rig.stranger).discoverVersions())).toMatch(
      /closed|tls-refused/,
    );
    const refused = await vi.waitUntil(async () =>
      (await rig.events()).find(({ action }) => action === 'claviger.kmip-connection.refuse'),
    );
    expect(refused).toMatchObject({
      outcome: 'failure',
      initiator: { id: `CertificateID-${rig.stranger.certificate.fingerprintSha256}` },
      reason: { reasonCode: 401 },
    });
    expect(rig.log.filter(({ level }) => level === 'warn')).toHaveLength(1);
  });

  it('stays silent about a connection that sends nothing', async () => {
    const { certificate } = rig.adapters.first;
    const before = rig.log.length;
    const events = (await rig.events()).length;
    const socket = connectTls({
      host: rig.host,
      port: rig.port,
      ca: rig.serverCertificate.certificate.pem,
      cert: certificate.certificate.pem,
      key: certificate.privateKeyPem,
    });
    await new Promise((resolve) => socket.once('secureConnect', resolve));
    socket.end();
    await new Promise((resolve) => socket.once('close', resolve));
    expect(rig.log.length).toBe(before);
    expect((await rig.events()).length).toBe(events);
  });

  it('refuses a removed certificate at its next request on an open connection', async () => {
    const { second } = rig.adapters;
    const client = rig.client(second.certificate);
    const id = await client.create(AES_256);
    await rig.store.commit({
      guards: [],
      changes: [{ kind: 'delete-certificate', id: second.certificateId }],
      events: [],
    });
    expect(await refusal(client.get(id))).toMatch(/closed|tls-refused/);
    const last = await vi.waitUntil(async () =>
      (await rig.events()).find(
        ({ requestData }) => requestData['refusal'] === 'certificate-removed',
      ),
    );
    expect(last).toMatchObject({ action: 'claviger.kmip-connection.refuse' });
  });

  it('refuses a certificate that has expired meanwhile', async () => {
    const client = rig.client(rig.adapters.first.certificate);
    await client.discoverVersions();
    rig.clock.advance(400 * 86_400_000);
    expect(await refusal(client.query(['QueryOperations']))).toMatch(/closed|tls-refused/);
    rig.clock.advance(-400 * 86_400_000);
  });
});
