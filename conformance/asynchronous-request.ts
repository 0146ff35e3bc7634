/** Requests that a server is to work on later (2.1 §9.3), which no method of our client asks for. */

import type { KmipClient } from '@claviger/kmip-client';
import {
  decodeItem,
  encodeItem,
  OPERATION_SCHEMAS,
  protocolVersionOf,
  RequestMessage,
  type RequestOf,
  ResponseMessage,
  type Schema,
} from '@claviger/kmip-protocol';
import { decodeTtlv, encodeTtlv } from '@claviger/ttlv-codec';

type Schemas = typeof OPERATION_SCHEMAS;

export interface AcceptedRequest {
  readonly asynchronousCorrelationValue: Uint8Array;
  /** Under which all its events are found: that it was accepted, and what came of it. */
  readonly correlationId: string;
}

/** Sends one operation in KMIP 2.1. @throws Error when the server does not leave it for later. */
export async function sendForLater<O extends 'Create' | 'CreateKeyPair'>(
  client: KmipClient,
  operation: O,
  payload: RequestOf<Schemas[O]>,
): Promise<AcceptedRequest> {
  const schema: Schema = OPERATION_SCHEMAS[operation].request;
  const message = {
    requestHeader: {
      protocolVersion: protocolVersionOf('2.1'),
      asynchronousIndicator: 'Mandatory',
      attestationType: [],
      batchCount: 1,
    },
    batchItem: [
      {
        operation,
        // The parameter ties the payload to its operation; the union of their schemas forgets it.
        requestPayload: encodeItem(schema, payload as never, '2.1'),
        messageExtension: [],
      },
    ],
  } as const;
  const bytes = await client.sendRaw(encodeTtlv(encodeItem(RequestMessage, message, '2.1')));
  const { batchItem, responseHeader } = decodeItem(ResponseMessage, decodeTtlv(bytes), '2.1');
  const asynchronousCorrelationValue = batchItem[0]?.asynchronousCorrelationValue;
  const correlationId = responseHeader.serverCorrelationValue;
  if (asynchronousCorrelationValue === undefined || correlationId === undefined) {
    throw new Error(`The request was not left for later: ${batchItem[0]?.resultMessage}`);
  }
  return { asynchronousCorrelationValue, correlationId };
}
