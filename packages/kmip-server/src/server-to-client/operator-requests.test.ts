import { attribute, type ManagedObject as ProtocolObject } from '@claviger/kmip-protocol';
import { describe, expect, it } from 'vitest';
import { type MessageRig, startMessageRig } from '../batch/message-rig.fixtures.ts';
import { successOf } from '../messages.fixtures.ts';
import { fromRecord, toRecord } from '../objects/managed-object.ts';
import { create, get } from '../requests.fixtures.ts';
import type { AskedOperation, ClientAnswer, ClientRequests } from './client-requests.ts';
import type { OperatorRequest, OperatorRequests } from './operator-requests.ts';
import { createServerToClient } from './server-to-client.ts';

const ENDPOINT = 'kmip://client.example:5696';
const CORRELATION = '6f0a6a33-96a2-4b0f-8d0c-3c1b8b3c2e11';

interface Asked {
  readonly version: string;
  readonly operation: AskedOperation;
  /** As it was when it was asked: material is wiped afterwards. */
  readonly payload: unknown;
  /** Actions in the log at that moment. */
  readonly actions: readonly string[];
}

interface OperatorRig extends MessageRig {
  readonly asked: readonly Asked[];
  readonly operator: OperatorRequests;
  readonly request: OperatorRequest;
}

async function startOperatorRig(
  answer: ClientAnswer<AskedOperation> = { kind: 'answered', payload: {} as never },
): Promise<OperatorRig> {
  const asked: Asked[] = [];
  let rig: MessageRig | undefined;
  let operator: OperatorRequests | undefined;
  let adapterName = '';
  const requests: ClientRequests = {
    async ask(version, operation, payload) {
      const actions = ((await rig?.events()) ?? []).map(({ action }) => action);
      asked.push({ version, operation, payload: structuredClone(payload), actions });
      // The answers of a test fit what it lets be asked.
      return answer as ClientAnswer<typeof operation>;
    },
    async close() {},
  };
  const limits = { maxWaiting: 10, giveUpAfterMs: 0 };
  rig = await startMessageRig({
    serverToClient(dependencies, adapter) {
      adapterName = adapter;
      const client = { adapter, requestURI: ENDPOINT, requests, ...limits };
      const serverToClient = createServerToClient(dependencies, {
        endpoints: [{ ...client, putsNewObjects: false, notifies: 'none' }],
        ...limits,
        wait: async () => {},
        requestsOver: () => requests,
      });
      operator = serverToClient.operator;
      return serverToClient;
    },
  });
  const adapter = await rig.store.findAdapter(adapterName);
  if (adapter === undefined || operator === undefined) throw new Error('The rig is not complete.');
  const request = { adapter, requestURI: ENDPOINT, correlationId: CORRELATION, actor: 'IBMid-1' };
  return { ...rig, asked, operator, request };
}

async function make(rig: MessageRig, item = create()): Promise<string> {
  const [answer] = await rig.send('1.4', [item]);
  const { uniqueIdentifier } = successOf('Create', answer);
  if (typeof uniqueIdentifier !== 'string') throw new Error('An identifier is a text.');
  return uniqueIdentifier;
}

