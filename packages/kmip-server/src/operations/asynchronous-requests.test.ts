import { randomUUID } from 'node:crypto';
import type { RequestHeader, Version } from '@claviger/kmip-protocol';
import { describe, expect, it } from 'vitest';
import {
  ANSWER_KEPT_MS,
  MAX_WAITING_REQUESTS,
  MAX_WAITING_REQUESTS_OF_OWNER,
} from '../asynchronous/request-queue.ts';
import { type MessageRig, startMessageRig } from '../batch/message-rig.fixtures.ts';
import { type Answer, type RequestedItem, successOf } from '../messages.fixtures.ts';
import { create } from '../requests.fixtures.ts';

const UNKNOWN = new Uint8Array(16).fill(7);
const CREATE = create();

const indicatorOf = (version: Version): Partial<RequestHeader> => ({
  asynchronousIndicator: version.startsWith('1') ? true : 'Mandatory',
});

async function later(rig: MessageRig, version: Version, item: RequestedItem): Promise<Answer> {
  const [answer] = await rig.send(version, [item], { header: indicatorOf(version) });
  if (answer === undefined) throw new Error('There is no answer.');
  return answer;
}

/** The Asynchronous Correlation Value of an accepted request. */
async function accepted(
  rig: MessageRig,
  version: Version,
  item: RequestedItem,
): Promise<Uint8Array> {
  const answer = await later(rig, version, item);
  if (answer.asynchronousCorrelationValue === undefined) {
    throw new Error(`The request was not accepted: ${answer.resultReason}.`);
  }
  return answer.asynchronousCorrelationValue;
}

async function ask(
  rig: MessageRig,
  version: Version,
  operation: 'Poll' | 'Cancel' | 'Process',
  asynchronousCorrelationValue: Uint8Array,
): Promise<Answer | undefined> {
  const payload = { asynchronousCorrelationValue };
  const items = {
    Poll: { operation: 'Poll', payload },
    Cancel: { operation: 'Cancel', payload },
    Process: { operation: 'Process', payload },
  } as const;
  const [answer] = await rig.send(version, [items[operation]]);
  return answer;
}

/** For JSON. */
function bytesAsHex(_key: string, value: unknown): unknown {
  return value instanceof Uint8Array ? Buffer.from(value).toString('hex') : value;
}

async function created(rig: MessageRig): Promise<string> {
  const [answer] = await rig.send('1.4', [CREATE]);
  return String(successOf('Create', answer).uniqueIdentifier);
}

describe.each(['1.0', '2.1'] as const)('an asynchronous request in KMIP %s', (version) => {
  it('answers Operation Pending at once, and by Poll as if it had been answered then', async () => {
    const rig = await startMessageRig();
    const pending = await later(rig, version, CREATE);
    expect(pending).toMatchObject({ operation: 'Create', resultStatus: 'OperationPending' });
    expect(pending.payload).toBeUndefined();
    expect(await rig.countObjects()).toBe(0);
    const value = pending.asynchronousCorrelationValue ?? UNKNOWN;
    const answer = await ask(rig, version, 'Poll', value);
    expect(successOf('Create', answer).objectType).toBe('SymmetricKey');
    expect(await rig.countObjects()).toBe(1);
    expect(await ask(rig, version, 'Poll', value)).toEqual(answer);
    expect(await rig.countObjects()).toBe(1);
  });

  it('tells by Poll that it failed, with the reason of its own operation', async () => {
    const rig = await startMessageRig();
    const uniqueIdentifier = randomUUID();
    const destroy: RequestedItem = { operation: 'Destroy', payload: { uniqueIdentifier } };
    const value = await accepted(rig, version, destroy);
    const reason = version === '1.0' ? 'ItemNotFound' : 'ObjectNotFound';
    expect(await ask(rig, version, 'Poll', value)).toMatchObject({
      operation: 'Destroy',
      resultStatus: 'OperationFailed',
      resultReason: reason,
    });
  });

  it('is canceled while it waits, and never worked on', async () => {
    const rig = await startMessageRig();
    const value = await accepted(rig, version, CREATE);
    const canceled = await ask(rig, version, 'Cancel', value);
    expect(successOf('Cancel', canceled)).toEqual({
      asynchronousCorrelationValue: value,
      cancellationResult: 'Canceled',
    });
    expect(await ask(rig, version, 'Poll', value)).toMatchObject({
      operation: 'Create',
      resultStatus: 'OperationFailed',
      resultReason: 'OperationCanceledByRequester',
    });
    expect(await rig.countObjects()).toBe(0);
  });

  it.each([
    ['Completed', CREATE],
    ['Failed', { operation: 'Destroy', payload: { uniqueIdentifier: randomUUID() } }],
  ] as const)('that has ended is told by Cancel to be %s', async (cancellationResult, item) => {
    const rig = await startMessageRig();
    const value = await accepted(rig, version, item);
    await ask(rig, version, 'Poll', value);
    const answer = successOf('Cancel', await ask(rig, version, 'Cancel', value));
    expect(answer).toMatchObject({ cancellationResult });
  });

  it.each([
    ['of nobody', UNKNOWN],
    ['of another length', new Uint8Array(3)],
  ])('is not found by a value %s', async (_of, value) => {
    const rig = await startMessageRig();
    const resultReason = version === '1.0' ? 'ItemNotFound' : 'InvalidAsynchronousCorrelationValue';
    expect(await ask(rig, version, 'Poll', value)).toMatchObject({ resultReason });
    const answer = successOf('Cancel', await ask(rig, version, 'Cancel', value));
    expect(answer.cancellationResult).toBe('Unavailable');
  });

  it('leaves an event when it is accepted, and its own when the work is done', async () => {
    const rig = await startMessageRig();
    const value = await accepted(rig, version, CREATE);
    expect((await rig.events()).map(({ action }) => action)).toEqual([
      'claviger.kmip-request.accept',
    ]);
    await ask(rig, version, 'Poll', value);
    const [first, second, third] = await rig.events();
    expect(second).toMatchObject({ action: 'hs-crypto.kmip-key.create', outcome: 'success' });
    expect(second?.initiator).toEqual(first?.initiator);
    expect(second?.correlationId).toBe(first?.correlationId);
    expect(third).toMatchObject({ action: 'claviger.kmip-request.poll', outcome: 'success' });
    const request = first?.requestData?.['asynchronousRequest'];
    expect(request).toBeTypeOf('string');
    expect(third?.requestData?.['asynchronousRequest']).toBe(request);
    await ask(rig, version, 'Cancel', value);
    expect((await rig.events()).at(-1)?.action).toBe('claviger.kmip-request.cancel');
  });
});

