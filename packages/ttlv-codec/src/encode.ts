/**
 * Items to binary TTLV (KMIP 1.4 §9.1; 2.1 §10.1).
 *
 * Two walks in the same order: the first (measure.ts) checks every value and notes its length, the second
 * writes into one buffer of exactly the right size. No length is worked out twice, however deep the
 * nesting.
 */

import { bigIntegerToBytes } from './big-integer.ts';
import { ITEM_TYPES, type TtlvItem } from './item.ts';
import { HEADER_BYTES, measureItem, paddedLength } from './measure.ts';
import type { TagName } from './path.ts';
import { writeUtf8 } from './utf8.ts';

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
  const lengths = measureItem(item, tagName);
  const bytes = new Uint8Array(HEADER_BYTES + paddedLength(lengths[0] ?? 0)); // zeroed: the padding
  const view = new DataView(bytes.buffer);
  write({ bytes, view, lengths, offset: 0, index: 0 }, item);
  return bytes;
}

function write(writer: Writer, item: TtlvItem): void {
  const { bytes, view } = writer;
  const length = writer.lengths[writer.index++] ?? 0;
  const start = writer.offset;
  const value = start + HEADER_BYTES;
  view.setUint32(start, ((item.tag << 8) | ITEM_TYPES[item.type]) >>> 0);
  view.setUint32(start + 4, length);
  writer.offset = item.type === 'Structure' ? value : value + paddedLength(length);
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
