import { afterAll, beforeAll, describe, expect, expectTypeOf, it } from 'vitest';
import type { BatchResult } from './batch.ts';
import { createPayload } from './build-payload.ts';
import { hasOpenssl, makeTestCertificate } from './certificate.fixtures.ts';
import { createKmipClient, type KmipClient } from './client.ts';
import { createMemoryAnswers } from './memory-answers.fixtures.ts';
import { aFailure, aResponse, aSuccess } from './response.fixtures.ts';
import { type ReceivedRequest, startTestServer, type TestServer } from './server.fixtures.ts';

const CREATE = {
  operation: 'Create',
  payload: createPayload({ algorithm: 'AES', lengthBits: 256, usage: ['Encrypt'] }),
} as const;
const GET_NOTHING = { operation: 'Get', payload: { uniqueIdentifier: 'nothing' } } as const;
const ACTIVATE = { operation: 'Activate', payload: { uniqueIdentifier: 'key-1' } } as const;

describe.skipIf(!hasOpenssl())('batch (needs openssl)', () => {
  let server: TestServer;
  let client: KmipClient;
  let answer: (request: ReceivedRequest) => Uint8Array;

  beforeAll(async () => {
    const { cert, key } = makeTestCertificate('localhost');
    server = await startTestServer({ cert, key }, (request) =>
      request.socket.write(answer(request)),
    );
    client = createKmipClient({
      host: '127.0.0.1',
      port: server.port,
      tls: { ca: cert, cert, key },
      requestTimeoutMs: 5000,
    });
  });
  afterAll(async () => {
    await client.close();
    await server.close();
  });

  const ids = ({ items }: ReceivedRequest) => items.map(({ id }) => id);

  it('gives each item its result', async () => {
    answer = createMemoryAnswers();
    const results = await client.batch([CREATE, GET_NOTHING, ACTIVATE], {
      errorContinuation: 'Continue',
      order: true,
    });
    expect(results).toMatchObject([
      { kind: 'success', payload: { uniqueIdentifier: 'key-1' } },
      { kind: 'failure', resultReason: 'ItemNotFound', resultMessage: 'No such object.' },
      { kind: 'success', payload: { uniqueIdentifier: 'key-1' } },
    ]);
    expect(server.requests.at(-1)?.message.requestHeader).toMatchObject({
      batchErrorContinuationOption: 'Continue',
      batchOrderOption: true,
      batchCount: 3,
    });
    expectTypeOf(results[1]).toEqualTypeOf<BatchResult<'Get'>>();
  });

  it('matches results by Unique Batch Item ID, in whatever order they come', async () => {
    answer = (request) => {
      const [first, second] = ids(request);
      return aResponse('1.4', [
        aSuccess('1.4', 'Activate', { uniqueIdentifier: 'key-1' }, second),
        aFailure({ operation: 'Get', uniqueBatchItemID: first }),
      ]);
    };
    expect(
      await client.batch([GET_NOTHING, ACTIVATE], { errorContinuation: 'Continue' }),
    ).toMatchObject([{ kind: 'failure' }, { kind: 'success' }]);
  });

  it('gives every item of every batch an id of its own', async () => {
    answer = createMemoryAnswers();
    const before = server.requests.length;
    await client.batch([CREATE, CREATE]);
    await client.batch([CREATE, CREATE]);
    const seen = server.requests.slice(before).flatMap(ids).map(String);
    expect(new Set(seen).size).toBe(4);
  });

  it('reports the items after a failure as skipped when the server stopped there', async () => {
    answer = (request) =>
      aResponse('1.4', [aFailure({ operation: 'Get', uniqueBatchItemID: ids(request)[0] })]);
    const results = await client.batch([GET_NOTHING, ACTIVATE]);
    expect(results.map(({ kind }) => kind)).toEqual(['failure', 'skipped']);
  });

  it('reports what was undone as a failure with the status Operation Undone', async () => {
    answer = (request) => {
      const [first, second] = ids(request);
      return aResponse('1.4', [
        aFailure({
          operation: 'Activate',
          uniqueBatchItemID: first,
          resultStatus: 'OperationUndone',
        }),
        aFailure({ operation: 'Get', uniqueBatchItemID: second }),
      ]);
    };
    expect(
      await client.batch([ACTIVATE, GET_NOTHING], { errorContinuation: 'Undo' }),
    ).toMatchObject([
      { kind: 'failure', resultStatus: 'OperationUndone' },
      { kind: 'failure', resultStatus: 'OperationFailed' },
    ]);
  });

  it('fails as a whole when the server refuses the message', async () => {
    answer = () => aResponse('1.4', [aFailure({ resultReason: 'InvalidMessage' })]);
    await expect(client.batch([CREATE, ACTIVATE])).rejects.toMatchObject({
      code: 'operation-failed',
      operation: 'Create, Activate',
      resultReason: 'InvalidMessage',
    });
  });

  it('sends no batch options with a single item (1.4 §6.12, §6.13)', async () => {
    answer = createMemoryAnswers();
    await client.batch([CREATE], { errorContinuation: 'Continue', order: true });
    const header = server.requests.at(-1)?.message.requestHeader;
    expect(header?.batchErrorContinuationOption).toBeUndefined();
    expect(header?.batchOrderOption).toBeUndefined();
  });

  it('refuses a batch without items', async () => {
    await expect(client.batch([])).rejects.toBeInstanceOf(RangeError);
  });
});
