/** Events as Kafka messages. */

import { readEventDetails } from '../event-details.ts';
import type { SinkEvent } from '../sink.ts';

/**
 * What chooses the partition: all events of an instance stay in order, or all of an initiator.
 * Without an instance the initiator decides.
 */
export type KafkaKey = 'instance' | 'initiator';

export interface KafkaMessage {
  readonly key: string;
  /** The event as it is stored. */
  readonly value: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Milliseconds since the epoch. */
  readonly timestamp: string;
}

/**
 * @param region - Where the event is processed; the location it comes from unless told.
 */
export function toKafkaMessage(
  event: SinkEvent,
  key: KafkaKey,
  region: string | undefined,
): KafkaMessage {
  const { account, location, instance } = readEventDetails(event);
  return {
    key: (key === 'instance' && instance) || event.initiatorId,
    value: event.body,
    headers: { type: 'audit', account, region: region ?? location, location, id: event.id },
    timestamp: String(event.time),
  };
}
