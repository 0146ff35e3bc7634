/** Promise: a certificate reaches only the objects of its adapter; to every other they do not exist. */

import type { AuditEvent } from '@claviger/audit-emitter';
import { type KmipClient, KmipClientError } from '@claviger/kmip-client';
import { type Attribute, attribute, TAGS, type Version } from '@claviger/kmip-protocol';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  addAdapter,
  type ClientCertificate,
  makeClientCertificate,
} from '../client-certificates.ts';
import { objectOf, readEvents } from '../event-log.ts';
import { clientOf } from '../gateway-client.ts';
import { type GatewayProcess, startGateway } from '../gateway-process.ts';

const KEY = { algorithm: 'AES', lengthBits: 256, usage: ['Encrypt', 'Decrypt'] } as const;
const NOBODYS_ID = '00000000-0000-4000-8000-000000000000';

const NOTE: Attribute = {
  kind: 'vendor',
  vendorIdentification: 'x',
  name: 'Note',
  index: 0,
  value: { tag: TAGS.AttributeValue, type: 'TextString', value: 'by somebody else' },
};

/** Everything that a client can do to an object, and the action of its event. */
const ATTEMPTS = {
  Get: ['hs-crypto.kmip-key.read', (client, id) => client.get(id)],
  'Get Attributes': [
    'hs-crypto.kmip-key-attributes.retrieve',
    (client, id) => client.getAttributes(id),
  ],
  'Get Attribute List': [
    'hs-crypto.kmip-key-attributes.retrieve',
    (client, id) => client.getAttributeList(id),
  ],
  'Add Attribute': [
    'claviger.kmip-key-attributes.add',
    (client, id) => client.addAttribute(id, NOTE),
  ],
  Activate: ['hs-crypto.kmip-key.activate', (client, id) => client.activate(id)],
  Revoke: [
    'hs-crypto.kmip-key.revoke',
    (client, id) => client.revoke(id, { reason: 'KeyCompromise' }),
  ],
  Destroy: ['hs-crypto.kmip-key.destroy', (client, id) => client.destroy(id)],
} satisfies Record<
  string,
  readonly [action: string, attempt: (client: KmipClient, id: string) => Promise<unknown>]
>;

/** What a client learns from an attempt that fails. */
async function failureOf(attempt: Promise<unknown>): Promise<KmipClientError> {
  try {
    await attempt;
  } catch (error) {
    if (error instanceof KmipClientError) return error;
    throw error;
  }
  throw new Error('It did not fail.');
}

describe('two adapters', () => {
  let gateway: GatewayProcess;
  let owner: ClientCertificate;
  let other: ClientCertificate;
  const clients: KmipClient[] = [];

  function client(certificate: ClientCertificate, protocolVersion: Version = '1.4'): KmipClient {
    const made = clientOf(gateway, certificate, { protocolVersion });
    clients.push(made);
    return made;
  }

  beforeAll(async () => {
    gateway = await startGateway();
    const { dataDirectory } = gateway;
    owner = await makeClientCertificate(dataDirectory, 'owner');
    other = await makeClientCertificate(dataDirectory, 'other');
    await addAdapter(dataDirectory, 'tenant-a', [owner]);
    await addAdapter(dataDirectory, 'tenant-b', [other]);
  });

  afterAll(async () => {
    await Promise.all(clients.map((made) => made.close()));
    await gateway.stop();
  });

  it.each([
    { version: '1.0', reason: 'ItemNotFound' },
    { version: '1.4', reason: 'ItemNotFound' },
    { version: '2.1', reason: 'ObjectNotFound' },
  ] as const)(
    'cannot reach each other’s objects in KMIP $version: $reason, as for an id that nobody has',
    async ({ version, reason }) => {
      const id = await client(owner).create({ ...KEY, names: [`of the owner, ${version}`] });
      // The first Get makes an object no longer Fresh.
      const { material } = await client(owner).get(id);
      const before = await client(owner).getAttributes(id);
      const stranger = client(other, version);

      for (const [, attempt] of Object.values(ATTEMPTS)) {
        const refusal = await failureOf(attempt(stranger, id));
        expect(refusal.resultReason).toBe(reason);
        // Not even the words may tell an object of somebody else from one that never was.
        const absent = await failureOf(attempt(stranger, NOBODYS_ID));
        expect(refusal.message).toBe(absent.message);
      }

      expect(await client(owner).getAttributes(id)).toEqual(before);
      expect((await client(owner).get(id)).material).toEqual(material);
    },
  );

  it('do not find each other’s objects with Locate, by whatever is asked', async () => {
    const name = 'a name of the owner';
    const id = await client(owner).create({ ...KEY, names: [name] });
    const mine = await client(other).create(KEY);

    expect(await client(other).locate({ name })).toEqual([]);
    const byId = attribute('UniqueIdentifier', id);
    expect(await client(other).locate({ attributes: [byId] })).toEqual([]);
    expect(await client(other).locate({ objectType: 'SymmetricKey' })).toEqual([mine]);
    const everywhere = { storageStatusMask: 7 };
    expect(await client(other, '2.1').locate(everywhere)).toEqual([mine]);
    expect(await client(owner).locate({ name })).toEqual([id]);
  });

  it('may give the same Name to objects of their own', async () => {
    const name = 'a common name';
    const first = await client(owner).create({ ...KEY, names: [name] });
    const second = await client(other).create({ ...KEY, names: [name] });

    expect(await client(owner).locate({ name })).toEqual([first]);
    expect(await client(other).locate({ name })).toEqual([second]);
  });

  it('leave an event of each attempt, with the certificate that asked', async () => {
    const id = await client(owner).create(KEY);
    const asker = client(other);
    for (const [, attempt] of Object.values(ATTEMPTS)) await failureOf(attempt(asker, id));

    const events = await readEvents(gateway.dataDirectory);
    const failures = events.filter(
      (event: AuditEvent) => objectOf(event) === id && event.outcome === 'failure',
    );
    expect(failures.map(({ action }) => action)).toEqual(
      Object.values(ATTEMPTS).map(([action]) => action),
    );
    for (const { initiator, reason, responseData } of failures) {
      expect(initiator.id).toBe(`CertificateID-${other.fingerprintSha256}`);
      expect(initiator.name).toBe('other');
      expect(reason.reasonCode).toBe(404);
      // The State of an object of somebody else is nobody's business.
      expect(responseData).toEqual({});
    }
  });
});
