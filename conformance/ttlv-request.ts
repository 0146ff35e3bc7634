/** Requests item by item, also such as no client library would send. */

import { OPERATIONS, type OperationName, TAGS, type TagName } from '@claviger/kmip-protocol';
import { encodeTtlv, type TtlvItem } from '@claviger/ttlv-codec';

export function structure(tag: TagName, ...value: readonly TtlvItem[]): TtlvItem {
  return { tag: TAGS[tag], type: 'Structure', value };
}

export function integer(tag: TagName, value: number): TtlvItem {
  return { tag: TAGS[tag], type: 'Integer', value };
}

export function enumeration(tag: TagName, value: number): TtlvItem {
  return { tag: TAGS[tag], type: 'Enumeration', value };
}

export function text(tag: TagName, value: string): TtlvItem {
  return { tag: TAGS[tag], type: 'TextString', value };
}

export function bytes(tag: TagName, value: Uint8Array): TtlvItem {
  return { tag: TAGS[tag], type: 'ByteString', value };
}

/** Major and minor number, e.g. `[1, 4]`. */
export type VersionNumbers = readonly [major: number, minor: number];

export function protocolVersion([major, minor]: VersionNumbers): TtlvItem {
  return structure(
    'ProtocolVersion',
    integer('ProtocolVersionMajor', major),
    integer('ProtocolVersionMinor', minor),
  );
}

export function header(version: VersionNumbers, batchCount = 1): TtlvItem {
  return structure('RequestHeader', protocolVersion(version), integer('BatchCount', batchCount));
}

/** @param operation - By name, or any number. */
export function batchItem(
  operation: OperationName | number,
  payload: readonly TtlvItem[] = [],
  uniqueBatchItemId?: Uint8Array,
): TtlvItem {
  const value = typeof operation === 'number' ? operation : OPERATIONS[operation].value;
  return structure(
    'BatchItem',
    enumeration('Operation', value),
    ...(uniqueBatchItemId === undefined ? [] : [bytes('UniqueBatchItemID', uniqueBatchItemId)]),
    structure('RequestPayload', ...payload),
  );
}

export function requestMessage(requestHeader: TtlvItem, ...items: readonly TtlvItem[]): Uint8Array {
  return encodeTtlv(structure('RequestMessage', requestHeader, ...items));
}

/** One operation in one message. */
export function request(
  version: VersionNumbers,
  operation: OperationName | number,
  ...payload: readonly TtlvItem[]
): Uint8Array {
  return requestMessage(header(version), batchItem(operation, payload));
}
