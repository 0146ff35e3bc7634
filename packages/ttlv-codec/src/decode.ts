/**
 * Binary TTLV to items (KMIP 1.4 §9.1; 2.1 §10.1).
 *
 * One pass, one recursive function without closures; nothing is allocated for an item before its header
 * has been checked against the bytes that are there. What goes wrong is described afterwards, by walking
 * the bytes once more (path.ts).
 */

import { bigIntegerFromBytes } from './big-integer.ts';
import { TtlvError, type TtlvErrorCode } from './error.ts';
import { ITEM_TYPES, type TtlvItem } from './item.ts';
import { resolveLimits, type TtlvLimits } from './limits.ts';
import { HEADER_BYTES, paddedLength } from './measure.ts';
import { pathInBytes, type TagName } from './path.ts';
import { plainBytes } from './plain-bytes.ts';
import { decodeUtf8 } from './utf8.ts';

/** The reader's place in one message. Only `offset` and `items` change. */
interface Reader {
  readonly bytes: Uint8Array;
  readonly view: DataView;
  readonly limits: TtlvLimits;
  readonly tagName: TagName | undefined;
  offset: number;
  items: number;
}

/**
 * Decodes exactly one item.
 *
 * Strict: padding must be zero, a Boolean 0 or 1, text valid UTF-8, lengths those of their type. A Big
 * Integer may carry superfluous sign bytes, but not be empty: the specification allows only multiples of
 * eight bytes and an empty one has no value. The first byte of a tag is 0x42 or 0x54.
 *
 * @param bytes - One whole item. Byte Strings of the result are views of it: do not reuse it while they
 *   live.
 * @param limits - Overrides of {@link DEFAULT_LIMITS}.
 * @param tagName - Names tags in errors; called only when there is one.
 * @throws TtlvError `truncated`, `trailing-bytes`, `invalid-tag`, `invalid-type`, `invalid-length`,
 *   `invalid-padding`, `invalid-value`, `invalid-text`, `message-too-large`, `too-deep`,
 *   `too-many-items`.
 */
export function decodeTtlv(
  bytes: Uint8Array,
  limits?: Partial<TtlvLimits>,
  tagName?: TagName,
): TtlvItem {
  const resolved = resolveLimits(limits);
  if (bytes.length > resolved.maxMessageBytes) {
    const message = `A message of ${bytes.length} bytes exceeds the limit of ${resolved.maxMessageBytes}`;
    throw new TtlvError('message-too-large', message, 0, '');
  }
  const plain = plainBytes(bytes);
  const reader: Reader = {
    bytes: plain,
    view: new DataView(plain.buffer, plain.byteOffset, plain.byteLength),
    limits: resolved,
    tagName,
    offset: 0,
    items: 0,
  };
  const item = readItem(reader, plain.length, 1);
  if (reader.offset < plain.length) {
    const message = `${plain.length - reader.offset} bytes follow the end of the item`;
    fail(reader, 'trailing-bytes', message, reader.offset, reader.offset, false);
  }
  return item;
}

