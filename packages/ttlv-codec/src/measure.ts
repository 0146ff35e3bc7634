/**
 * The first of the two walks of encoding: is every value one that its type can hold, and how many bytes
 * does it take? All encodings start with it, so what one of them can express, every other can (but for
 * characters that XML has no way to write).
 */

import { bigIntegerLength } from './big-integer.ts';
import { TtlvError, type TtlvErrorCode } from './error.ts';
import type { TtlvItem } from './item.ts';
import { MAX_NESTING } from './limits.ts';
import { pathInItems, type TagName } from './path.ts';
import { utf8Length } from './utf8.ts';

/** Bytes of an item's header: tag 3, type 1, length 4. */
export const HEADER_BYTES = 8;

const MAX_LENGTH = 0xffff_ffff;
const MIN_INT64 = -(2n ** 63n);
const MAX_INT64 = 2n ** 63n - 1n;

interface Fault {
  readonly code: TtlvErrorCode;
  readonly message: string;
}

/**
 * The lengths of the item and of everything in it, without padding, in the order of encoding.
 *
 * @throws TtlvError without an offset: `value-out-of-range`, `invalid-tag`, `invalid-text` (a lone
 *   surrogate), `too-deep` (beyond {@link MAX_NESTING}).
 */
export function measureItem(item: TtlvItem, tagName: TagName | undefined): readonly number[] {
  const lengths: number[] = [];
  const fault = measure(item, lengths, 1);
  if (fault === undefined) return lengths;
  // The faulty item is the last one that was given a place in `lengths`.
  const path = pathInItems(item, lengths.length - 1, tagName);
  throw new TtlvError(fault.code, fault.message, undefined, path);
}

/** Bytes of a value with the zero bytes that follow it. */
export function paddedLength(length: number): number {
  return Math.ceil(length / 8) * 8;
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
        length += HEADER_BYTES + paddedLength(lengths[childIndex] ?? 0);
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

function outOfRange(expected: string): Fault {
  return { code: 'value-out-of-range', message: `The value does not fit ${expected}` };
}
