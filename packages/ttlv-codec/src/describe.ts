/**
 * Bytes made visible: one line for each item with its offset, name, type, length and value. Meant for
 * people who look at messages, also broken ones: what can be read before the fault is shown.
 */

import { AttributeContext } from './attribute-context.ts';
import { bigIntegerToBytes } from './big-integer.ts';
import { decodeTtlv } from './decode.ts';
import { TtlvError } from './error.ts';
import { toHex } from './hex.ts';
import { ITEM_TYPES, type ItemType, type TtlvItem } from './item.ts';
import { resolveLimits, type TtlvLimits } from './limits.ts';
import { HEADER_BYTES, paddedLength } from './measure.ts';
import type { TtlvNames, ValueContext } from './names.ts';
import { tagLabel } from './path.ts';
import { formatDateTime, formatMask } from './text-value.ts';

/** Decides which values a description leaves out. */
export type Redact = (tag: number, type: ItemType) => boolean;

export interface DescribeOptions {
  /** {@link redactKeyMaterial} unless told; `() => false` shows everything. */
  readonly redact?: Redact;
  readonly limits?: Partial<TtlvLimits>;
}

/** Leaves out the types that hold key material: Byte Strings and Big Integers. */
export const redactKeyMaterial: Redact = (_tag, type) =>
  type === 'ByteString' || type === 'BigInteger';

/**
 * Describes one item, for example
 *
 *     0000  RequestMessage                     Structure       304
 *     0008    RequestHeader                    Structure        56
 *
 * Never throws for what the bytes hold: a fault is the last line, after the items before it.
 *
 * @returns lines that end in a line feed.
 */
export function describeTtlv(
  bytes: Uint8Array,
  names: TtlvNames,
  options: DescribeOptions = {},
): string {
  const limits = resolveLimits(options.limits);
  const redact = options.redact ?? redactKeyMaterial;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const writer: Writer = { bytes, view, names, limits, redact, lines: [] };
  const fault = faultOf(bytes, names, limits);
  if (fault?.code !== 'message-too-large') writeItems(writer, 0, bytes.length, 1);
  if (fault !== undefined) writer.lines.push(fault.message);
  return `${writer.lines.join('\n')}\n`;
}

interface Writer {
  readonly bytes: Uint8Array;
  readonly view: DataView;
  readonly names: TtlvNames;
  readonly limits: TtlvLimits;
  readonly redact: Redact;
  readonly lines: string[];
}

const TYPES: ReadonlyMap<number, ItemType> = new Map(
  Object.entries(ITEM_TYPES).map(([name, code]) => [code, name as ItemType]), // keys of the table
);

/** Writes the items between two offsets; false when one of them is unsound and nothing may follow it. */
function writeItems(writer: Writer, start: number, end: number, depth: number): boolean {
  const { view, names, limits, lines } = writer;
  const contexts = new AttributeContext();
  let offset = start;
  while (offset < end) {
    if (end - offset < HEADER_BYTES || depth > limits.maxDepth || lines.length >= limits.maxItems) {
      return false;
    }
    const tag = view.getUint32(offset) >>> 8;
    const type = TYPES.get(view.getUint8(offset + 3));
    const length = view.getUint32(offset + 4);
    if ((tag >>> 16 !== 0x42 && tag >>> 16 !== 0x54) || type === undefined) return false;
    const valueStart = offset + HEADER_BYTES;
    const next = valueStart + paddedLength(length);
    const name = `${'  '.repeat(depth - 1)}${tagLabel(tag, (other) => names.tagName(other))}`;
    const line = `${hexOffset(offset)}  ${name.padEnd(40)} ${type.padEnd(16)} ${String(length).padStart(6)}`;
    if (type === 'Structure') {
      lines.push(line);
      // A structure that was cut off is shown as far as it goes.
      const sound =
        length % 8 === 0 && writeItems(writer, valueStart, Math.min(next, end), depth + 1);
      if (!sound || next > end) return false;
    } else {
      const item = decodeLeaf(writer, offset, Math.min(next, end));
      if (item === undefined) return false;
      const value = writer.redact(tag, type)
        ? '(hidden)'
        : formatLeaf(item, contexts.of(tag), names);
      lines.push(`${line}  ${value}`);
      contexts.passed(item);
    }
    offset = next;
  }
  return true;
}

function formatLeaf(item: TtlvItem, context: ValueContext, names: TtlvNames): string {
  switch (item.type) {
    case 'ByteString':
      return toHex(item.value);
    case 'TextString':
      return quote(item.value);
    case 'Enumeration': {
      const number = `0x${item.value.toString(16).padStart(8, '0')}`;
      const name = names.enumerationName(context, item.value);
      return name === undefined ? number : `${name} (${number})`;
    }
    case 'Integer': {
      const mask = formatMask(item.value, context, names, ' ');
      return mask === undefined ? String(item.value) : `${mask} (${item.value})`;
    }
    case 'DateTime':
    case 'DateTimeExtended':
      return `${formatDateTime(item)} (${item.value})`;
    case 'BigInteger':
      return `0x${toHex(bigIntegerToBytes(item.value))}`; // decimal digits would take quadratic time
    case 'Structure':
      return '';
    case 'LongInteger':
    case 'Boolean':
    case 'Interval':
      return String(item.value);
  }
}

/** Quoted, with everything escaped that could steer a terminal or reorder a line. */
function quote(text: string): string {
  const steering = /[\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;
  return JSON.stringify(text).replace(
    steering,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

function decodeLeaf(writer: Writer, start: number, end: number): TtlvItem | undefined {
  try {
    return decodeTtlv(writer.bytes.subarray(start, end), writer.limits);
  } catch {
    return undefined; // what is wrong is said once, by the decoder of the whole message
  }
}

function faultOf(bytes: Uint8Array, names: TtlvNames, limits: TtlvLimits): TtlvError | undefined {
  try {
    decodeTtlv(bytes, limits, (tag) => names.tagName(tag));
    return undefined;
  } catch (error) {
    if (error instanceof TtlvError) return error;
    throw error;
  }
}

function hexOffset(offset: number): string {
  return offset.toString(16).padStart(4, '0');
}
