/** The payload types of every operation that the protocol package describes: nothing is listed here. */

import type { OPERATION_SCHEMAS, RequestOf, ResponseOf } from '@claviger/kmip-protocol';

type Operations = typeof OPERATION_SCHEMAS;

/** The operations that a client can ask for: those with schemas. */
export type ClientOperation = keyof Operations;

export type RequestPayload<O extends ClientOperation> = RequestOf<Operations[O]>;
export type ResponsePayload<O extends ClientOperation> = ResponseOf<Operations[O]>;

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
  'DiscoverVersions',
  'Get',
  'GetAttributeList',
  'GetAttributes',
  'Locate',
  'Query',
]);

export function isReadOperation(operation: ClientOperation): boolean {
  return READ_OPERATIONS.has(operation);
}
