/** What the errors of Kafka mean for delivery. */

import { memberOf } from '../json-member.ts';
import { DeliveryError, type DeliveryFailureKind } from '../sink.ts';
import { isTrustFailure } from '../tls-options.ts';

/** Names of Kafka's error codes. */
const REFUSED = new Set(['MESSAGE_TOO_LARGE', 'RECORD_LIST_TOO_LARGE', 'INVALID_RECORD']);
const MISCONFIGURED = new Set([
  'TOPIC_AUTHORIZATION_FAILED',
  'CLUSTER_AUTHORIZATION_FAILED',
  'INVALID_TOPIC_EXCEPTION',
  'UNKNOWN_TOPIC_OR_PARTITION',
  'UNSUPPORTED_SASL_MECHANISM',
  'ILLEGAL_SASL_STATE',
  'SASL_AUTHENTICATION_FAILED',
]);
/** Of the client, where no code of the protocol stands behind it. */
const MISCONFIGURED_CLASSES = new Set(['KafkaJSSASLAuthenticationError']);
const DEEPEST_CAUSE = 5;

export function toKafkaError(error: unknown): DeliveryError {
  if (error instanceof DeliveryError) return error;
  const message = error instanceof Error ? error.message : String(error);
  return new DeliveryError(kindOf(error), `Kafka: ${message}`, { cause: error });
}

/** The client wraps an error when its own tries are used up. */
function kindOf(error: unknown): DeliveryFailureKind {
  let cause = error;
  for (let depth = 0; depth < DEEPEST_CAUSE && cause instanceof Error; depth += 1) {
    const type = String(memberOf(cause, 'type'));
    if (REFUSED.has(type)) return 'refused';
    const code = String(memberOf(cause, 'code'));
    const isKnown = MISCONFIGURED.has(type) || MISCONFIGURED_CLASSES.has(cause.name);
    if (isKnown || isTrustFailure(code)) return 'misconfigured';
    cause = cause.cause ?? memberOf(cause, 'originalError');
  }
  return 'unavailable';
}