/** Reads the item at `reader.offset`, which lies in a structure (or, at depth 1, in bytes) ending at `end`. */
function readItem(reader: Reader, end: number, depth: number): TtlvItem {
  const { bytes, view, limits } = reader;
  const start = reader.offset;
  if (end - start < HEADER_BYTES) {
    fail(reader, 'truncated', 'The header of an item is 8 bytes', end, start, false);
  }
  const tagAndType = view.getUint32(start);
  const tag = tagAndType >>> 8;
  const tagClass = tagAndType >>> 24;
  if (tagClass !== 0x42 && tagClass !== 0x54) {
    fail(reader, 'invalid-tag', 'A tag starts with the byte 0x42 or 0x54', start, start, false);
  }
  const typeCode = tagAndType & 0xff;
  const length = view.getUint32(start + 4);
  checkLength(reader, typeCode, length, start);
  const valueStart = start + HEADER_BYTES;
  const valueEnd = valueStart + length;
  const next = typeCode === ITEM_TYPES.Structure ? valueEnd : valueStart + paddedLength(length);
  if (next > end) failToFit(reader, next, end, depth, start);
  if (depth > limits.maxDepth) {
    fail(reader, 'too-deep', `Items nest deeper than ${limits.maxDepth}`, start, start, true);
  }
  if (++reader.items > limits.maxItems) {
    const message = `The message has more than ${limits.maxItems} items`;
    fail(reader, 'too-many-items', message, start, start, true);
  }

  if (typeCode === ITEM_TYPES.Structure) {
    const value: TtlvItem[] = [];
    reader.offset = valueStart;
    while (reader.offset < valueEnd) value.push(readItem(reader, valueEnd, depth + 1));
    return { tag, type: 'Structure', value };
  }

  for (let offset = valueEnd; offset < next; offset++) {
    if (bytes[offset] !== 0) {
      fail(reader, 'invalid-padding', 'Padding is not zero', offset, start, true);
    }
  }
  reader.offset = next;
  switch (typeCode) {
    case ITEM_TYPES.Integer:
      return { tag, type: 'Integer', value: view.getInt32(valueStart) };
    case ITEM_TYPES.LongInteger:
      return { tag, type: 'LongInteger', value: view.getBigInt64(valueStart) };
    case ITEM_TYPES.BigInteger: {
      const value = bigIntegerFromBytes(bytes.subarray(valueStart, valueEnd));
      return { tag, type: 'BigInteger', value };
    }
    case ITEM_TYPES.Enumeration:
      return { tag, type: 'Enumeration', value: view.getUint32(valueStart) };
    case ITEM_TYPES.Boolean: {
      const low = view.getUint32(valueStart + 4);
      if (view.getUint32(valueStart) !== 0 || low > 1) {
        fail(reader, 'invalid-value', 'A Boolean is 0 or 1', valueStart, start, true);
      }
      return { tag, type: 'Boolean', value: low === 1 };
    }
    case ITEM_TYPES.TextString: {
      const value = decodeUtf8(bytes, valueStart, valueEnd);
      if (value === undefined) {
        fail(reader, 'invalid-text', 'The text is not valid UTF-8', valueStart, start, true);
      }
      return { tag, type: 'TextString', value };
    }
    case ITEM_TYPES.ByteString:
      return { tag, type: 'ByteString', value: bytes.subarray(valueStart, valueEnd) };
    case ITEM_TYPES.DateTime:
      return { tag, type: 'DateTime', value: view.getBigInt64(valueStart) };
    case ITEM_TYPES.Interval:
      return { tag, type: 'Interval', value: view.getUint32(valueStart) };
    default:
      return { tag, type: 'DateTimeExtended', value: view.getBigInt64(valueStart) };
  }
}

/** Refuses an unknown type, and a length its type does not have (KMIP 1.4 §9.1.1.3). */
function checkLength(reader: Reader, typeCode: number, length: number, start: number): void {
  let expected: string;
  switch (typeCode) {
    case ITEM_TYPES.Integer:
    case ITEM_TYPES.Enumeration:
    case ITEM_TYPES.Interval:
      if (length === 4) return;
      expected = '4';
      break;
    case ITEM_TYPES.TextString:
    case ITEM_TYPES.ByteString:
      return;
    case ITEM_TYPES.Structure:
      if (length % 8 === 0) return;
      expected = 'a multiple of 8';
      break;
    case ITEM_TYPES.BigInteger:
      if (length % 8 === 0 && length !== 0) return;
      expected = 'a multiple of 8 other than 0';
      break;
    case ITEM_TYPES.LongInteger:
    case ITEM_TYPES.Boolean:
    case ITEM_TYPES.DateTime:
    case ITEM_TYPES.DateTimeExtended:
      if (length === 8) return;
      expected = '8';
      break;
    default:
      fail(reader, 'invalid-type', 'Item types are 0x01 to 0x0B', start + 3, start, true);
  }
  const message = `The length of this item type is ${expected}, not ${length}`;
  fail(reader, 'invalid-length', message, start + 4, start, true);
}

/** The item's end lies behind the end of its structure or, for the outermost item, of the bytes. */
function failToFit(reader: Reader, next: number, end: number, depth: number, start: number): never {
  if (depth === 1) {
    const message = `The item takes ${next - start} bytes and ${end - start} are there`;
    fail(reader, 'truncated', message, end, start, true);
  }
  const message = `The item takes ${next - start} bytes and its structure has ${end - start} left`;
  fail(reader, 'invalid-length', message, start + 4, start, true);
}

function fail(
  reader: Reader,
  code: TtlvErrorCode,
  message: string,
  offset: number,
  itemStart: number,
  tagIsSound: boolean,
): never {
  const path = pathInBytes(reader.bytes, itemStart, tagIsSound, reader.tagName);
  throw new TtlvError(code, message, offset, path);
}
