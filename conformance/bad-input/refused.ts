/** Requests with a header that can be read, and something wrong after it: each has a right answer. */

import type { EnumerationValueName } from '@claviger/kmip-protocol';
import type { TtlvItem } from '@claviger/ttlv-codec';
import { createRandom } from '../seeded-random.ts';
import {
  batchItem,
  bytes,
  enumeration,
  header,
  integer,
  protocolVersion,
  request,
  requestMessage,
  structure,
  text,
  type VersionNumbers,
} from '../ttlv-request.ts';

export interface RefusedRequest {
  readonly message: Uint8Array;
  readonly reason: EnumerationValueName<'ResultReason'>;
  /** Version of the answer, e.g. `1.4`. */
  readonly version: string;
  /** Whether the message as a whole was refused, rather than its one operation. */
  readonly isWhole: boolean;
}

const V1_0 = [1, 0] as const;
const V1_4 = [1, 4] as const;
const V2_1 = [2, 1] as const;
const UNKNOWN_OPERATION = 0x8000_0001;
const STRUCTURE_TYPE = 0x01;
const DEEPER_THAN_ALLOWED = 40;
const MORE_ITEMS_THAN_ALLOWED = 20_001;

function nested(depth: number): TtlvItem {
  let item = integer('BatchCount', 1);
  for (let level = 0; level < depth; level++) item = structure('KeyBlock', item);
  return item;
}

function whole(
  version: VersionNumbers,
  reason: RefusedRequest['reason'],
  message: Uint8Array,
): RefusedRequest {
  return { message, reason, version: version.join('.'), isWhole: true };
}

function operation(
  version: VersionNumbers,
  reason: RefusedRequest['reason'],
  message: Uint8Array,
): RefusedRequest {
  return { message, reason, version: version.join('.'), isWhole: false };
}

/** A good message with some bytes of it changed. */
function altered(message: Uint8Array, change: (bytes: Uint8Array) => void): Uint8Array {
  const copy = message.slice();
  change(copy);
  return copy;
}

const GET = request(V1_4, 'Get', text('UniqueIdentifier', 'ab'));
/** Offset of the two characters, which six bytes of padding follow. */
const TEXT_AT = GET.length - 8;
const HEADER_BYTES = 8;

function partsOf(item: TtlvItem): readonly TtlvItem[] {
  return item.type === 'Structure' ? item.value : [];
}