describe('asynchronous requests', () => {
  it('are worked on in the order of their acceptance', async () => {
    const rig = await startMessageRig();
    const uniqueIdentifier = await created(rig);
    const payload = { uniqueIdentifier };
    await accepted(rig, '1.4', { operation: 'Archive', payload });
    const recover = await accepted(rig, '1.4', { operation: 'Recover', payload });
    successOf('Recover', await ask(rig, '1.4', 'Poll', recover));
    const [get] = await rig.send('1.4', [{ operation: 'Get', payload }]);
    expect(get?.resultStatus).toBe('Success');
  });

  it('are those of the adapter: another one has none with the value', async () => {
    const rig = await startMessageRig();
    const value = await accepted(rig, '2.1', CREATE);
    const record = await rig.store.listQueuedRequests(rig.source.principal.record.adapter.id);
    expect(record).toHaveLength(1);
    const other = { ...rig.source.principal.record.adapter, id: randomUUID() };
    expect(await rig.store.listQueuedRequests(other.id)).toEqual([]);
    expect(await rig.store.readQueuedRequest(other.id, record[0]?.id ?? '')).toBeUndefined();
    expect(value).toHaveLength(16);
  });

  it('and their answers hold no key in the clear', async () => {
    const rig = await startMessageRig();
    const uniqueIdentifier = await created(rig);
    const payload = { uniqueIdentifier };
    const [get] = await rig.send('1.4', [{ operation: 'Get', payload }]);
    const object = successOf('Get', get);
    const value = await accepted(rig, '1.4', { operation: 'Get', payload });
    expect(successOf('Get', await ask(rig, '1.4', 'Poll', value))).toEqual(object);
    const { adapter } = rig.source.principal.record;
    const [summary] = await rig.store.listQueuedRequests(adapter.id);
    const record = await rig.store.readQueuedRequest(adapter.id, summary?.id ?? '');
    expect(record?.request).toBeNull();
    // The generator of the rig makes keys of one byte, over and over.
    const material = Buffer.from(
      JSON.stringify(object, bytesAsHex).match(/"([0-9a-f]{64})"/)?.[1] ?? '',
      'hex',
    );
    expect(material).toHaveLength(32);
    expect(Buffer.from(record?.answer ?? []).includes(material)).toBe(false);
  });

  it('wait while the root key is disabled, and no answer is given out', async () => {
    const rig = await startMessageRig();
    const waiting = await accepted(rig, '1.4', CREATE);
    const done = await accepted(rig, '1.4', CREATE);
    await ask(rig, '1.4', 'Poll', done);
    const third = await accepted(rig, '1.4', CREATE);
    await rig.setRootKeyState('disabled');
    expect(await ask(rig, '1.4', 'Poll', done)).toMatchObject({
      resultReason: 'PermissionDenied',
    });
    expect(await ask(rig, '1.4', 'Poll', third)).toMatchObject({
      resultStatus: 'OperationPending',
      operation: 'Poll',
    });
    expect(await later(rig, '1.4', CREATE)).toMatchObject({ resultReason: 'PermissionDenied' });
    await rig.setRootKeyState('enabled');
    successOf('Create', await ask(rig, '1.4', 'Poll', third));
    successOf('Create', await ask(rig, '1.4', 'Poll', waiting));
  });

  it('of a certificate that was removed are not worked on', async () => {
    const rig = await startMessageRig();
    await accepted(rig, '1.4', CREATE);
    const { record } = rig.source.principal;
    const { id = '', name = '' } = record.certificate;
    const [certificate] = await rig.store.listCertificates(record.adapter.id);
    if (certificate === undefined) throw new Error('The rig has no certificate.');
    // Another certificate of the adapter asks for what the first has left.
    const other = { ...certificate, id: randomUUID(), name: `${name} again` };
    await rig.store.commit({
      guards: [],
      changes: [
        { kind: 'delete-certificate', id },
        {
          kind: 'insert-certificate',
          certificate: { ...other, fingerprintSha256: 'ab'.repeat(32) },
        },
      ],
      events: [],
    });
    const principal = await rig.store.findPrincipal('ab'.repeat(32));
    if (principal === undefined) throw new Error('The certificate is not there.');
    const [summary] = await rig.store.listQueuedRequests(record.adapter.id);
    const source = {
      ...rig.source,
      principal: { ...rig.source.principal, record: principal },
    };
    const poll: RequestedItem = {
      operation: 'Poll',
      payload: {
        asynchronousCorrelationValue: Uint8Array.from(
          Buffer.from((summary?.id ?? '').replaceAll('-', ''), 'hex'),
        ),
      },
    };
    expect(await rig.sendAs(source, '1.4', [poll])).toMatchObject([
      { resultReason: 'PermissionDenied' },
    ]);
    expect(await rig.countObjects()).toBe(0);
    expect((await rig.events()).map(({ action, outcome }) => [action, outcome])).toContainEqual([
      'hs-crypto.kmip-key.create',
      'failure',
    ]);
  });

  it(`are refused when ${MAX_WAITING_REQUESTS_OF_OWNER} of the owner wait`, async () => {
    const rig = await startMessageRig();
    const items = Array.from({ length: MAX_WAITING_REQUESTS_OF_OWNER + 1 }, (_, at) => ({
      ...CREATE,
      id: Uint8Array.of(at),
    }));
    const header = {
      ...indicatorOf('1.4'),
      batchErrorContinuationOption: 'Continue' as const,
    };
    const answers = await rig.send('1.4', items, { header });
    const refused = answers.filter(({ resultStatus }) => resultStatus === 'OperationFailed');
    expect(refused).toHaveLength(1);
  });

  it(`are taken beside those of other owners, up to ${MAX_WAITING_REQUESTS} of the adapter`, async () => {
    const rig = await startMessageRig();
    const { id: adapterId } = rig.source.principal.record.adapter;
    await rig.store.commit({
      guards: [],
      changes: Array.from({ length: MAX_WAITING_REQUESTS - 1 }, (_, at) => ({
        kind: 'enqueue-request' as const,
        request: {
          id: randomUUID(),
          adapterId,
          owner: `another ${at % 4}`,
          operation: 'Create',
          submittedAt: rig.clock.now(),
          request: Uint8Array.of(1),
        },
      })),
      events: [],
    });
    await accepted(rig, '1.4', CREATE);
    expect(await later(rig, '1.4', CREATE)).toMatchObject({ resultStatus: 'OperationFailed' });
    expect(await rig.store.listQueuedRequests(adapterId)).toHaveLength(MAX_WAITING_REQUESTS);
  });

  it('are forgotten a day after they have ended', async () => {
    const rig = await startMessageRig();
    const value = await accepted(rig, '1.4', CREATE);
    await ask(rig, '1.4', 'Poll', value);
    rig.clock.advance(ANSWER_KEPT_MS + 1);
    await accepted(rig, '1.4', CREATE);
    expect(await ask(rig, '1.4', 'Poll', value)).toMatchObject({ resultReason: 'ItemNotFound' });
  });

  it('are polled in the version in which they were made', async () => {
    const rig = await startMessageRig();
    const value = await accepted(rig, '1.4', CREATE);
    expect(await ask(rig, '2.1', 'Poll', value)).toMatchObject({
      resultReason: 'FeatureNotSupported',
    });
    successOf('Create', await ask(rig, '1.4', 'Poll', value));
  });

  it('are taken back with their batch under Undo', async () => {
    const rig = await startMessageRig();
    const header = { ...indicatorOf('2.1'), batchErrorContinuationOption: 'Undo' as const };
    const login: RequestedItem = { operation: 'Login', payload: {} };
    const items = [
      { ...CREATE, id: Uint8Array.of(1) },
      { ...login, id: Uint8Array.of(2) },
    ];
    const answers = await rig.send('2.1', items, { header });
    expect(answers.map(({ resultStatus }) => resultStatus)).toEqual([
      'OperationUndone',
      'OperationFailed',
    ]);
    const { adapter } = rig.source.principal.record;
    expect(await rig.store.listQueuedRequests(adapter.id)).toEqual([]);
  });

  it.each([
    ['1.4', true, 'Success'],
    ['2.1', 'Mandatory', 'OperationFailed'],
    ['2.1', 'Optional', 'Success'],
  ] as const)(
    'in %s do not hold Query (%s): %s',
    async (version, asynchronousIndicator, status) => {
      const rig = await startMessageRig();
      const query: RequestedItem = {
        operation: 'Query',
        payload: { queryFunction: ['QueryOperations'] },
      };
      const [answer] = await rig.send(version, [query], { header: { asynchronousIndicator } });
      expect(answer?.resultStatus).toBe(status);
    },
  );

  it('do not hold data that comes in parts', async () => {
    const rig = await startMessageRig();
    const hash: RequestedItem = {
      operation: 'Hash',
      payload: {
        cryptographicParameters: { hashingAlgorithm: 'SHA_256' },
        data: Uint8Array.of(1),
        initIndicator: true,
      },
    };
    const answer = await later(rig, '2.1', hash);
    expect(answer.resultReason).toBe('FeatureNotSupported');
  });
});

