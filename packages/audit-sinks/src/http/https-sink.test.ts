import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { makeCertificates, type TestCertificates } from '../certificates.fixtures.ts';
import { anEvent, START_TIME, someEvents } from '../delivery.fixtures.ts';
import type { Sink } from '../sink.ts';
import { type HttpReceiver, startHttpReceiver } from './http-receiver.fixtures.ts';
import { createHttpsSink, type HttpsSinkOptions } from './https-sink.ts';

const signal = new AbortController().signal;
const now = () => START_TIME;
let receiver: HttpReceiver;
const sinks: Sink[] = [];

beforeEach(async () => {
  receiver = await startHttpReceiver();
});
afterEach(async () => {
  for (const sink of sinks.splice(0)) await sink.close();
  await receiver.close();
});

function aSink(options: Partial<HttpsSinkOptions> = {}): Sink {
  const sink = createHttpsSink({ now }, { url: receiver.url, ...options });
  sinks.push(sink);
  return sink;
}

describe('a batch', () => {
  it('is one JSON array, compressed, with the events as they are stored', async () => {
    await aSink().deliver(someEvents(2), signal);
    const [request] = receiver.received;
    expect(request?.text).toBe(`[${anEvent(1).body},\n${anEvent(2).body}]`);
    expect(request?.headers).toMatchObject({
      'content-type': 'application/json',
      'content-encoding': 'gzip',
      'claviger-batch': '1-2',
    });
  });

  it('is an event a line when asked for', async () => {
    await aSink({ format: 'ndjson', compress: false }).deliver(someEvents(2), signal);
    expect(receiver.received[0]?.bytes.toString()).toBe(`${anEvent(1).body}\n${anEvent(2).body}\n`);
  });

  it('carries a token that is read anew each time', async () => {
    const tokens = ['one\n', 'two\n'];
    const readSecret = async () => tokens.shift() ?? '';
    const sink = aSink({ authorization: { kind: 'token', readSecret } });
    await sink.deliver(someEvents(1), signal);
    await sink.deliver(someEvents(1), signal);
    expect(receiver.received.map(({ headers }) => headers.authorization)).toEqual([
      'Bearer one',
      'Bearer two',
    ]);
  });

  it('carries a token in a header of its own, as some collectors want', async () => {
    const readSecret = async () => 'abc';
    const header = 'DD-API-KEY';
    await aSink({ authorization: { kind: 'token', readSecret, header, scheme: '' } }).deliver(
      someEvents(1),
      signal,
    );
    expect(receiver.received[0]?.headers['dd-api-key']).toBe('abc');
  });

  it('carries a signature over the time and the body before compression', async () => {
    const readSecret = async () => 'shared secret\n';
    await aSink({ authorization: { kind: 'hmac', readSecret } }).deliver(someEvents(2), signal);
    const [request] = receiver.received;
    const seconds = Math.floor(START_TIME / 1000);
    const mac = createHmac('sha256', 'shared secret').update(`${seconds}.${request?.text}`);
    expect(request?.headers['claviger-signature']).toBe(`t=${seconds},v1=${mac.digest('hex')}`);
  });

  it.each(['', '  \n', 'two\nlines', 'ü'])('is not sent with the secret %j', async (secret) => {
    const sink = aSink({ authorization: { kind: 'token', readSecret: async () => secret } });
    await expect(sink.deliver(someEvents(1), signal)).rejects.toMatchObject({
      kind: 'misconfigured',
      message: 'the secret is empty or has characters beyond ASCII',
    });
    expect(receiver.received).toEqual([]);
  });
});

describe('an answer', () => {
  it.each([
    [200, undefined],
    [202, undefined],
    [301, 'misconfigured'],
    [400, 'refused'],
    [401, 'misconfigured'],
    [403, 'misconfigured'],
    [404, 'misconfigured'],
    [408, 'unavailable'],
    [413, 'refused'],
    [422, 'refused'],
    [429, 'unavailable'],
    [500, 'unavailable'],
    [503, 'unavailable'],
  ])('of %i means %s', async (status, kind) => {
    receiver.behave = (response) => response.writeHead(status, { location: '/other' }).end();
    const delivered = aSink().deliver(someEvents(1), signal);
    if (kind === undefined) await delivered;
    else {
      const message = `${new URL(receiver.url).origin} answered ${status}`;
      await expect(delivered).rejects.toMatchObject({ kind, message });
    }
    expect(receiver.received).toHaveLength(1);
  });

  it.each([
    ['7', 7_000],
    [new Date(START_TIME + 90_000).toUTCString(), 89_690],
    [new Date(START_TIME - 90_000).toUTCString(), 0],
    ['soon', undefined],
  ])('with Retry-After %s asks for %s ms', async (header, retryAfterMs) => {
    receiver.behave = (response) => response.writeHead(429, { 'retry-after': header }).end();
    await expect(aSink().deliver(someEvents(1), signal)).rejects.toMatchObject({ retryAfterMs });
  });

  it('that says 200 and breaks off does not count', async () => {
    receiver.behave = (response) => {
      response.writeHead(200, { 'content-length': 100 }).write('{"ok":');
      setTimeout(() => response.destroy(), 20);
    };
    await expect(aSink().deliver(someEvents(1), signal)).rejects.toMatchObject({
      kind: 'unavailable',
    });
  });

  it('without end is not read to its end', async () => {
    let sent = 0;
    receiver.behave = (response) => {
      response.writeHead(200);
      const more = () => {
        while (!response.destroyed && response.write(Buffer.alloc(16_384))) sent += 16_384;
      };
      response.on('drain', more);
      more();
    };
    await aSink().deliver(someEvents(1), signal);
    expect(sent).toBeLessThan(64 * 1_048_576);
  });

  it('that never comes is given up on when the signal says so', async () => {
    receiver.behave = () => {};
    const giveUp = new AbortController();
    const delivered = aSink().deliver(someEvents(1), giveUp.signal);
    await expect.poll(() => receiver.received.length).toBe(1);
    giveUp.abort(new Error('not delivered within 30 s'));
    await expect(delivered).rejects.toThrow('not delivered within 30 s');
  });
});

