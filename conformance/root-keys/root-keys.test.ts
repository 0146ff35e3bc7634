/**
 * Promise: the switch works. With the root key disabled, the keys below it are unusable at once, and
 * enabling brings them back. Nothing else that is done to a root key loses a key below it.
 */

import { randomBytes } from 'node:crypto';
import { KMIP_OPERATION_ACTIONS } from '@claviger/audit-emitter';
import { assertValidEvent } from '@claviger/audit-emitter/testing';
import type { KmipClient } from '@claviger/kmip-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { makeClientCertificate } from '../client-certificates.ts';
import { readEvents } from '../event-log.ts';
import { clientOf, type Identity } from '../gateway-client.ts';
import { type GatewayProcess, startGateway } from '../gateway-process.ts';
import { connectManagement, type ManagementClient } from '../management-client.ts';
import { expectOneEventEach } from '../one-event-each.ts';
import { connectRaw, parseAnswer, type RawConnection } from '../raw-connection.ts';
import { findForms, formsOf } from '../secrets/forms.ts';
import { request, text } from '../ttlv-request.ts';

const KEY = { algorithm: 'AES', lengthBits: 256, usage: ['Encrypt', 'Decrypt'] } as const;
const KEY_TYPE = 'application/vnd.ibm.kms.key+json';
const Named = z.object({ id: z.string() });

describe('a root key', () => {
  let gateway: GatewayProcess;
  let api: ManagementClient;
  const open: { close(): unknown }[] = [];

  beforeAll(async () => {
    const env = {
      CLAVIGER_API__ROOT_KEY_ENABLE_SECONDS: '0',
      CLAVIGER_API__ROOT_KEY_ROTATE_SECONDS: '0',
    };
    gateway = await startGateway({ env });
    api = await connectManagement(gateway);
  });
  afterAll(async () => {
    for (const connection of open) await connection.close();
    await gateway?.stop();
  });

  interface Tenant {
    readonly rootKey: string;
    readonly identity: Identity;
    readonly fingerprint: string;
    readonly kmip: KmipClient;
    /** An object, and its material. */
    readonly object: string;
    readonly material: Uint8Array;
  }

  /** An adapter over a root key of its own, with a client that has made a key. */
  async function makeTenant(name: string, payload?: string): Promise<Tenant> {
    const key = { type: KEY_TYPE, name, extractable: false, ...(payload && { payload }) };
    const { id: rootKey } = Named.parse(await api.create('/keys', key));
    const profile_data = { crk_id: rootKey };
    await api.create('/kmip_adapters', { name, profile: 'native_1.0', profile_data });
    const client = await makeClientCertificate(gateway.dataDirectory, name);
    await api.create(`/kmip_adapters/${name}/certificates`, { certificate: client.cert });
    const kmip = clientOf(gateway, client);
    open.push(kmip);
    const object = await kmip.create(KEY);
    const { material } = await kmip.get(object);
    if (material === undefined) throw new Error('There is no material in the key that was made.');
    const fingerprint = client.fingerprintSha256;
    return { rootKey, identity: client, fingerprint, kmip, object, material };
  }

  const act = (rootKey: string, action: string, body?: object) =>
    api.act('POST', `/keys/${rootKey}/actions/${action}`, body);

  async function answerTo(connection: RawConnection, message: Uint8Array) {
    connection.send(message);
    const answer = await connection.receive();
    if (answer === undefined) throw new Error('The connection was closed without an answer.');
    const [item] = parseAnswer(answer).items;
    return { bytes: answer, item };
  }

  it('that is disabled makes the keys below it unusable on open connections, until it is enabled', async () => {
    const tenant = await makeTenant('switched');
    const { rootKey, kmip, object, material } = tenant;
    const bystander = await makeTenant('untouched');
    const connection = await connectRaw(gateway, tenant.identity);
    open.push({ close: () => connection.socket.destroy() });
    const get = request([1, 4], 'Get', text('UniqueIdentifier', object));
    const forms = formsOf(material);
    const served = await answerTo(connection, get);
    expect(served.item).toMatchObject({ resultStatus: 'Success' });
    expect(findForms(served.bytes, forms)).not.toEqual([]);

    await act(rootKey, 'disable');
    const before = (await readEvents(gateway.dataDirectory)).length;

    const refused = await answerTo(connection, get);
    expect(refused.item).toMatchObject({
      resultStatus: 'OperationFailed',
      resultReason: 'PermissionDenied',
      resultMessage: expect.stringContaining('root key'),
    });
    expect(refused.item).not.toHaveProperty('responsePayload');
    expect(findForms(refused.bytes, forms)).toEqual([]);
    await expect(kmip.create(KEY)).rejects.toMatchObject({ resultReason: 'PermissionDenied' });
    await expect(bystander.kmip.get(bystander.object)).resolves.toMatchObject({
      material: bystander.material,
    });

    const events = (await readEvents(gateway.dataDirectory)).slice(before);
    for (const event of events) assertValidEvent(event);
    const initiator = { id: `CertificateID-${tenant.fingerprint}` };
    const reason = { reasonCode: 409, reasonForFailure: expect.stringContaining('root key') };
    expect(events.filter((event) => event.initiator.id === initiator.id)).toMatchObject([
      { action: KMIP_OPERATION_ACTIONS.Get, outcome: 'failure', initiator, reason },
      { action: KMIP_OPERATION_ACTIONS.Create, outcome: 'failure', initiator, reason },
    ]);

    await act(rootKey, 'enable');

    expect(findForms((await answerTo(connection, get)).bytes, forms)).not.toEqual([]);
    expect((await kmip.get(await kmip.create(KEY))).material).toHaveLength(32);
  });

  it('that an adapter uses cannot be deleted, and its keys go on working', async () => {
    const { rootKey, kmip, object, material } = await makeTenant('used');

    await expect(api.call('DELETE', `/keys/${rootKey}`)).resolves.toMatchObject({
      status: 409,
      body: { resources: [{ reasons: [{ code: 'PROTECTED_RESOURCE_ERR' }] }] },
    });

    expect((await kmip.get(object)).material).toEqual(material);
  });

  it.each([
    ['made here', undefined],
    ['imported', randomBytes(32).toString('base64')],
  ])('that was %s is rotated without a change to the keys below it', async (origin, payload) => {
    const { rootKey, kmip, identity, object, material } = await makeTenant(
      origin.replace(' ', '-'),
      payload,
    );
    for (const round of [1, 2]) {
      const next = randomBytes(32).toString('base64');
      await act(rootKey, 'rotate', payload === undefined ? {} : { payload: next });
      expect((await kmip.get(object)).material, `after rotation ${round}`).toEqual(material);
    }
    const later = clientOf(gateway, identity);
    open.push(later);
    expect((await later.get(object)).material).toEqual(material);
    expect(await later.locate()).toEqual([object]);
  });

  it('has one event for each call that was made of it', () =>
    expectOneEventEach(gateway.dataDirectory, api.calls));
});