/** By what is wrong with them. */
export const REFUSED: Readonly<Record<string, RefusedRequest>> = {
  'version 0.9': whole(V1_0, 'InvalidMessage', request([0, 9], 'Query')),
  'version 1.9': whole(V1_4, 'InvalidMessage', request([1, 9], 'Query')),
  'version 2.9': whole(V2_1, 'UnsupportedProtocolVersion', request([2, 9], 'Query')),
  'version 3.0': whole(V2_1, 'UnsupportedProtocolVersion', request([3, 0], 'Query')),
  'version -1.-1': whole(V1_0, 'InvalidMessage', request([-1, -1], 'Query')),
  'garbage after the header': whole(
    V1_4,
    'InvalidMessage',
    altered(GET, (message) => {
      // The beginning is the message's own header and the Request Header.
      const start = HEADER_BYTES + HEADER_BYTES + 56;
      message.set(createRandom(9).bytes(message.length - start), start);
    }),
  ),
  'a field that the operation does not have': operation(
    V1_4,
    'InvalidField',
    request(V1_4, 'Get', bytes('KeyMaterial', createRandom(10).bytes(512))),
  ),
  'nesting deeper than allowed': whole(
    V1_4,
    'InvalidMessage',
    request(V1_4, 'Get', nested(DEEPER_THAN_ALLOWED)),
  ),
  'nesting as deep as a message has room for': whole(
    V1_4,
    'InvalidMessage',
    deepest(request(V1_4, 'Get'), 100_000),
  ),
  'more items than allowed': whole(
    V1_4,
    'InvalidMessage',
    request(
      V1_4,
      'Get',
      ...Array.from({ length: MORE_ITEMS_THAN_ALLOWED }, () => structure('KeyBlock')),
    ),
  ),
  'a Batch Count that is too high': whole(
    V1_4,
    'InvalidMessage',
    requestMessage(header(V1_4, 2), batchItem('Query')),
  ),
  'a Batch Count that is too low': whole(
    V1_4,
    'InvalidMessage',
    requestMessage(header(V1_4, 1), batchItem('Query'), batchItem('Query')),
  ),
  'a Batch Count below zero': whole(
    V1_4,
    'InvalidMessage',
    requestMessage(header(V1_4, -1), batchItem('Query')),
  ),
  'no batch item': whole(V1_4, 'InvalidMessage', requestMessage(header(V1_4, 0))),
  'the version twice': whole(
    V1_4,
    'InvalidMessage',
    requestMessage(
      structure('RequestHeader', protocolVersion(V1_4), ...partsOf(header(V1_4))),
      batchItem('Query'),
    ),
  ),
  'the operation twice': whole(
    V1_4,
    'InvalidMessage',
    requestMessage(
      header(V1_4),
      structure('BatchItem', enumeration('Operation', 10), ...partsOf(batchItem('Get'))),
    ),
  ),
  'the identifier twice': operation(
    V1_4,
    'InvalidMessage',
    request(V1_4, 'Get', text('UniqueIdentifier', 'a'), text('UniqueIdentifier', 'b')),
  ),
  'a batch item without an operation': whole(
    V1_4,
    'InvalidMessage',
    requestMessage(header(V1_4), structure('BatchItem', structure('RequestPayload'))),
  ),
  'an operation that there is not': operation(
    V1_4,
    'OperationNotSupported',
    request(V1_4, UNKNOWN_OPERATION),
  ),
  'an operation of a later version': operation(
    V1_0,
    'OperationNotSupported',
    request(V1_0, 'DiscoverVersions'),
  ),
  'an identifier of no characters': operation(
    V1_4,
    'ItemNotFound',
    request(V1_4, 'Get', text('UniqueIdentifier', '')),
  ),
  'an identifier of no characters, in 2.1': operation(
    V2_1,
    'ObjectNotFound',
    request(V2_1, 'Get', text('UniqueIdentifier', '')),
  ),
  'an identifier of a hundred thousand characters': operation(
    V1_4,
    'ItemNotFound',
    request(V1_4, 'Get', text('UniqueIdentifier', 'x'.repeat(100_000))),
  ),
  'an identifier with a NUL in it': operation(
    V1_4,
    'ItemNotFound',
    request(V1_4, 'Get', text('UniqueIdentifier', '\u0000; DROP TABLE objects')),
  ),
  'text that is no UTF-8': whole(
    V1_4,
    'InvalidMessage',
    altered(GET, (message) => message.set([0xc3, 0x28], TEXT_AT)),
  ),
  'padding that is not zero': whole(
    V1_4,
    'InvalidMessage',
    altered(GET, (message) => message.set([1], TEXT_AT + 7)),
  ),
  'an item of an unknown type': whole(
    V1_4,
    'InvalidMessage',
    altered(GET, (message) => message.set([0x3f], TEXT_AT - 5)),
  ),
  'an item that runs out of its structure': whole(
    V1_4,
    'InvalidMessage',
    altered(GET, (message) => message.set([0x10], TEXT_AT - 1)),
  ),
};

/** Fills a message up with headers of structures, each in the one before: no encoder goes so deep. */
function deepest(message: Uint8Array, levels: number): Uint8Array {
  const payloadEnd = message.length;
  const deep = new Uint8Array(payloadEnd + levels * HEADER_BYTES);
  deep.set(message);
  const view = new DataView(deep.buffer);
  for (let level = 0; level < levels; level++) {
    const at = payloadEnd + level * HEADER_BYTES;
    view.setUint32(at, (0x420040 << 8) | STRUCTURE_TYPE);
    view.setUint32(at + 4, (levels - level - 1) * HEADER_BYTES);
  }
  // The message, its batch item and its payload hold all of it.
  for (const at of [0, payloadEnd - 32, payloadEnd - 8]) {
    view.setUint32(at + 4, view.getUint32(at + 4) + levels * HEADER_BYTES);
  }
  return deep;
}
