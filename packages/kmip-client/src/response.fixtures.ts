/** Answers, valid unless told otherwise. */

import {
  encodeItem,
  OPERATION_SCHEMAS,
  protocolVersionOf,
  type ResponseBatchItem,
  ResponseMessage,
  type Schema,
  type Version,
} from '@claviger/kmip-protocol';
import { encodeTtlv } from '@claviger/ttlv-codec';
import type { ClientOperation, ResponsePayload } from './payloads.ts';

/** A successful batch item. */
export function aSuccess<O extends ClientOperation>(
  version: Version,
  operation: O,
  payload: ResponsePayload<O>,
  uniqueBatchItemID?: Uint8Array,
): ResponseBatchItem {
  const schema: Schema = OPERATION_SCHEMAS[operation].response;
  return {
    operation,
    uniqueBatchItemID,
    resultStatus: 'Success',
    responsePayload: encodeItem(schema, payload as never, version),
    messageExtension: [],
  };
}

/** A batch item that was refused with Item Not Found. */
export function aFailure(overrides: Partial<ResponseBatchItem> = {}): ResponseBatchItem {
  return {
    resultStatus: 'OperationFailed',
    resultReason: 'ItemNotFound',
    resultMessage: 'No such object.',
    messageExtension: [],
    ...overrides,
  };
}

/** A response message as bytes. */
export function aResponse(
  version: Version,
  items: readonly ResponseBatchItem[],
  batchCount = items.length,
): Uint8Array {
  const message = {
    responseHeader: {
      protocolVersion: protocolVersionOf(version),
      timeStamp: 1_700_000_000,
      attestationType: [],
      batchCount,
    },
    batchItem: items,
  };
  return encodeTtlv(encodeItem(ResponseMessage, message, version));
}
