/** Events to a topic of Kafka, or of what speaks its protocol. */

import type { DeliveryLog } from '../delivery-options.ts';
import { loadSecret } from '../http/authorization.ts';
import type { Sink, SinkEvent } from '../sink.ts';
import { loadTls, type ReadSecret, type ReadTls, toTlsConnectOptions } from '../tls-options.ts';
import { untilAborted } from '../until-aborted.ts';
import {
  type KafkaProducer,
  type OpenKafkaProducer,
  openKafkaProducer,
  type SaslMechanism,
} from './kafka-client.ts';
import { toKafkaError } from './kafka-error.ts';
import { type KafkaKey, toKafkaMessage } from './kafka-message.ts';

export interface KafkaSasl {
  readonly mechanism: SaslMechanism;
  readonly username: string;
  readonly readPassword: ReadSecret;
}

export interface KafkaSinkOptions {
  /** `host:port`; at least one. */
  readonly brokers: readonly string[];
  /** Has to exist. */
  readonly topic: string;
  /** Default `claviger`. */
  readonly clientId?: string | undefined;
  /** Default `instance`. */
  readonly key?: KafkaKey | undefined;
  /** The header `region`: where events are processed. Default the location of their source. */
  readonly region?: string | undefined;
  /** Whether batches are compressed with gzip. Default true. */
  readonly compress?: boolean | undefined;
  /** No TLS when undefined. */
  readonly readTls?: ReadTls | undefined;
  readonly sasl?: KafkaSasl | undefined;
}

export interface KafkaSinkDependencies {
  readonly log: DeliveryLog;
  /** Another client, for tests. */
  readonly openProducer?: OpenKafkaProducer | undefined;
}

/**
 * A batch is delivered when all in-sync replicas have it. After a failure the connection is made anew, with
 * secrets that are read anew.
 *
 * @throws RangeError when a password would go over the network in the clear, or there is no broker.
 */
export function createKafkaSink(
  { log, openProducer = openKafkaProducer }: KafkaSinkDependencies,
  options: KafkaSinkOptions,
): Sink {
  const { brokers, topic, clientId = 'claviger', key = 'instance', region } = options;
  const { compress = true, readTls, sasl } = options;
  if (brokers.length === 0) throw new RangeError('A Kafka sink needs a broker.');
  if (sasl?.mechanism === 'plain' && readTls === undefined) {
    throw new RangeError('SASL PLAIN sends the password as it is: it needs TLS.');
  }
  let producer: KafkaProducer | undefined;
  /** Settles when the attempt before has let go; never rejects. The client cannot cut a request off. */
  let before: Promise<void> = Promise.resolve();

  async function connected(): Promise<KafkaProducer> {
    if (producer !== undefined) return producer;
    const ssl = readTls && toTlsConnectOptions(await loadTls(readTls));
    const login = sasl && {
      mechanism: sasl.mechanism,
      username: sasl.username,
      password: await loadSecret(sasl.readPassword),
    };
    const opened = await openProducer({ brokers, clientId, compress, ssl, sasl: login }, log);
    producer = opened;
    await opened.connect();
    return opened;
  }

  async function send(batch: readonly SinkEvent[]): Promise<void> {
    const messages = batch.map((event) => toKafkaMessage(event, key, region));
    const open = await connected();
    await open.send(topic, messages);
  }

  async function letGo(): Promise<void> {
    const closing = producer;
    producer = undefined;
    await closing?.disconnect().catch(() => undefined);
  }

  return {
    async deliver(batch, signal) {
      await untilAborted(before, signal);
      const sending = send(batch).catch(async (error: unknown) => {
        await letGo();
        throw toKafkaError(error);
      });
      before = sending.catch(() => undefined);
      try {
        await untilAborted(sending, signal);
      } catch (error) {
        // An attempt that was cut off ends sooner without its connection.
        void letGo();
        throw error;
      }
    },
    close: letGo,
  };
}
