/**
 * The part of kafkajs that the sink uses. The package is optional: it is imported when the first sink of
 * this kind connects.
 */

import type { ConnectionOptions } from 'node:tls';
import type { ProducerConfig, SASLOptions } from 'kafkajs';
import type { DeliveryLog } from '../delivery-options.ts';
import { DeliveryError } from '../sink.ts';
import type { KafkaMessage } from './kafka-message.ts';

export interface KafkaProducer {
  connect(): Promise<void>;
  /** Resolves when all in-sync replicas have the messages. */
  send(topic: string, messages: readonly KafkaMessage[]): Promise<void>;
  disconnect(): Promise<void>;
}

export type SaslMechanism = 'plain' | 'scram-sha-256' | 'scram-sha-512';

export interface SaslLogin {
  readonly mechanism: SaslMechanism;
  readonly username: string;
  readonly password: string;
}

export interface KafkaConnection {
  readonly brokers: readonly string[];
  readonly clientId: string;
  readonly compress: boolean;
  readonly ssl?: ConnectionOptions | undefined;
  readonly sasl?: SaslLogin | undefined;
}

export type OpenKafkaProducer = (
  connection: KafkaConnection,
  log: DeliveryLog,
) => Promise<KafkaProducer>;

const ALL_IN_SYNC_REPLICAS = -1;
const CONNECT_TIMEOUT_MS = 5_000;
const REQUEST_TIMEOUT_MS = 10_000;

/**
 * Not idempotent in Kafka's sense: kafkajs marks that as experimental, and a producer that has lost its
 * place in the sequence stays broken. One batch at a time keeps the order, ids tell duplicates.
 */
const PRODUCER: ProducerConfig = {
  allowAutoTopicCreation: false,
  idempotent: false,
  maxInFlightRequests: 1,
};

/** @throws DeliveryError `misconfigured` when kafkajs is not installed. */
export const openKafkaProducer: OpenKafkaProducer = async (connection, log) => {
  const { Kafka, Partitioners, CompressionTypes, logLevel } = await importKafka();
  const { brokers, clientId, compress, ssl, sasl } = connection;
  const kafka = new Kafka({
    brokers: [...brokers],
    clientId,
    ...(ssl === undefined ? {} : { ssl }),
    ...(sasl === undefined ? {} : { sasl: toSaslOptions(sasl) }),
    connectionTimeout: CONNECT_TIMEOUT_MS,
    requestTimeout: REQUEST_TIMEOUT_MS,
    // Delivery has its own back-off; this one rides over a change of leaders.
    retry: { retries: 2, initialRetryTime: 200 },
    logLevel: logLevel.WARN,
    logCreator: () => (entry) => {
      log.debug({ kafka: entry.log.message, broker: entry.log['broker'] }, 'the Kafka client says');
    },
  });
  const producer = kafka.producer({
    ...PRODUCER,
    createPartitioner: Partitioners.DefaultPartitioner,
  });
  return {
    connect: () => producer.connect(),
    async send(topic, messages) {
      await producer.send({
        topic,
        acks: ALL_IN_SYNC_REPLICAS,
        compression: compress ? CompressionTypes.GZIP : CompressionTypes.None,
        messages: [...messages],
      });
    },
    disconnect: () => producer.disconnect(),
  };
};

/** The mechanism tells the client's types apart, though all three look the same. */
function toSaslOptions({ mechanism, username, password }: SaslLogin): SASLOptions {
  switch (mechanism) {
    case 'plain':
      return { mechanism, username, password };
    case 'scram-sha-256':
      return { mechanism, username, password };
    case 'scram-sha-512':
      return { mechanism, username, password };
  }
}

async function importKafka() {
  try {
    const { default: kafka } = await import('kafkajs');
    return kafka;
  } catch (error) {
    const message = 'the package kafkajs is not installed; a Kafka sink needs it';
    throw new DeliveryError('misconfigured', message, { cause: error });
  }
}
