/**
 * Items to binary TTLV (KMIP 1.4 §9.1; 2.1 §10.1).
 *
 * Two walks in the same order: the first checks every value and notes its length, the second writes into
 * one buffer of exactly the right size. No length is worked out twice, however deep the nesting.
 */

import { bigIntegerLength, bigIntegerToBytes } from './big-integer.ts';
import { HEADER_BYTES } from './decode.ts';
import { TtlvError, type TtlvErrorCode } from './error.ts';
import { ITEM_TYPES, type TtlvItem } from './item.ts';
import { MAX_NESTING } from './limits.ts';
import { pathInItems, type TagName } from './path.ts';
import { utf8Length, writeUtf8 } from './utf8.ts';

const MAX_LENGTH = 0xffff_ffff;
const MIN_INT64 = -(2n ** 63n);
const MAX_INT64 = 2n ** 63n - 1n;

/** Why an item cannot be written; undefined when all can. */
interface Fault {
  readonly code: TtlvErrorCode;
  readonly message: string;
}

interface Writer {
  readonly bytes: Uint8Array;
  readonly view: DataView;
  /** Item lengths, without padding, in the order of encoding. */
  readonly lengths: readonly number[];
  offset: number;
  index: number;
}

/**
 * Encodes one item with everything in it. Big Integers take the fewest bytes possible.
 *
 * @param tagName - Names tags in errors; called only when there is one.
 * @returns freshly allocated bytes that share nothing with the item.
 * @throws TtlvError without an offset: `value-out-of-range` (a number that its type does not hold),
 *   `invalid-tag`, `invalid-text` (a lone surrogate), `too-deep` (beyond {@link MAX_NESTING}).
 */
export function encodeTtlv(item: TtlvItem, tagName?: TagName): Uint8Array {
  const lengths: number[] = [];
  const fault = measure(item, lengths, 1);
  if (fault !== undefined) {
    // The faulty item is the last one that was given a place in `lengths`.
    const path = pathInItems(item, lengths.length - 1, tagName);
    throw new TtlvError(fault.code, fault.message, undefined, path);
  }
  const total = HEADER_BYTES + padded(lengths[0] ?? 0);
  const bytes = new Uint8Array(total); // zeroed, so padding needs no writing
  const view = new DataView(bytes.buffer);
  write({ bytes, view, lengths, offset: 0, index: 0 }, item);
  return bytes;
}

/** Appends the lengths of `item` and what it holds; stops at the first item that cannot be written. */
function measure(item: TtlvItem, lengths: number[], depth: number): Fault | undefined {
  const index = lengths.push(0) - 1;
  const tagClass = item.tag >>> 16;
  if ((tagClass !== 0x42 && tagClass !== 0x54) || item.tag >>> 0 !== item.tag) {
    return { code: 'invalid-tag', message: 'A tag is 0x42xxxx or 0x54xxxx' };
  }
  if (depth > MAX_NESTING) {
    return { code: 'too-deep', message: `Items nest deeper than ${MAX_NESTING}` };
  }
  let length = 8;
  switch (item.type) {
    case 'Structure':
      length = 0;
      for (const child of item.value) {
        const childIndex = lengths.length;
        const fault = measure(child, lengths, depth + 1);
        if (fault !== undefined) return fault;
        length += HEADER_BYTES + padded(lengths[childIndex] ?? 0);
      }
      break;
    case 'Integer':
      if ((item.value | 0) !== item.value) return outOfRange('a 32-bit signed Integer');
      length = 4;
      break;
    case 'Enumeration':
    case 'Interval':
      if (item.value >>> 0 !== item.value) return outOfRange(`a 32-bit unsigned ${item.type}`);
      length = 4;
      break;
    case 'LongInteger':
    case 'DateTime':
    case 'DateTimeExtended':
      if (item.value < MIN_INT64 || item.value > MAX_INT64) {
        return outOfRange(`a 64-bit signed ${item.type}`);
      }
      break;
    case 'BigInteger':
      length = bigIntegerLength(item.value);
      break;
    case 'TextString':
      length = utf8Length(item.value);
      if (length < 0) return { code: 'invalid-text', message: 'The text holds a lone surrogate' };
      break;
    case 'ByteString':
      length = item.value.length;
      break;
    case 'Boolean':
      break;
  }
  if (length > MAX_LENGTH) return outOfRange('an item length of four bytes');
  lengths[index] = length;
  return undefined;
}

function write(writer: Writer, item: TtlvItem): void {
  const { bytes, view } = writer;
  const length = writer.lengths[writer.index++] ?? 0;
  const start = writer.offset;
  const value = start + HEADER_BYTES;
  view.setUint32(start, ((item.tag << 8) | ITEM_TYPES[item.type]) >>> 0);
  view.setUint32(start + 4, length);
  writer.offset = item.type === 'Structure' ? value : value + padded(length);
  switch (item.type) {
    case 'Structure':
      for (const child of item.value) write(writer, child);
      break;
    case 'Integer':
      view.setInt32(value, item.value);
      break;
    case 'Enumeration':
    case 'Interval':
      view.setUint32(value, item.value);
      break;
    case 'LongInteger':
    case 'DateTime':
    case 'DateTimeExtended':
      view.setBigInt64(value, item.value);
      break;
    case 'BigInteger':
      bytes.set(bigIntegerToBytes(item.value), value);
      break;
    case 'Boolean':
      if (item.value) bytes[value + 7] = 1;
      break;
    case 'TextString':
      writeUtf8(item.value, length, bytes, value);
      break;
    case 'ByteString':
      bytes.set(item.value, value);
      break;
  }
}

function outOfRange(expected: string): Fault {
  return { code: 'value-out-of-range', message: `The value does not fit ${expected}` };
}

function padded(length: number): number {
  return Math.ceil(length / 8) * 8;
}
