import { serverRequestsOver } from '@claviger/kmip-client';
import {
  attribute,
  decodeItem,
  encodeItem,
  OPERATION_SCHEMAS,
  protocolVersionOf,
  RequestMessage,
  ResponseMessage,
  type Schema,
} from '@claviger/kmip-protocol';
import { decodeTtlv, encodeTtlv } from '@claviger/ttlv-codec';
import { afterEach, describe, expect, it } from 'vitest';
import { startMessageRig } from '../batch/message-rig.fixtures.ts';
import { aMessage, parseAnswer, successOf } from '../messages.fixtures.ts';
import { create } from '../requests.fixtures.ts';
import { type Rig, type RigOptions, startRig } from '../server.fixtures.ts';
import { type RawClient, startRawClient } from '../transport/raw-client.fixtures.ts';
import type { ClientAnswer } from './client-requests.ts';
import { createServerToClient, type ServerToClient } from './server-to-client.ts';

const TURN = {
  operation: 'SetEndpointRole',
  payload: { endpointRole: 'Client' },
} as const;

let rig: Rig | undefined;
let telling: ServerToClient | undefined;
afterEach(async () => {
  await Promise.all([rig?.close(), telling?.close()]);
});

async function startTurningRig(options: RigOptions = {}): Promise<Rig> {
  rig = await startRig({
    ...options,
    serverToClient(dependencies) {
      telling = createServerToClient(dependencies, {
        endpoints: [],
        maxWaiting: 10,
        giveUpAfterMs: 0,
        wait: async () => {},
        requestsOver(exchange) {
          const requests = serverRequestsOver(exchange, async () => {});
          return {
            async ask(version, operation, payload): Promise<ClientAnswer<typeof operation>> {
              try {
                const answer = await requests.request(version, operation, payload);
                return { kind: 'answered', payload: answer };
              } catch (error) {
                return { kind: 'failed', reason: String(error) };
              }
            },
            close: () => requests.close(),
          };
        },
      });
      return telling;
    },
  });
  return rig;
}

/** The next request of the server. */
async function asked(client: RawClient) {
  const bytes = await client.next();
  if (bytes === undefined) throw new Error('The server has closed the connection.');
  const message = decodeItem(RequestMessage, decodeTtlv(bytes), '2.1');
  const [item] = message.batchItem;
  if (item === undefined) throw new Error('The server asks nothing.');
  const schemas: Readonly<Record<string, { readonly request: Schema }>> = OPERATION_SCHEMAS;
  const schema = schemas[item.operation]?.request;
  if (schema === undefined) throw new Error(`There is no ${item.operation}.`);
  const payload = decodeItem(schema, item.requestPayload, '2.1');
  return { operation: item.operation, payload };
}

/** Answers a request of the server. */
function answer(
  client: RawClient,
  operation: 'Query' | 'Notify' | 'SetEndpointRole',
  payload: object,
) {
  const schema: Schema = OPERATION_SCHEMAS[operation].response;
  const message = {
    responseHeader: {
      protocolVersion: protocolVersionOf('2.1'),
      timeStamp: 1_770_000_000,
      attestationType: [],
      batchCount: 1,
    },
    batchItem: [
      {
        operation,
        resultStatus: 'Success',
        // The test gives each operation the payload that it has.
        responsePayload: encodeItem(schema, payload as never, '2.1'),
        messageExtension: [],
      },
    ],
  };
  client.write(encodeTtlv(encodeItem(ResponseMessage, message as never, '2.1')));
}

const ABILITIES = {
  objectType: [],
  applicationNamespace: [],
  extensionInformation: [],
  attestationType: [],
  rngParameters: [],
  profileInformation: [],
  validationInformation: [],
  capabilityInformation: [],
  clientRegistrationMethod: [],
};

async function turn(from: Rig): Promise<RawClient> {
  const client = startRawClient(from);
  client.write(aMessage('2.1', [TURN]));
  const turned = parseAnswer((await client.next()) ?? new Uint8Array());
  expect(successOf('SetEndpointRole', turned.items[0])).toEqual({ endpointRole: 'Client' });
  expect(await asked(client)).toEqual({
    operation: 'Query',
    payload: { queryFunction: ['QueryOperations'] },
  });
  return client;
}

