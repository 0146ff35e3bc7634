/** The payload types of every operation that the protocol package describes: nothing is listed here. */

import type { OPERATION_SCHEMAS, RequestOf, ResponseOf } from '@claviger/kmip-protocol';

type Operations = typeof OPERATION_SCHEMAS;

/** The operations that a client can ask for: all but those that a server sends (1.4 §5). */
export type ClientOperation = Exclude<keyof Operations, 'Notify' | 'Put'>;

/** The operations that a server can ask clients for (1.4 §5, 2.1 §6.2). */
export type ServerOperation = 'DiscoverVersions' | 'Notify' | 'Put' | 'Query' | 'SetEndpointRole';

export type AnyOperation = ClientOperation | ServerOperation;

export type RequestPayload<O extends AnyOperation> = RequestOf<Operations[O]>;
export type ResponsePayload<O extends AnyOperation> = O extends 'Poll'
  ? PolledAnswer
  : ResponseOf<Operations[O]>;

/** What a client answers a server: Poll is nothing that servers ask for. */
export type ServerRequestAnswer<O extends ServerOperation> = ResponseOf<Operations[O]>;

/** What Poll answers for a request that has not failed (1.4 §4.28). */
export type PolledAnswer =
  | { readonly kind: 'pending' }
  /** As the operation that was polled would have answered: `payload` is of its own type. */
  | {
      readonly [O in Exclude<ClientOperation, 'Poll'>]: {
        readonly kind: 'answered';
        readonly operation: O;
        readonly payload: ResponseOf<Operations[O]>;
      };
    }[Exclude<ClientOperation, 'Poll'>];

/** One operation with its payload, in a batch. */
export type BatchRequest = {
  readonly [O in ClientOperation]: {
    readonly operation: O;
    readonly payload: RequestPayload<O>;
  };
}[ClientOperation];

/**
 * Operations that change nothing, so that sending one twice does no harm. An operation that is added
 * later is taken for a change until it is named here.
 */
const READ_OPERATIONS: ReadonlySet<ClientOperation> = new Set<ClientOperation>([
  'Check',
  'DiscoverVersions',
  'Export',
  'Get',
  'GetAttributeList',
  'GetAttributes',
  'GetConstraints',
  'Locate',
  'Ping',
  'Query',
  'QueryAsynchronousRequests',
  'Validate',
]);

export function isReadOperation(operation: ClientOperation): boolean {
  return READ_OPERATIONS.has(operation);
}
