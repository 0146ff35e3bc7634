import { attribute, type Version } from '@claviger/kmip-protocol';
import { describe, expect, it } from 'vitest';
import {
  type MessageRig,
  type MessageRigOptions,
  startMessageRig,
} from '../batch/message-rig.fixtures.ts';
import { type RequestedItem, successOf } from '../messages.fixtures.ts';
import { activate, create, get } from '../requests.fixtures.ts';
import type { AskedOperation, ClientAnswer, ClientRequests } from './client-requests.ts';
import { type ConfiguredEndpoint, createServerToClient } from './server-to-client.ts';

interface Asked {
  readonly version: Version;
  readonly operation: AskedOperation;
  /** As it was when it was asked: material is wiped afterwards. */
  readonly payload: unknown;
  /** Actions in the log at that moment. */
  readonly actions: readonly string[];
}

type Answers = (operation: AskedOperation) => ClientAnswer<AskedOperation>;

const ANSWERED: Answers = () => ({ kind: 'answered', payload: {} });

interface ToldRig extends MessageRig {
  readonly asked: readonly Asked[];
  /** Resolves when the client was asked so often. */
  askedTimes(count: number): Promise<void>;
  /** Resolves when nothing more is being sent. */
  closed(): Promise<void>;
}

async function startToldRig(
  endpoint: Partial<ConfiguredEndpoint> = {},
  { answers = ANSWERED, ...options }: { answers?: Answers } & MessageRigOptions = {},
): Promise<ToldRig> {
  const asked: Asked[] = [];
  const waiting = new Set<() => void>();
  let close = async () => {};
  let rig: MessageRig | undefined;
  const requests: ClientRequests = {
    async ask(version, operation, payload) {
      const events = (await rig?.events()) ?? [];
      const actions = events.map(({ action }) => action);
      asked.push({ version, operation, payload: structuredClone(payload), actions });
      for (const wake of waiting) wake();
      // The answers of a test fit what it lets be asked.
      return answers(operation) as ClientAnswer<typeof operation>;
    },
    async close() {},
  };
  rig = await startMessageRig({
    ...options,
    serverToClient(dependencies, adapter) {
      const serverToClient = createServerToClient(dependencies, {
        endpoints: [
          {
            adapter,
            requestURI: 'kmip://client.example:5696',
            putsNewObjects: true,
            notifies: 'all',
            maxWaiting: 10,
            giveUpAfterMs: 0,
            requests,
            ...endpoint,
          },
        ],
        maxWaiting: 10,
        giveUpAfterMs: 0,
        wait: async () => {},
        requestsOver: () => requests,
      });
      close = () => serverToClient.close();
      return serverToClient;
    },
  });
  return {
    ...rig,
    asked,
    async askedTimes(count) {
      while (asked.length < count) {
        await new Promise<void>((resolve) => waiting.add(resolve));
      }
    },
    closed: () => close(),
  };
}

async function make(rig: MessageRig, item: RequestedItem = create()): Promise<string> {
  const [answer] = await rig.send('1.4', [item]);
  const { uniqueIdentifier } = successOf('Create', answer);
  if (typeof uniqueIdentifier !== 'string') throw new Error('An identifier is a text.');
  return uniqueIdentifier;
}

/** Waits for an event that tells of the failure of an action. */
async function failureOf(rig: MessageRig, action: string) {
  for (;;) {
    const found = (await rig.events()).find(
      (event) => event.action === action && event.outcome === 'failure',
    );
    if (found !== undefined) return found;
    await new Promise((resolve) => setImmediate(resolve));
  }
}

