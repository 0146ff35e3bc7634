import { describe, expect, it } from 'vitest';
import { anEvent, collectingLog, settle, someEvents } from '../delivery.fixtures.ts';
import type { KafkaConnection, KafkaProducer } from './kafka-client.ts';
import type { KafkaMessage } from './kafka-message.ts';
import { createKafkaSink, type KafkaSinkOptions } from './kafka-sink.ts';

const signal = new AbortController().signal;
const TLS = async () => ({ ca: 'an authority' });

interface Rig {
  readonly connections: KafkaConnection[];
  readonly sent: KafkaMessage[];
  disconnected: number;
  behave: () => Promise<void> | void;
}

function aSink(options: Partial<KafkaSinkOptions> = {}) {
  const rig: Rig = { connections: [], sent: [], disconnected: 0, behave: () => {} };
  const producer: KafkaProducer = {
    connect: async () => {},
    async send(_topic, messages) {
      await rig.behave();
      rig.sent.push(...messages);
    },
    async disconnect() {
      rig.disconnected += 1;
    },
  };
  const openProducer = async (connection: KafkaConnection) => {
    rig.connections.push(connection);
    return producer;
  };
  const sink = createKafkaSink(
    { log: collectingLog(), openProducer },
    { brokers: ['kafka-1:9093'], topic: 'audit', ...options },
  );
  return { rig, sink };
}

/** As the client makes them. */
const clientError = (name: string, members: object) =>
  Object.assign(new Error('broken'), { name, ...members });

describe('a message', () => {
  it('has the event as it is stored, the headers of the trail, and its instance as key', async () => {
    const { rig, sink } = aSink();
    const event = anEvent(1);
    await sink.deliver([event], signal);
    expect(rig.sent).toEqual([
      {
        key: 'inst-1',
        value: event.body,
        headers: {
          type: 'audit',
          account: '0123456789abcdef0123456789abcdef',
          region: 'eu-de',
          location: 'eu-de',
          id: event.id,
        },
        timestamp: String(event.time),
      },
    ]);
  });

  it('has its initiator as key where asked for, and where no instance is known', async () => {
    const { rig, sink } = aSink({ key: 'initiator', region: 'eu-gb' });
    await sink.deliver([anEvent(1)], signal);
    const unknown = aSink();
    await unknown.sink.deliver([anEvent(1, { body: '{}' })], signal);
    expect(rig.sent[0]).toMatchObject({
      key: 'CertificateID-a1',
      headers: { region: 'eu-gb', location: 'eu-de' },
    });
    expect(unknown.rig.sent[0]?.key).toBe('CertificateID-a1');
  });
});

describe('a failure', () => {
  it.each([
    ['unavailable', clientError('KafkaJSConnectionError', {})],
    ['unavailable', clientError('KafkaJSProtocolError', { type: 'NOT_ENOUGH_REPLICAS' })],
    ['refused', clientError('KafkaJSProtocolError', { type: 'MESSAGE_TOO_LARGE' })],
    ['misconfigured', clientError('KafkaJSProtocolError', { type: 'TOPIC_AUTHORIZATION_FAILED' })],
    ['misconfigured', clientError('KafkaJSSASLAuthenticationError', {})],
    ['misconfigured', clientError('Error', { code: 'SELF_SIGNED_CERT_IN_CHAIN' })],
    [
      'misconfigured',
      clientError('KafkaJSNumberOfRetriesExceeded', {
        cause: clientError('KafkaJSProtocolError', { type: 'UNKNOWN_TOPIC_OR_PARTITION' }),
      }),
    ],
  ])('is %s for %s', async (kind, error) => {
    const { rig, sink } = aSink();
    rig.behave = () => {
      throw error;
    };
    await expect(sink.deliver(someEvents(1), signal)).rejects.toMatchObject({ kind });
  });

  it('makes the connection anew, with a password that is read anew', async () => {
    const passwords = ['old\n', 'new\n'];
    const { rig, sink } = aSink({
      readTls: TLS,
      sasl: {
        mechanism: 'plain',
        username: 'claviger',
        readPassword: async () => passwords.shift() ?? '',
      },
    });
    rig.behave = () => {
      throw clientError('KafkaJSSASLAuthenticationError', {});
    };
    await expect(sink.deliver(someEvents(1), signal)).rejects.toThrow();
    rig.behave = () => {};
    await sink.deliver(someEvents(1), signal);
    await sink.deliver(someEvents(1, 2), signal);
    expect(rig.connections.map(({ sasl }) => sasl)).toEqual([
      { mechanism: 'plain', username: 'claviger', password: 'old' },
      { mechanism: 'plain', username: 'claviger', password: 'new' },
    ]);
    expect(rig.connections[0]?.ssl).toMatchObject({ ca: 'an authority' });
  });

  it('by running out of time is not overtaken by the next attempt', async () => {
    const { rig, sink } = aSink();
    let finish = () => {};
    let sends = 0;
    rig.behave = () => {
      sends += 1;
      return new Promise((resolve) => {
        finish = resolve;
      });
    };
    const giveUp = new AbortController();
    const first = sink.deliver(someEvents(1), giveUp.signal);
    await settle();
    giveUp.abort(new Error('not delivered within 30 s'));
    await expect(first).rejects.toThrow('not delivered within 30 s');
    const second = sink.deliver(someEvents(1), signal);
    await settle();
    expect(sends).toBe(1);
    finish();
    await settle();
    expect(sends).toBe(2);
    finish();
    await second;
  });
});

it('refuses to send a password in the clear', () => {
  const sasl = { mechanism: 'plain', username: 'a', readPassword: async () => 'b' } as const;
  expect(() => aSink({ sasl })).toThrow('it needs TLS');
  expect(() => aSink({ brokers: [] })).toThrow('needs a broker');
});
