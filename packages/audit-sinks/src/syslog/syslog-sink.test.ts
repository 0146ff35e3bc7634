import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { makeCertificates, type TestCertificates } from '../certificates.fixtures.ts';
import { anEvent, someEvents } from '../delivery.fixtures.ts';
import { createTimerClock } from '../delivery-clock.ts';
import type { Sink } from '../sink.ts';
import { type SyslogReceiver, startSyslogReceiver } from './syslog-receiver.fixtures.ts';
import { createSyslogSink, type SyslogSinkOptions } from './syslog-sink.ts';

const signal = new AbortController().signal;
const clock = createTimerClock(() => Date.now());
let receiver: SyslogReceiver;
const sinks: Sink[] = [];
beforeEach(async () => {
  receiver = await startSyslogReceiver();
});
afterEach(async () => {
  for (const sink of sinks.splice(0)) await sink.close();
  await receiver.close();
});

function aSink(options: Partial<SyslogSinkOptions> = {}): Sink {
  const address = { host: '127.0.0.1', port: receiver.port, hostname: 'keys-1' };
  const sink = createSyslogSink({ clock }, { ...address, ...options });
  sinks.push(sink);
  return sink;
}

const bodiesAt = ({ messages }: SyslogReceiver) =>
  messages.map((message) => message.slice(message.indexOf('{')));

describe('when a batch counts as delivered', () => {
  it('it has been read to its end, on a connection of its own', async () => {
    const sink = aSink();
    await sink.deliver(someEvents(500), signal);
    expect(bodiesAt(receiver)).toEqual(someEvents(500).map(({ body }) => body));
    await sink.deliver(someEvents(1, 501), signal);
    expect([receiver.messages.length, receiver.sockets.length]).toEqual([501, 2]);
  });

  it('it has been sent, on one connection, where the receiver does not end its side', async () => {
    const sink = aSink({ confirmation: 'sent' });
    await sink.deliver(someEvents(3), signal);
    await sink.deliver(someEvents(3, 4), signal);
    await expect.poll(() => receiver.messages.length).toBe(6);
    expect(receiver.sockets).toHaveLength(1);
  });

  it('a connection that was closed while idle is opened anew', async () => {
    const sink = aSink({ confirmation: 'sent' });
    await sink.deliver(someEvents(1), signal);
    receiver.sockets[0]?.end();
    await new Promise((resolve) => setTimeout(resolve, 50));
    await sink.deliver(someEvents(1, 2), signal);
    await expect.poll(() => receiver.messages.length).toBe(2);
  });
});

describe.each(['closed', 'sent'] as const)('confirmed by %s, a receiver', (confirmation) => {
  const failure = { kind: 'unavailable' };

  it('that closes half way gets the whole batch again, on a new connection', async () => {
    receiver.behave = (socket) => {
      socket.once('data', () => socket.resetAndDestroy());
    };
    const sink = aSink({ confirmation });
    await expect(sink.deliver(someEvents(50), signal)).rejects.toMatchObject(failure);
    receiver.behave = receiver.read;
    await sink.deliver(someEvents(50), signal);
    await expect.poll(() => bodiesAt(receiver)).toEqual(someEvents(50).map(({ body }) => body));
  });

  it('that ends its side before us has not taken the batch', async () => {
    receiver.behave = (socket) => socket.end();
    await expect(aSink({ confirmation }).deliver(someEvents(50), signal)).rejects.toMatchObject(
      failure,
    );
  });

  it('that is down is unavailable', async () => {
    const down = await startSyslogReceiver();
    await down.close();
    await expect(
      aSink({ confirmation, port: down.port }).deliver(someEvents(1), signal),
    ).rejects.toMatchObject({ ...failure, message: expect.stringContaining('ECONNREFUSED') });
  });

  it('that never reads holds up no more than the attempt', async () => {
    receiver.behave = (socket) => socket.pause();
    const large = [anEvent(1, { body: 'x'.repeat(16_000_000) })];
    const giveUp = new AbortController();
    const delivered = aSink({ confirmation }).deliver(large, giveUp.signal);
    setTimeout(() => giveUp.abort(new Error('not delivered within 30 s')), 200);
    await expect(delivered).rejects.toThrow('not delivered within 30 s');
  });

  it('that talks is not listened to', async () => {
    receiver.behave = (socket) => {
      receiver.read(socket);
      socket.write('x'.repeat(1_000_000));
    };
    await aSink({ confirmation }).deliver(someEvents(3), signal);
    await expect.poll(() => receiver.messages.length).toBe(3);
  });
});

it('a receiver that reads and never ends its side is given up on, when that is asked of it', async () => {
  receiver.behave = (socket) => socket.resume();
  const giveUp = new AbortController();
  const delivered = aSink().deliver(someEvents(1), giveUp.signal);
  setTimeout(() => giveUp.abort(new Error('not delivered within 30 s')), 300);
  await expect(delivered).rejects.toThrow('not delivered within 30 s');
});

describe('over TLS', () => {
  let certificates: TestCertificates;
  let secure: SyslogReceiver;
  beforeAll(async () => {
    certificates = makeCertificates();
    secure = await startSyslogReceiver({
      key: certificates.server.key,
      cert: certificates.server.certificate,
      ca: certificates.ca,
      requestCert: true,
      rejectUnauthorized: true,
    });
  });
  afterAll(() => secure.close());
  const target = () => ({ host: 'localhost', port: secure.port });

  it.each(['closed', 'sent'] as const)('a batch arrives, confirmed by %s', async (confirmation) => {
    const before = secure.messages.length;
    const readTls = async () => ({ ca: certificates.ca, ...certificates.client });
    await aSink({ ...target(), readTls, confirmation }).deliver(someEvents(200), signal);
    await expect.poll(() => secure.messages.length - before).toBe(200);
  });

  it('a receiver of another authority is not trusted', async () => {
    await expect(
      aSink({ ...target(), readTls: async () => ({}) }).deliver(someEvents(1), signal),
    ).rejects.toMatchObject({ kind: 'misconfigured' });
  });

  it('a receiver that wants a certificate and sees none refuses the sink', async () => {
    const readTls = async () => ({ ca: certificates.ca });
    await expect(
      aSink({ ...target(), readTls }).deliver(someEvents(1), signal),
    ).rejects.toMatchObject({ kind: 'misconfigured' });
  });

  it('a key that cannot be read is a matter of configuration', async () => {
    const readTls = () => Promise.reject(new Error('EACCES: permission denied'));
    await expect(
      aSink({ ...target(), readTls }).deliver(someEvents(1), signal),
    ).rejects.toMatchObject({
      kind: 'misconfigured',
      message: 'a certificate or key cannot be read: EACCES: permission denied',
    });
  });
});

it.each([{ port: 0 }, { port: 65_536 }, { facility: 24 }, { facility: 1.5 }])(
  'cannot be made with %j',
  (options) => {
    expect(() => aSink(options)).toThrow(RangeError);
  },
);