describe('a receiver', () => {
  it('that is down is unavailable', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    server.close();
    const port = typeof address === 'object' ? address?.port : 0;
    const url = `http://127.0.0.1:${port}/`;
    await expect(aSink({ url }).deliver(someEvents(1), signal)).rejects.toMatchObject({
      kind: 'unavailable',
      message: expect.stringContaining('ECONNREFUSED'),
    });
  });

  it.each([
    ['closes at once', ''],
    ['speaks another protocol', 'SSH-2.0-OpenSSH_9.2\r\n'],
    ['sends half a header', 'HTTP/1.1 200 OK\r\nContent-Le'],
    ['sends a header without end', `HTTP/1.1 200 OK\r\nX: ${'x'.repeat(100_000)}`],
  ])('that %s is unavailable', async (_, text) => {
    const server = createServer((socket) => {
      socket.on('error', () => {});
      socket.once('data', () => socket.end(text));
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    const port = typeof address === 'object' ? address?.port : 0;
    const sink = aSink({ url: `http://127.0.0.1:${port}/` });
    await expect(sink.deliver(someEvents(1), signal)).rejects.toMatchObject({
      kind: 'unavailable',
    });
    server.close();
  });

  it('that never reads holds up no more than the attempt', async () => {
    const server = createServer((socket) => socket.pause()).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    const port = typeof address === 'object' ? (address?.port ?? 0) : 0;
    const sink = aSink({ url: `http://127.0.0.1:${port}/`, compress: false });
    const giveUp = new AbortController();
    const large = [anEvent(1, { body: JSON.stringify({ text: 'x'.repeat(16_000_000) }) })];
    const delivered = sink.deliver(large, giveUp.signal);
    setTimeout(() => giveUp.abort(new Error('not delivered within 30 s')), 100);
    await expect(delivered).rejects.toThrow('not delivered within 30 s');
    connect(port).destroy();
    server.close();
  });
});

describe('with TLS', () => {
  let certificates: TestCertificates;
  let secure: HttpReceiver;
  beforeAll(async () => {
    certificates = makeCertificates();
    const { ca, server } = certificates;
    secure = await startHttpReceiver({
      key: server.key,
      cert: server.certificate,
      ca,
      requestCert: true,
    });
  });
  afterAll(() => secure.close());

  it('a receiver of the given authority is trusted and sees the client certificate', async () => {
    const readTls = async () => ({ ca: certificates.ca, ...certificates.client });
    await aSink({ url: secure.url, readTls }).deliver(someEvents(1), signal);
    expect(secure.received).toHaveLength(1);
  });

  it('a receiver of another authority is not trusted, and gets nothing', async () => {
    const before = secure.received.length;
    await expect(aSink({ url: secure.url }).deliver(someEvents(1), signal)).rejects.toMatchObject({
      kind: 'misconfigured',
    });
    expect(secure.received).toHaveLength(before);
  });

  it('a certificate without its key is a matter of configuration', async () => {
    const readTls = async () => ({ ca: certificates.ca, certificate: certificates.ca });
    await expect(
      aSink({ url: secure.url, readTls }).deliver(someEvents(1), signal),
    ).rejects.toMatchObject({ kind: 'misconfigured' });
  });
});

it.each([
  ['http://collector.example.com/', 'over https only'],
  ['ftp://collector.example.com/', 'over https only'],
  ['https://user:secret@collector.example.com/', 'credentials belong into a file'],
  ['collector', 'Invalid URL'],
])('the address %s cannot be used', (url, message) => {
  expect(() => createHttpsSink({ now }, { url })).toThrow(message);
});
