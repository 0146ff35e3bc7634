/**
 * Promise: the event of each of the six operations on keys is exactly what it should be, for success and
 * for failure: these fields, in this order, and nothing more.
 */

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AuditEvent } from '@claviger/audit-emitter';
import { type KmipClient, KmipClientError } from '@claviger/kmip-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  addAdapter,
  type ClientCertificate,
  makeClientCertificate,
} from '../client-certificates.ts';
import { readEvents } from '../event-log.ts';
import { clientOf } from '../gateway-client.ts';
import { type GatewayProcess, startGateway } from '../gateway-process.ts';
import { type Expectation, expectedEvent, fieldPaths, type Rig } from './expected-event.ts';

const ACCOUNT_ID = '5e1f00d5c0ffee00b01dfacade00cafe';
const NOBODYS_ID = '00000000-0000-4000-8000-000000000000';
const NAME = 'vcenter-prod-01';
const PUBLIC_NAME = 'kmip.private.us-south.example:5696';
const KEY = { algorithm: 'AES', lengthBits: 256, usage: ['Encrypt', 'Decrypt'] } as const;

const configuration = (fingerprint: 'sha256' | 'sha1') => `
data_dir = "data"

[[kmip.listeners]]
host = "127.0.0.1"
port = 0
public_name = "${PUBLIC_NAME}"

[[kmip.listeners]]
host = "127.0.0.1"
port = 0
network = "public"

[api]
host = "127.0.0.1"
port = 0

[audit]
cloud_type = "public"
region = "us-south"
account_id = "${ACCOUNT_ID}"
fingerprint_algorithm = "${fingerprint}"
`;

async function refused(answer: Promise<unknown>): Promise<void> {
  await expect(answer).rejects.toBeInstanceOf(KmipClientError);
}

