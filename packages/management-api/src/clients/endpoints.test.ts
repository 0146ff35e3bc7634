import { ClavigerError } from '@claviger/kmip-protocol';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { anObjectIn } from '../managed-objects.fixtures.ts';
import {
  anAdapterIn,
  aRig,
  envelope,
  NOW,
  type Rig,
  reasonOf,
} from '../management-api.fixtures.ts';
import type { ClientEndpoints, ClientQuestion, ClientReply } from './client-endpoints.ts';

const PATH = '/kmip_adapters/a1/client_endpoints';
const CLIENT = `${PATH}/client.example:5696/actions`;
const URI = 'kmip://client.example:5696';

let rig: Rig;
let adapterId: string;
let asked: { readonly question: ClientQuestion; readonly what: unknown }[];
let reply: ClientReply | ClavigerError;

async function replying(question: ClientQuestion, what: unknown): Promise<ClientReply> {
  asked.push({ question, what });
  if (reply instanceof ClavigerError) throw reply;
  return reply;
}

const CLIENTS: ClientEndpoints = {
  endpointsOf: ({ name }) =>
    name === 'a1'
      ? [{ requestURI: URI, version: '1.4', putsNewObjects: true, notifies: 'state' }]
      : [],
  query: (question, functions) => replying(question, functions),
  discoverVersions: (question) => replying(question, 'versions'),
  put: (question, objectId) => replying(question, objectId),
};

beforeEach(async () => {
  asked = [];
  reply = { kind: 'answered', payload: {} };
  rig = aRig({ clientEndpoints: CLIENTS });
  adapterId = await anAdapterIn(rig, 'a1');
});
afterEach(() => rig.close());

async function anObject(): Promise<string> {
  const object = anObjectIn(adapterId, 'Active', NOW);
  const changes = [{ kind: 'insert-object', object } as const];
  await rig.store.commit({ guards: [], changes, events: [] });
  return object.id;
}

describe('GET .../client_endpoints', () => {
  it('lists the clients of the adapter, as the settings name them', async () => {
    const listed = await rig.call('GET', PATH);
    expect(listed.json().resources).toEqual([
      { address: 'client.example:5696', version: '1.4', puts_new_objects: true, notifies: 'state' },
    ]);
    await anAdapterIn(rig, 'a2');
    const others = await rig.call('GET', '/kmip_adapters/a2/client_endpoints');
    expect(others.json().resources).toEqual([]);
  });
});

describe('POST .../actions/query', () => {
  it('asks the client, and answers with its fields', async () => {
    reply = {
      kind: 'answered',
      payload: {
        operation: ['Query', 'Get'],
        objectType: [],
        vendorIdentification: 'ACME',
        serverInformation: { serverSerialNumber: undefined, serverURI: 'x' },
        extension: { value: Uint8Array.of(1, 255), size: 5n },
      },
    };
    const answered = await rig.call('POST', `${CLIENT}/query`, envelope({ version: '2.1' }));
    expect(answered.statusCode).toBe(200);
    expect(answered.json().resources).toEqual([
      {
        address: 'client.example:5696',
        answer: {
          operation: ['Query', 'Get'],
          vendor_identification: 'ACME',
          server_information: { server_uri: 'x' },
          extension: { value: '01ff', size: '5' },
        },
      },
    ]);
    expect(asked).toMatchObject([
      {
        question: { requestURI: URI, version: '2.1', adapter: { id: adapterId } },
        what: ['QueryOperations', 'QueryObjects', 'QueryServerInformation'],
      },
    ]);
  });

  it('shares its correlation with the request to the client, and names the caller', async () => {
    await rig.call('POST', `${CLIENT}/query`, envelope({ functions: ['QueryProfiles'] }));
    const event = rig.lastEvent();
    expect(event).toMatchObject({
      action: 'hs-crypto.kmip-management.read',
      correlationId: asked[0]?.question.correlationId,
      requestData: { clientEndpoint: URI },
    });
    expect(event.initiator.id).toBe(asked[0]?.question.actor);
    expect(asked[0]?.what).toEqual(['QueryProfiles']);
  });

  it.each([
    ['no function that there is', { functions: ['QueryEverything'] }],
    ['no function at all', { functions: [] }],
    ['a version that there is not', { version: '3.0' }],
  ])('refuses %s', async (_, fields) => {
    const answered = await rig.call('POST', `${CLIENT}/query`, envelope(fields));
    expect(answered.statusCode).toBe(400);
    expect(asked).toEqual([]);
  });

  it.each(['refused', 'failed'] as const)('says why the client %s', async (kind) => {
    reply = { kind, reason: 'it answered Permission Denied' };
    const answered = await rig.call('POST', `${CLIENT}/query`, envelope({}));
    expect(reasonOf(answered)).toBe('CLIENT_ENDPOINT_FAILED_ERR');
    expect(answered.body).toContain('It answered Permission Denied.');
  });
});

describe('POST .../actions/discover_versions', () => {
  it('answers with the versions of the client', async () => {
    const protocolVersion = [
      { protocolVersionMajor: 2, protocolVersionMinor: 1 },
      { protocolVersionMajor: 1, protocolVersionMinor: 4 },
    ];
    reply = { kind: 'answered', payload: { protocolVersion } };
    const answered = await rig.call('POST', `${CLIENT}/discover_versions`, envelope({}));
    expect(answered.json().resources[0].answer).toEqual({ versions: ['2.1', '1.4'] });
  });
});

describe('POST .../actions/put', () => {
  it('has an object sent, and names it in the event', async () => {
    const object = await anObject();
    const put = await rig.call('POST', `${CLIENT}/put`, envelope({ object }));
    expect(put.statusCode).toBe(204);
    expect(asked).toMatchObject([{ question: { requestURI: URI }, what: object }]);
    expect(rig.lastEvent().target.id).toContain(object);
  });

  it('says why an object may not leave', async () => {
    reply = new ClavigerError('permission-denied', 'the object belongs to a credential');
    const put = await rig.call('POST', `${CLIENT}/put`, envelope({ object: await anObject() }));
    expect(reasonOf(put)).toBe('KMIP_OBJECT_NOT_PUT_ERR');
    expect(put.body).toContain('The object belongs to a credential.');
  });

  it('sends nothing of another adapter', async () => {
    const object = '99999999-0000-4000-8000-000000000000';
    const put = await rig.call('POST', `${CLIENT}/put`, envelope({ object }));
    expect(reasonOf(put)).toBe('KMIP_OBJECT_NOT_FOUND_ERR');
    expect(asked).toEqual([]);
  });

  it.each(['KmipAdapterManager', 'ReaderPlus', 'Writer', 'AuditReader'] as const)(
    'is not for a %s',
    async (role) => {
      const body = envelope({ object: await anObject() });
      const put = await rig.call('POST', `${CLIENT}/put`, body, { role });
      expect(put.statusCode).toBe(401);
      expect(asked).toEqual([]);
    },
  );
});
