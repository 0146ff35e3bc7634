/** Promise: who is shut out is out at once, and nobody else is. */

import { type KmipClient, KmipClientError } from '@claviger/kmip-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  addAdapter,
  type ClientCertificate,
  makeClientCertificate,
} from '../client-certificates.ts';
import { readEvents } from '../event-log.ts';
import { clientOf } from '../gateway-client.ts';
import { clavigerJson, type GatewayProcess, startGateway } from '../gateway-process.ts';
import { connectRaw } from '../raw-connection.ts';
import { request } from '../ttlv-request.ts';

const KEY = { algorithm: 'AES', lengthBits: 256, usage: ['Encrypt', 'Decrypt'] } as const;
const DISCOVER_VERSIONS = request([1, 4], 'DiscoverVersions');

/** Nobody waits for the answer to a refusal, so its event may come a moment later. */
const POLL = { timeout: 15_000, interval: 200 };

describe('a client certificate', () => {
  let gateway: GatewayProcess;
  let leaver: ClientCertificate;
  let stayer: ClientCertificate;
  let stranger: ClientCertificate;
  const clients: KmipClient[] = [];

  function client(certificate: ClientCertificate): KmipClient {
    const made = clientOf(gateway, certificate);
    clients.push(made);
    return made;
  }

  async function refusalsOf({ fingerprintSha256 }: ClientCertificate) {
    const events = await readEvents(gateway.dataDirectory);
    return events.filter(
      ({ action, initiator }) =>
        action === 'claviger.kmip-connection.refuse' &&
        initiator.id === `CertificateID-${fingerprintSha256}`,
    );
  }

  function logLinesOf({ fingerprintSha256 }: ClientCertificate) {
    return gateway.stderr.split('\n').filter((line) => line.includes(fingerprintSha256));
  }

  beforeAll(async () => {
    gateway = await startGateway();
    const { dataDirectory } = gateway;
    leaver = await makeClientCertificate(dataDirectory, 'leaver');
    stayer = await makeClientCertificate(dataDirectory, 'stayer');
    stranger = await makeClientCertificate(dataDirectory, 'stranger');
    await addAdapter(dataDirectory, 'tenant', [leaver, stayer]);
  });

  afterAll(async () => {
    await Promise.all(clients.map((made) => made.close()));
    await gateway.stop();
  });

  it('that nobody registered gets no answer, one log line and one event', async () => {
    const connection = await connectRaw(gateway, stranger);
    connection.send(DISCOVER_VERSIONS);

    expect(await connection.receive()).toBeUndefined();
    await connection.closed;
    await expect
      .poll(() => refusalsOf(stranger), POLL)
      .toMatchObject([
        {
          outcome: 'failure',
          reason: { reasonCode: 401 },
          requestData: { refusal: 'unknown-certificate', attempts: 1 },
        },
      ]);
    expect(logLinesOf(stranger)).toHaveLength(1);
  });

  it('that is missing gets no answer and an event of its own', async () => {
    const connection = await connectRaw(gateway, { cert: '', key: '' });
    connection.send(DISCOVER_VERSIONS);

    expect(await connection.receive()).toBeUndefined();
    await expect
      .poll(async () => {
        const events = await readEvents(gateway.dataDirectory);
        return events.filter(({ initiator }) => initiator.id === 'anonymous');
      }, POLL)
      .toMatchObject([{ requestData: { refusal: 'no-certificate' } }]);
  });

  it('that was removed is refused at its next request on an open connection; the others go on', async () => {
    const [leaving, staying] = [client(leaver), client(stayer)];
    const id = await leaving.create(KEY);
    const { material } = await staying.get(id);
    const open = await connectRaw(gateway, leaver);
    open.send(DISCOVER_VERSIONS);
    expect(await open.receive()).toBeDefined();

    await clavigerJson(['cert', 'remove', 'leaver', '--data-dir', gateway.dataDirectory]);

    open.send(DISCOVER_VERSIONS);
    expect(await open.receive()).toBeUndefined();
    await expect(leaving.get(id)).rejects.toBeInstanceOf(KmipClientError);
    await expect(leaving.destroy(id)).rejects.toBeInstanceOf(KmipClientError);
    expect((await staying.get(id)).material).toEqual(material);

    await expect
      .poll(async () => (await refusalsOf(leaver))[0], POLL)
      .toMatchObject({ outcome: 'failure', reason: { reasonCode: 401 } });
    expect(logLinesOf(leaver).length).toBeGreaterThan(0);
    // Nothing of what it asked for was done after it was removed.
    const events = await readEvents(gateway.dataDirectory);
    const removed = events.findIndex(({ action }) => action === 'hs-crypto.kmip-management.delete');
    const later = events
      .slice(removed + 1)
      .filter(({ initiator }) => initiator.id === `CertificateID-${leaver.fingerprintSha256}`);
    expect(new Set(later.map(({ action }) => action))).toEqual(
      new Set(['claviger.kmip-connection.refuse']),
    );
  });

  it('that is registered again is let in again', async () => {
    await clavigerJson(['cert', 'add', 'tenant', leaver.path, '--data-dir', gateway.dataDirectory]);

    expect(await client(leaver).locate()).toHaveLength(1);
  });
});