describe('the events of the operations on keys', () => {
  const directory = mkdtempSync(join(tmpdir(), 'claviger-events-'));
  const dataDirectory = join(directory, 'data');
  let gateway: GatewayProcess | undefined;
  let certificate: ClientCertificate;
  let client: KmipClient | undefined;
  /** How many events were there before the test. */
  let before: number;

  async function start(fingerprint: 'sha256' | 'sha1'): Promise<GatewayProcess> {
    const configFile = join(directory, `${fingerprint}.toml`);
    writeFileSync(configFile, configuration(fingerprint));
    gateway = await startGateway({ dataDirectory, configFile });
    return gateway;
  }

  async function stop(): Promise<void> {
    await client?.close();
    await gateway?.stop();
  }

  async function newEvents(): Promise<AuditEvent[]> {
    // Where it stands in the log is no part of what the operation is told by.
    return (await readEvents(dataDirectory)).slice(before).map(({ log, ...event }) => {
      expect(log).toMatchObject({ sequence: expect.any(Number) });
      return event;
    });
  }

  async function rigOf(requestURI: string, initiator: object): Promise<Rig> {
    const events = await readEvents(dataDirectory);
    const adapter = events.find(({ target }) => target.name === 'tenant')?.target.id ?? '';
    const [, , , , , , , instanceId = '', , adapterId = ''] = adapter.split(':');
    return { accountId: ACCOUNT_ID, instanceId, adapterId, requestURI, initiator };
  }

  /** The initiator that the certificate is, over a private network. */
  function initiatorOf(fingerprint: string): object {
    return {
      id: `CertificateID-${fingerprint}`,
      name: NAME,
      typeURI: 'service/security/client/certificateid',
      credential: { type: 'certificate' },
    };
  }

  function compare(
    events: readonly AuditEvent[],
    rig: Rig,
    expected: readonly Expectation[],
  ): void {
    const wanted = expected.map((one) => expectedEvent(rig, one));
    expect(events).toStrictEqual(wanted);
    expect(events.map((event) => fieldPaths(event))).toEqual(wanted.map((one) => fieldPaths(one)));
  }

  beforeAll(async () => {
    await start('sha256');
    certificate = await makeClientCertificate(directory, NAME);
    await addAdapter(dataDirectory, 'tenant', [certificate]);
    before = (await readEvents(dataDirectory)).length;
  });

  afterAll(async () => {
    await stop();
    rmSync(directory, { recursive: true, force: true });
  });

  it('are complete over a private network, for success and failure', async () => {
    if (gateway === undefined) throw new Error('There is no gateway.');
    client = clientOf(gateway, certificate);
    const id = await client.create(KEY);
    await client.get(id);
    await client.getAttributes(id);
    await client.activate(id);
    await refused(client.destroy(id));
    await refused(client.activate(id));
    await client.revoke(id, { reason: 'CessationOfOperation' });
    await refused(client.revoke(id, { reason: 'CessationOfOperation' }));
    await client.destroy(id);
    await refused(client.get(id));
    await refused(client.getAttributes(NOBODYS_ID));
    await refused(client.create({ ...KEY, lengthBits: 200 }));

    const rig = await rigOf(`kmip://${PUBLIC_NAME}`, initiatorOf(certificate.fingerprintSha256));
    const key = { typeURI: 'hs-crypto/kmip-key', id, version: '1.4' };
    const attributes = { ...key, typeURI: 'hs-crypto/kmip-key/attributes' };
    const subject = { kmipObjectId: id, kmipObjectType: 'SymmetricKey' };
    const conflict = (reasonForFailure: string) =>
      ({ reasonCode: 409, reasonType: 'Conflict', reasonForFailure }) as const;
    compare(await newEvents(), rig, [
      {
        ...key,
        action: 'hs-crypto.kmip-key.create',
        words: 'create kmip-key',
        severity: 'normal',
        operation: 'Create',
        responseData: { ...subject, keyState: 0 },
      },
      {
        ...key,
        action: 'hs-crypto.kmip-key.read',
        words: 'read kmip-key',
        severity: 'normal',
        operation: 'Get',
        responseData: { ...subject, keyState: 0 },
      },
      {
        ...attributes,
        action: 'hs-crypto.kmip-key-attributes.retrieve',
        words: 'retrieve kmip-key-attributes',
        severity: 'normal',
        operation: 'Get Attributes',
        responseData: { ...subject, keyState: 0 },
      },
      {
        ...key,
        action: 'hs-crypto.kmip-key.activate',
        words: 'activate kmip-key',
        severity: 'warning',
        operation: 'Activate',
        responseData: {
          ...subject,
          keyState: 1,
          initialValue: { keyState: 0 },
          newValue: { keyState: 1 },
        },
      },
      {
        ...key,
        action: 'hs-crypto.kmip-key.destroy',
        words: 'destroy kmip-key',
        severity: 'critical',
        operation: 'Destroy',
        reason: conflict(
          'KMIP Permission Denied: the key is active; revoke it before destroying it',
        ),
        responseData: { keyState: 1 },
      },
      {
        ...key,
        action: 'hs-crypto.kmip-key.activate',
        words: 'activate kmip-key',
        severity: 'warning',
        operation: 'Activate',
        reason: conflict(expect.stringMatching(/^KMIP Permission Denied: \S/)),
        responseData: { keyState: 1 },
      },
      {
        ...key,
        action: 'hs-crypto.kmip-key.revoke',
        words: 'revoke kmip-key',
        severity: 'warning',
        operation: 'Revoke',
        requestData: { revocationReason: 'CessationOfOperation' },
        responseData: {
          ...subject,
          keyState: 3,
          initialValue: { keyState: 1 },
          newValue: { keyState: 3 },
        },
      },
      {
        ...key,
        action: 'hs-crypto.kmip-key.revoke',
        words: 'revoke kmip-key',
        severity: 'warning',
        operation: 'Revoke',
        reason: conflict(expect.stringMatching(/^KMIP Illegal Operation: \S/)),
        responseData: { keyState: 3 },
      },
      {
        ...key,
        action: 'hs-crypto.kmip-key.destroy',
        words: 'destroy kmip-key',
        severity: 'critical',
        operation: 'Destroy',
        responseData: {
          ...subject,
          keyState: 5,
          initialValue: { keyState: 3 },
          newValue: { keyState: 5 },
        },
      },
      {
        ...key,
        action: 'hs-crypto.kmip-key.read',
        words: 'read kmip-key',
        severity: 'warning',
        operation: 'Get',
        reason: conflict(expect.stringMatching(/^KMIP Item Not Found: \S/)),
        responseData: { keyState: 5 },
      },
      {
        ...attributes,
        id: NOBODYS_ID,
        action: 'hs-crypto.kmip-key-attributes.retrieve',
        words: 'retrieve kmip-key-attributes',
        severity: 'warning',
        operation: 'Get Attributes',
        reason: {
          reasonCode: 404,
          reasonType: 'Not Found',
          reasonForFailure: expect.stringMatching(/^KMIP Item Not Found: \S/),
        },
        responseData: {},
      },
      {
        ...key,
        id: undefined,
        action: 'hs-crypto.kmip-key.create',
        words: 'create kmip-key',
        severity: 'warning',
        operation: 'Create',
        reason: {
          reasonCode: 400,
          reasonType: 'Bad Request',
          reasonForFailure: expect.stringMatching(/^KMIP Invalid Field: \S/),
        },
        responseData: {},
      },
    ]);
  });

  it('tell the address of the client on a listener that is marked public', async () => {
    const address = gateway?.listeners[1];
    if (gateway === undefined || address === undefined) throw new Error('There is no listener.');
    before = (await readEvents(dataDirectory)).length;
    const publicClient = clientOf({ ...gateway, kmip: address }, certificate, {
      protocolVersion: '2.1',
    });
    const id = await publicClient.create(KEY);
    await refused(publicClient.destroy(NOBODYS_ID));
    await publicClient.close();

    const rig = await rigOf(`kmip://127.0.0.1:${address.port}`, {
      ...initiatorOf(certificate.fingerprintSha256),
      host: { address: '127.0.0.1', addressType: 'IPv4' },
    });
    const key = { typeURI: 'hs-crypto/kmip-key', version: '2.1' };
    compare(await newEvents(), rig, [
      {
        ...key,
        id,
        action: 'hs-crypto.kmip-key.create',
        words: 'create kmip-key',
        severity: 'normal',
        operation: 'Create',
        responseData: { kmipObjectId: id, kmipObjectType: 'SymmetricKey', keyState: 0 },
      },
      {
        ...key,
        id: NOBODYS_ID,
        action: 'hs-crypto.kmip-key.destroy',
        words: 'destroy kmip-key',
        severity: 'critical',
        operation: 'Destroy',
        reason: {
          reasonCode: 404,
          reasonType: 'Not Found',
          reasonForFailure: expect.stringMatching(/^KMIP Object Not Found: \S/),
        },
        responseData: {},
      },
    ]);
  });

  it('tie the items of one message together by their correlation id', async () => {
    if (gateway === undefined) throw new Error('There is no gateway.');
    before = (await readEvents(dataDirectory)).length;
    const batching = clientOf(gateway, certificate);
    const get = { operation: 'Get', payload: { uniqueIdentifier: NOBODYS_ID } } as const;
    await batching.batch([get, get], { errorContinuation: 'Continue' });
    await batching.close();

    const [first, second, ...more] = await newEvents();
    expect(more).toEqual([]);
    expect(first?.correlationId).toBe(second?.correlationId);
    expect(first?.id).not.toBe(second?.id);
  });

  it('name the client by SHA-1 where that is set', async () => {
    await stop();
    const restarted = await start('sha1');
    // A start has events of its own: certificates that end soon are announced.
    before = (await readEvents(dataDirectory)).length;
    client = clientOf(restarted, certificate);
    const id = await client.create(KEY);

    const initiator = initiatorOf(certificate.fingerprintSha1);
    compare(await newEvents(), await rigOf(`kmip://${PUBLIC_NAME}`, initiator), [
      {
        typeURI: 'hs-crypto/kmip-key',
        version: '1.4',
        id,
        action: 'hs-crypto.kmip-key.create',
        words: 'create kmip-key',
        severity: 'normal',
        operation: 'Create',
        responseData: { kmipObjectId: id, kmipObjectType: 'SymmetricKey', keyState: 0 },
      },
    ]);
  });
});