describe('Process', () => {
  it('has the work done before it answers', async () => {
    const rig = await startMessageRig();
    const value = await accepted(rig, '2.1', CREATE);
    successOf('Process', await ask(rig, '2.1', 'Process', value));
    expect(await rig.countObjects()).toBe(1);
    expect((await rig.events()).at(-1)?.action).toBe('claviger.kmip-request.process');
  });

  it.each([
    ['nobody made', 'InvalidAsynchronousCorrelationValue', undefined],
    ['cannot be worked on at present', 'GeneralFailure', 'disabled'],
  ] as const)('fails for a request that %s', async (_what, resultReason, state) => {
    const rig = await startMessageRig();
    const value = state === undefined ? UNKNOWN : await accepted(rig, '2.1', CREATE);
    if (state !== undefined) await rig.setRootKeyState(state);
    expect(await ask(rig, '2.1', 'Process', value)).toMatchObject({ resultReason });
  });
});

describe('Query Asynchronous Requests', () => {
  async function outstanding(rig: MessageRig, payload: object = {}) {
    const [answer] = await rig.send('2.1', [{ operation: 'QueryAsynchronousRequests', payload }]);
    return successOf('QueryAsynchronousRequests', answer).asynchronousRequest;
  }

  it('tells of requests until somebody has asked for their answer', async () => {
    const rig = await startMessageRig();
    const first = await accepted(rig, '2.1', CREATE);
    const second = await accepted(rig, '2.1', CREATE);
    await ask(rig, '2.1', 'Process', first);
    expect(await outstanding(rig)).toEqual([
      {
        asynchronousCorrelationValue: first,
        operation: 'Create',
        submissionDate: BigInt(rig.clock.now()) * 1000n,
        processingStage: 'Completed',
      },
      expect.objectContaining({
        asynchronousCorrelationValue: second,
        processingStage: 'Submitted',
      }),
    ]);
    await ask(rig, '2.1', 'Poll', first);
    await ask(rig, '2.1', 'Cancel', second);
    expect(await outstanding(rig)).toEqual([]);
    expect((await rig.events()).at(-1)?.action).toBe('claviger.kmip-request.list');
  });

  it.each([
    ['values', { asynchronousCorrelationValues: { asynchronousCorrelationValue: [UNKNOWN] } }, 0],
    ['operations', { operations: { operation: ['Create'] } }, 1],
    ['other operations', { operations: { operation: ['Archive'] } }, 0],
  ])('tells of those with certain %s', async (_what, payload, count) => {
    const rig = await startMessageRig();
    await accepted(rig, '2.1', CREATE);
    expect(await outstanding(rig, payload)).toHaveLength(count);
  });
});
