import { gunzipSync } from 'node:zlib';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { anEvent, START_TIME, someEvents } from '../delivery.fixtures.ts';
import { type HttpReceiver, startHttpReceiver } from '../http/http-receiver.fixtures.ts';
import type { Sink } from '../sink.ts';
import { createS3Sink, type S3SinkOptions } from './s3-sink.ts';

const signal = new AbortController().signal;
let receiver: HttpReceiver;
const sinks: Sink[] = [];
beforeEach(async () => {
  receiver = await startHttpReceiver();
});
afterEach(async () => {
  for (const sink of sinks.splice(0)) await sink.close();
  await receiver.close();
});

const optionsFor = (endpoint: string): S3SinkOptions => ({
  endpoint,
  region: 'eu-central-1',
  bucket: 'audit',
  prefix: 'claviger/',
  node: 'node-1',
  readCredentials: async () => ({ accessKeyId: 'id', secretAccessKey: 'hush' }),
});

function aSink(change: Partial<S3SinkOptions> = {}): Sink {
  const options = optionsFor(new URL(receiver.url).origin);
  const sink = createS3Sink({ now: () => START_TIME }, { ...options, ...change });
  sinks.push(sink);
  return sink;
}

it('a batch becomes an object named after its hour, its node and its sequences', async () => {
  await aSink().deliver(someEvents(3, 41), signal);
  const [request] = receiver.received;
  expect(`${request?.method} ${request?.path}`).toBe(
    'PUT /audit/claviger/year%3D2026/month%3D03/day%3D02/hour%3D09/' +
      'node-1-0000000000000041-0000000000000043.jsonl.gz',
  );
  expect(gunzipSync(request?.bytes ?? '').toString()).toBe(
    someEvents(3, 41)
      .map(({ body }) => `${body}\n`)
      .join(''),
  );
});

it('a second attempt sends the same bytes under the same name', async () => {
  receiver.behave = (response) => response.writeHead(503).end();
  const sink = aSink();
  for (let attempt = 0; attempt < 2; attempt += 1) {
    await expect(sink.deliver(someEvents(3), signal)).rejects.toMatchObject({
      kind: 'unavailable',
    });
  }
  const [first, second] = receiver.received;
  expect(second?.path).toBe(first?.path);
  expect(second?.bytes).toEqual(first?.bytes);
});

it('an object can be locked for days', async () => {
  await aSink({ objectLock: { mode: 'COMPLIANCE', days: 10 }, compress: false }).deliver(
    [anEvent(1)],
    signal,
  );
  expect(receiver.received[0]?.headers).toMatchObject({
    'x-amz-object-lock-mode': 'COMPLIANCE',
    'x-amz-object-lock-retain-until-date': '2026-03-12T09:14:07.310Z',
    'x-amz-checksum-sha256': expect.any(String),
  });
});

it('wrong credentials are a matter of configuration', async () => {
  receiver.behave = (response) => response.writeHead(403).end('<Error/>');
  const failure = { kind: 'misconfigured', message: expect.stringContaining('answered 403') };
  await expect(aSink().deliver(someEvents(1), signal)).rejects.toMatchObject(failure);
  const readCredentials = () => Promise.reject(new Error('ENOENT'));
  await expect(aSink({ readCredentials }).deliver(someEvents(1), signal)).rejects.toMatchObject({
    kind: 'misconfigured',
    message: 'credentials cannot be read: ENOENT',
  });
});

it.each([{ bucket: 'no/bucket' }, { node: 'a/b' }, { endpoint: 'http://s3.example.com' }])(
  'cannot be made with %j',
  (change) => {
    expect(() => aSink(change)).toThrow(RangeError);
  },
);