describe('Set Endpoint Role (2.1 §6.1.54)', () => {
  it('makes the server the one that asks: a client that takes Notify is told of changes', async () => {
    const server = await startTurningRig();
    const client = await turn(server);
    answer(client, 'Query', { ...ABILITIES, operation: ['Notify'] });

    const other = server.client(server.adapters.first.certificate, '2.1');
    const id = await other.create({ algorithm: 'AES', lengthBits: 256, usage: ['Encrypt'] });
    await other.activate(id);
    expect(await asked(client)).toMatchObject({
      operation: 'Notify',
      payload: {
        uniqueIdentifier: id,
        attributes: { changed: expect.arrayContaining([attribute('State', 'Active')]) },
      },
    });
    answer(client, 'Notify', {});
    client.socket.destroy();
    const actions = (await server.events()).map((event) => event.requestData['kmipOperation']);
    expect(actions).toEqual(expect.arrayContaining(['Set Endpoint Role', 'Query', 'Notify']));
  });

  it('is turned back by the server where the client takes no Notify', async () => {
    const server = await startTurningRig();
    const client = await turn(server);
    answer(client, 'Query', { ...ABILITIES, operation: ['Query'] });
    expect(await asked(client)).toEqual({
      operation: 'SetEndpointRole',
      payload: { endpointRole: 'Client' },
    });
    client.socket.cork(); // so that both arrive at once
    answer(client, 'SetEndpointRole', { endpointRole: 'Client' });
    client.write(aMessage('2.1', [create()]));
    client.socket.uncork();
    const made = parseAnswer((await client.next()) ?? new Uint8Array());
    expect(successOf('Create', made.items[0]).objectType).toBe('SymmetricKey');
    client.socket.destroy();
  });

  it('tells nobody of objects of other adapters', async () => {
    const server = await startTurningRig();
    const client = await turn(server);
    answer(client, 'Query', { ...ABILITIES, operation: ['Notify'] });
    for (const adapter of [server.adapters.second, server.adapters.first]) {
      const other = server.client(adapter.certificate, '2.1');
      const id = await other.create({ algorithm: 'AES', lengthBits: 256, usage: ['Encrypt'] });
      await other.activate(id);
      if (adapter !== server.adapters.first) continue;
      expect((await asked(client)).payload).toMatchObject({ uniqueIdentifier: id });
    }
    client.socket.destroy();
  });

  it('ends the connection of a client whose certificate was removed, instead of telling it', async () => {
    const server = await startTurningRig();
    const client = await turn(server);
    answer(client, 'Query', { ...ABILITIES, operation: ['Notify'] });
    const { certificate, certificateId } = server.adapters.first;
    const other = server.client(certificate, '2.1');
    const id = await other.create({ algorithm: 'AES', lengthBits: 256, usage: ['Encrypt'] });
    await other.activate(id);
    expect(await asked(client)).toMatchObject({ operation: 'Notify' });
    // What follows waits until this is answered; by then the certificate is gone.
    await other.revoke(id, { reason: 'CessationOfOperation' });
    await server.store.commit({
      guards: [],
      changes: [{ kind: 'delete-certificate', id: certificateId }],
      events: [],
    });
    answer(client, 'Notify', {});
    expect(await client.next()).toBeUndefined();
  });

  it('ends the connection of a client that asks, or answers what it was not asked', async () => {
    const server = await startTurningRig();
    const client = await turn(server);
    client.write(aMessage('2.1', [create()]));
    expect(await client.next()).toBeUndefined();
    client.socket.destroy();
  });

  it('changes nothing when the server is to be the server', async () => {
    const { send, events } = await startMessageRig();
    const [answered] = await send('2.1', [
      { operation: 'SetEndpointRole', payload: { endpointRole: 'Server' } },
    ]);
    expect(successOf('SetEndpointRole', answered)).toEqual({ endpointRole: 'Server' });
    expect(await events()).toMatchObject([{ outcome: 'success' }]);
  });

  it.each([
    ['in 1.4, which does not have it', '1.4', true],
    ['by a server that has no way to ask', '2.1', false],
  ] as const)('is not supported %s', async (_name, version, canTurn) => {
    const server = canTurn ? await startTurningRig() : await startRig();
    rig = server;
    const client = startRawClient(server);
    // The bytes are those of 2.1 but for their version where that lacks the operation.
    const header = { protocolVersion: protocolVersionOf(version) };
    client.write(aMessage('2.1', [TURN], { header }));
    const { items } = parseAnswer((await client.next()) ?? new Uint8Array());
    expect(items[0]).toMatchObject({
      resultStatus: 'OperationFailed',
      resultReason: 'OperationNotSupported',
    });
    client.socket.destroy();
  });
});