describe('a client endpoint', () => {
  it('is put what clients of its adapter make, with its attributes, on record before it leaves', async () => {
    const rig = await startToldRig();
    const id = await make(rig);
    await rig.askedTimes(1);
    const [put] = rig.asked;
    expect(put).toMatchObject({
      version: '1.4',
      operation: 'Put',
      payload: { uniqueIdentifier: id, putFunction: 'New' },
      actions: ['hs-crypto.kmip-key.create', 'hs-crypto.kmip-key.read'],
    });
    const [answer] = await rig.send('1.4', [get(id)]);
    expect(put?.payload).toMatchObject({
      symmetricKey: successOf('Get', answer).symmetricKey,
      attributes: expect.arrayContaining([
        attribute('State', 'PreActive'),
        attribute('Fresh', true),
      ]),
    });
    const [, event] = await rig.events();
    expect(event).toMatchObject({
      outcome: 'success',
      initiator: { id: 'claviger' },
      target: { id: expect.stringContaining(id) },
    });
  });

  it('takes Fresh from what was handed out (1.4 §3.34)', async () => {
    const rig = await startToldRig();
    const id = await make(rig);
    await rig.askedTimes(1);
    const names = [{ kind: 'standard', name: 'Fresh' }] as const;
    const [answer] = await rig.send('1.4', [
      { operation: 'GetAttributes', payload: { uniqueIdentifier: id, attributeReferences: names } },
    ]);
    expect(successOf('GetAttributes', answer).attributes).toEqual([attribute('Fresh', false)]);
  });

  it('is notified of what changes, in the version of the request or its own', async () => {
    for (const version of [undefined, '2.1'] as const) {
      const rig = await startToldRig({ version, putsNewObjects: false });
      const id = await make(rig);
      await rig.send('1.4', [activate(id)]);
      await rig.askedTimes(1);
      expect(rig.asked).toMatchObject([
        {
          version: version ?? '1.4',
          operation: 'Notify',
          payload: {
            uniqueIdentifier: id,
            attributes: { changed: expect.arrayContaining([attribute('State', 'Active')]) },
          },
        },
      ]);
      expect(rig.asked[0]?.actions).toHaveLength(3);
    }
  });

  it('is not told of objects of other adapters, nor of what was refused', async () => {
    const stranger = await startToldRig({ adapter: 'another' });
    await make(stranger);
    await stranger.closed();
    expect(stranger.asked).toEqual([]);

    const rig = await startToldRig({ putsNewObjects: false });
    await rig.send('1.4', [activate('99999999-0000-4000-8000-000000000000')]);
    await rig.closed();
    expect(rig.asked).toEqual([]);
  });

  it.each([
    ['sensitive', attribute('Sensitive', true)],
    ['not extractable', attribute('Extractable', false)],
  ])('is not put what is %s, which is on record', async (_name, protection) => {
    const rig = await startToldRig();
    await make(rig, create(protection));
    const event = await failureOf(rig, 'hs-crypto.kmip-key.read');
    expect(event.reason.reasonCode).toBe(403);
    expect(rig.asked).toEqual([]);
  });

  it('is not put a key whose root key was disabled in the meantime', async () => {
    let disable = async () => {};
    let isMade = false;
    const rig = await startToldRig(
      {},
      {
        wrapStore: (store) => ({
          ...store,
          async commit(unit) {
            const isPut = isMade && unit.guards.length > 0;
            if (isPut) await disable();
            const outcome = await store.commit(unit);
            isMade = true;
            return outcome;
          },
        }),
      },
    );
    disable = () => rig.setRootKeyState('disabled');
    await make(rig);
    const event = await failureOf(rig, 'hs-crypto.kmip-key.read');
    expect(event.reason.reasonForFailure).toContain('root key');
    expect(rig.asked).toEqual([]);
  });

  it.each([
    ['refuses', { kind: 'refused', reason: 'it answered Permission Denied' }],
    ['is not there, until it is given up', { kind: 'failed', reason: 'no connection' }],
  ] as const)('leaves an event when it %s', async (_name, outcome) => {
    const rig = await startToldRig({}, { answers: () => outcome });
    await make(rig);
    const event = await failureOf(rig, 'hs-crypto.kmip-key.read');
    expect(event.reason.reasonForFailure).toContain(outcome.reason);
    const reads = (await rig.events()).filter(({ action }) => action === 'hs-crypto.kmip-key.read');
    expect(reads.map(({ outcome: how }) => how)).toEqual(['success', 'failure']);
  });

  it('gets nothing that could not be recorded', async () => {
    let isBroken = false;
    let refused = 0;
    const rig = await startToldRig(
      {},
      {
        wrapStore: (store) => ({
          ...store,
          async commit(unit) {
            if (!isBroken) {
              isBroken = true;
              return await store.commit(unit);
            }
            refused += 1;
            throw new Error('The disk is full.');
          },
        }),
      },
    );
    await make(rig);
    while (refused < 2) await new Promise((resolve) => setImmediate(resolve));
    await rig.closed();
    expect(rig.asked).toEqual([]);
  });

  it('does not make the client wait that changes objects, and drops what there is no room for', async () => {
    let release = () => {};
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    const asked: AskedOperation[] = [];
    const rig = await startToldRig({
      maxWaiting: 2,
      requests: {
        async ask(_version, operation) {
          asked.push(operation);
          await held;
          return { kind: 'answered', payload: {} } as never;
        },
        async close() {},
      },
    });
    for (let count = 0; count < 4; count++) await make(rig);
    release();
    await rig.closed();
    expect(asked.length).toBeLessThanOrEqual(2);
    expect(rig.log.lines.map(({ message }) => message)).toContain(
      'so much waits for a client that it is not told of further changes',
    );
  });
});

describe('Query', () => {
  it.each(['1.0', '2.1'] as const)(
    '%s: lists after the operations that are answered those that are sent',
    async (version) => {
      const lists: (readonly string[])[] = [];
      for (const rig of [await startMessageRig(), await startToldRig()]) {
        const queryFunction = ['QueryOperations'] as const;
        const [answer] = await rig.send(version, [
          { operation: 'Query', payload: { queryFunction } },
        ]);
        lists.push(successOf('Query', answer).operation);
      }
      const [answered, all] = lists;
      expect(answered).toContain('Get');
      expect(all).toEqual([...(answered ?? []), 'Notify', 'Put']);
    },
  );
});
