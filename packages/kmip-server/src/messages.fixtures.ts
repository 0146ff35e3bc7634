/** Request messages made by hand, and answers read by hand: what a careful client never sends is here. */

import {
  type DescribedOperation,
  decodeItem,
  encodeItem,
  OPERATION_SCHEMAS,
  protocolVersionOf,
  type RequestBatchItem,
  type RequestHeader,
  RequestMessage,
  type RequestOf,
  type ResponseBatchItem,
  ResponseMessage,
  type ResponseOf,
  type Schema,
  TAGS,
  VERSIONS,
  type Version,
} from '@claviger/kmip-protocol';
import { decodeTtlv, encodeTtlv, type TtlvItem } from '@claviger/ttlv-codec';

export type RequestedItem = {
  readonly [O in DescribedOperation]: {
    readonly operation: O;
    readonly payload: RequestOf<(typeof OPERATION_SCHEMAS)[O]>;
  };
}[DescribedOperation] & {
  readonly id?: Uint8Array;
  readonly messageExtension?: RequestBatchItem['messageExtension'];
};

export interface MessageOptions {
  readonly header?: Partial<RequestHeader>;
}

/** The bytes of a request message. */
export function aMessage(
  version: Version,
  items: readonly RequestedItem[],
  { header }: MessageOptions = {},
): Uint8Array {
  const batchItem = items.map(({ operation, payload, id, messageExtension = [] }) => {
    const schema: Schema = OPERATION_SCHEMAS[operation].request;
    return {
      operation,
      uniqueBatchItemID: id,
      // The item ties its payload to its operation; the union of all schemas forgets it.
      requestPayload: encodeItem(schema, payload as never, version),
      messageExtension,
    };
  });
  const requestHeader = {
    protocolVersion: protocolVersionOf(version),
    attestationType: [],
    batchCount: items.length,
    ...header,
  };
  return encodeTtlv(encodeItem(RequestMessage, { requestHeader, batchItem }, version));
}

/** One item of an answer, its payload read by its operation. */
export type Answer = Omit<ResponseBatchItem, 'responsePayload' | 'messageExtension'> & {
  /** Undefined where there is none. */
  readonly payload: unknown;
};

/** The payload of a successful answer to an operation. */
export function successOf<O extends DescribedOperation>(
  operation: O,
  answer: Answer | undefined,
): ResponseOf<(typeof OPERATION_SCHEMAS)[O]> {
  if (answer?.operation !== operation || answer.resultStatus !== 'Success') {
    const found = answer?.resultReason ?? 'nothing';
    throw new Error(`Expected ${operation} to succeed, found ${found}.`);
  }
  // Read by the schema of this very operation.
  return answer.payload as ResponseOf<(typeof OPERATION_SCHEMAS)[O]>;
}

/** Reads an answer in whatever version it is. */
export function parseAnswer(bytes: Uint8Array): {
  readonly version: Version;
  readonly header: ResponseMessage['responseHeader'];
  readonly items: readonly Answer[];
} {
  const root = decodeTtlv(bytes, { maxItems: 1_000_000, maxMessageBytes: 64 * 1024 * 1024 });
  const version = versionOfMessage(root);
  const message = decodeItem(ResponseMessage, root, version);
  if (message.responseHeader.batchCount !== message.batchItem.length) {
    throw new Error('The Batch Count of the answer is wrong.');
  }
  return {
    version,
    header: message.responseHeader,
    items: message.batchItem.map(({ responsePayload, messageExtension: _, ...item }) => ({
      operation: undefined,
      resultReason: undefined,
      ...item,
      payload: payloadOf(item.operation, responsePayload, version),
    })),
  };
}

function payloadOf(
  operation: string | undefined,
  payload: TtlvItem | undefined,
  version: Version,
): unknown {
  if (payload === undefined || operation === undefined) return undefined;
  const schemas: Readonly<Record<string, { readonly response: Schema } | undefined>> =
    OPERATION_SCHEMAS;
  const schema = schemas[operation];
  return schema === undefined ? undefined : decodeItem(schema.response, payload, version);
}

function versionOfMessage(root: TtlvItem): Version {
  const item = childOf(childOf(root, TAGS.ResponseHeader), TAGS.ProtocolVersion);
  const major = childOf(item, TAGS.ProtocolVersionMajor).value;
  const minor = childOf(item, TAGS.ProtocolVersionMinor).value;
  const found = VERSIONS.find((version) => version === `${major}.${minor}`);
  if (found === undefined) throw new Error(`There is no KMIP ${major}.${minor}.`);
  return found;
}

/** The first child under a tag. */
export function childOf(parent: TtlvItem, tag: number): TtlvItem {
  const child =
    parent.type === 'Structure' ? parent.value.find((item) => item.tag === tag) : undefined;
  if (child === undefined) throw new Error(`There is no item ${tag.toString(16)}.`);
  return child;
}
