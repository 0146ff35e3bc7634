/** From payloads to the bytes of a request message (1.4 §7.1, 2.1 §8). */

import {
  assertKnownValues,
  encodeItem,
  OPERATION_SCHEMAS,
  protocolVersionOf,
  RequestMessage,
  type Schema,
  tagLabel,
  type Version,
} from '@claviger/kmip-protocol';
import { encodeTtlv, type TtlvItem } from '@claviger/ttlv-codec';
import type { AnyOperation } from './payloads.ts';

export interface RequestItem {
  readonly operation: AnyOperation;
  readonly payload: unknown;
  /** Unique Batch Item ID (1.4 §6.4). */
  readonly id: Uint8Array | undefined;
}

export interface RequestParts {
  readonly version: Version;
  readonly items: readonly RequestItem[];
  readonly maximumResponseSize: number | undefined;
  readonly clientCorrelationValue: string | undefined;
  readonly errorContinuation?: 'Stop' | 'Continue' | 'Undo' | undefined;
  readonly order?: boolean | undefined;
}

/**
 * Encodes one request message. Fields that the version does not have are left out.
 * @throws TypeError when a payload is not what the operation takes, or has values that the version does not know;
 * the cause says where.
 */
export function encodeRequest(parts: RequestParts): Uint8Array {
  const { version, items } = parts;
  const message = {
    requestHeader: {
      protocolVersion: protocolVersionOf(version),
      maximumResponseSize: parts.maximumResponseSize,
      clientCorrelationValue: parts.clientCorrelationValue,
      attestationType: [],
      // only where there is more than one item (1.4 §6.12, §6.13)
      ...(items.length > 1 && {
        batchErrorContinuationOption: parts.errorContinuation,
        batchOrderOption: parts.order,
      }),
      batchCount: items.length,
    },
    batchItem: items.map((item) => ({
      operation: item.operation,
      uniqueBatchItemID: item.id,
      requestPayload: encodePayload(item, version),
      messageExtension: [],
    })),
  };
  return encodeTtlv(encodeItem(RequestMessage, message, version), tagLabel);
}

function encodePayload({ operation, payload }: RequestItem, version: Version): TtlvItem {
  // The union of all request schemas is a schema; the walker checks the payload against it.
  const schema: Schema = OPERATION_SCHEMAS[operation].request;
  try {
    const item = encodeItem(schema, payload as never, version);
    assertKnownValues(item, version);
    return item;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : '';
    throw new TypeError(`The payload is none of ${operation} in KMIP ${version}: ${reason}`, {
      cause,
    });
  }
}
