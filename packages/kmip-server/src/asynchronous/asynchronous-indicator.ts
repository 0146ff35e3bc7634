/**
 * Which requests are worked on after their answer (1.4 §6.7, 2.1 §9.2). In 1.x the indicator is a Boolean, and
 * true is the only way to ask for it, so it is taken as asked. In 2.x Optional leaves it to the server, which
 * answers at once; under Mandatory nothing but Poll and its like is.
 */

import { ClavigerError, type OperationName, type RequestHeader } from '@claviger/kmip-protocol';

/** What the header of a message says of all its items. */
export type AnswerTime = 'at-once' | 'later-if-possible' | 'later';

/** About asynchronous requests themselves: "SHALL NOT be asynchronous" (2.1 §6.1.5, §6.1.38). */
const ALWAYS_AT_ONCE: ReadonlySet<OperationName> = new Set<OperationName>([
  'Cancel',
  'Poll',
  'Process',
  'QueryAsynchronousRequests',
]);

/** Operations about this connection, this process or this message: later they would mean something else. */
const ONLY_AT_ONCE: ReadonlySet<OperationName> = new Set<OperationName>([
  'DelegatedLogin',
  'DiscoverVersions',
  'Interop',
  'Login',
  'Logout',
  'PKCS_11',
  'Ping',
  'Query',
  'ReProvision',
  'SetEndpointRole',
]);

/** Fields of operations whose data comes in parts: what is between two of them lives in memory. */
const FIELDS_OF_PARTS = ['initIndicator', 'finalIndicator', 'correlationValue'] as const;

export function answerTimeOf({
  asynchronousIndicator,
}: Pick<RequestHeader, 'asynchronousIndicator'>): AnswerTime {
  if (asynchronousIndicator === true) return 'later-if-possible';
  return asynchronousIndicator === 'Mandatory' ? 'later' : 'at-once';
}

/**
 * Whether one item is worked on later.
 *
 * @param request - The payload as the operation's schema reads it.
 * @throws ClavigerError `feature-not-supported` where the client insists and it cannot be.
 */
export function isForLater(time: AnswerTime, operation: OperationName, request: object): boolean {
  if (time === 'at-once' || ALWAYS_AT_ONCE.has(operation)) return false;
  const isPossible = !ONLY_AT_ONCE.has(operation) && !comesInParts(request);
  if (!isPossible && time === 'later') {
    throw new ClavigerError(
      'feature-not-supported',
      `${operation} cannot be asynchronous here; set the Asynchronous Indicator to Optional`,
    );
  }
  return isPossible;
}

function comesInParts(request: object): boolean {
  const fields = new Map<string, unknown>(Object.entries(request));
  return FIELDS_OF_PARTS.some((field) => fields.get(field) !== undefined);
}