describe('an operator', () => {
  it('sees the endpoints of an adapter, by its id or name', async () => {
    const { operator, request } = await startOperatorRig();
    expect(operator.endpointsOf(request.adapter)).toMatchObject([{ requestURI: ENDPOINT }]);
    expect(operator.endpointsOf({ id: 'another', name: 'other' })).toEqual([]);
  });

  it('has a client queried, on record before it is asked', async () => {
    const payload = { operation: ['Notify'] } as never;
    const rig = await startOperatorRig({ kind: 'answered', payload });
    const answer = await rig.operator.query(rig.request, ['QueryOperations', 'QueryObjects']);
    expect(answer).toEqual({ kind: 'answered', payload });
    expect(rig.asked).toEqual([
      {
        version: '1.4',
        operation: 'Query',
        payload: { queryFunction: ['QueryOperations', 'QueryObjects'] },
        actions: ['claviger.kmip-server.query'],
      },
    ]);
    expect(await rig.events()).toMatchObject([
      { outcome: 'success', correlationId: CORRELATION, initiator: { id: 'claviger' } },
    ]);
  });

  it('has a client asked for its versions, in the version that is wanted', async () => {
    const rig = await startOperatorRig();
    await rig.operator.discoverVersions({ ...rig.request, version: '2.1' });
    expect(rig.asked).toMatchObject([{ version: '2.1', payload: { protocolVersion: [] } }]);
    const [event] = await rig.events();
    expect(event?.action).toBe('claviger.kmip-server.discover-versions');
  });

  it('has an object put, with its key, on record before it leaves', async () => {
    const rig = await startOperatorRig();
    const id = await make(rig);
    await rig.operator.put(rig.request, id);
    const [put] = rig.asked;
    const [answer] = await rig.send('1.4', [get(id)]);
    const { symmetricKey } = successOf('Get', answer) as Pick<ProtocolObject, 'symmetricKey'>;
    expect(symmetricKey).toBeDefined();
    expect(put).toMatchObject({
      operation: 'Put',
      payload: { uniqueIdentifier: id, putFunction: 'New', symmetricKey },
      actions: ['hs-crypto.kmip-key.create', 'hs-crypto.kmip-key.read'],
    });
  });

  it.each([
    ['sensitive', attribute('Sensitive', true)],
    ['not extractable', attribute('Extractable', false)],
  ])('has no object put that is %s, which is on record', async (_name, protection) => {
    const rig = await startOperatorRig();
    const id = await make(rig, create(protection));
    await expect(rig.operator.put(rig.request, id)).rejects.toThrow();
    expect(rig.asked).toEqual([]);
    expect(await rig.events()).toMatchObject([
      { action: 'hs-crypto.kmip-key.create' },
      { action: 'hs-crypto.kmip-key.read', outcome: 'failure', reason: { reasonCode: 403 } },
    ]);
  });

  it('has no object put that belongs to a credential', async () => {
    const rig = await startOperatorRig();
    const id = await make(rig);
    const record = await rig.store.readObject(rig.request.adapter.id, id);
    if (record === undefined) throw new Error('The object was made.');
    const object = fromRecord(record);
    const owned = toRecord({ ...object, owner: 'backup' });
    const changes = [{ kind: 'update-object', object: owned } as const];
    await rig.store.commit({ guards: [], changes, events: [] });
    await expect(rig.operator.put(rig.request, id)).rejects.toThrow(
      expect.objectContaining({ code: 'permission-denied' }),
    );
    expect(rig.asked).toEqual([]);
  });

  it('has nothing put while the root key is disabled', async () => {
    const rig = await startOperatorRig();
    const id = await make(rig);
    await rig.setRootKeyState('disabled');
    await expect(rig.operator.put(rig.request, id)).rejects.toThrow(
      expect.objectContaining({ code: 'root-key-unusable' }),
    );
    expect(rig.asked).toEqual([]);
  });

  it('has no object put that there is not, and asks no endpoint that there is not', async () => {
    const { operator, request, asked } = await startOperatorRig();
    const missing = expect.objectContaining({ code: 'item-not-found' });
    await expect(operator.put(request, '99999999-0000-4000-8000-000000000000')).rejects.toThrow(
      missing,
    );
    const elsewhere = { ...request, requestURI: 'kmip://client.example:5697' };
    await expect(operator.discoverVersions(elsewhere)).rejects.toThrow(missing);
    expect(asked).toEqual([]);
  });

  it.each(['refused', 'failed'] as const)(
    'is told when a request %s, and so is the log',
    async (kind) => {
      const rig = await startOperatorRig({ kind, reason: 'it answered Permission Denied' });
      const answer = await rig.operator.query(rig.request, ['QueryOperations']);
      expect(answer).toEqual({ kind, reason: 'it answered Permission Denied' });
      expect(rig.asked).toHaveLength(1);
      const events = await rig.events();
      expect(events.map(({ outcome }) => outcome)).toEqual(['success', 'failure']);
      expect(events[1]?.reason.reasonForFailure).toContain('it answered Permission Denied');
    },
  );
});
