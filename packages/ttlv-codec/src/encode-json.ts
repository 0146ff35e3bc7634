/** Items to JSON (KMIP Additional Message Encodings 1.0 §4.1). */

import { AttributeContext } from './attribute-context.ts';
import { bigIntegerToBytes } from './big-integer.ts';
import { toHex } from './hex.ts';
import type { ItemType, TtlvItem } from './item.ts';
import { measureItem } from './measure.ts';
import type { TtlvNames, ValueContext } from './names.ts';
import { formatDateTime, formatEnumeration, formatMask, formatTag, hex64 } from './text-value.ts';

/** An item as a JSON object; `type` is absent for a Structure. */
export interface JsonItem {
  readonly tag: string;
  readonly type?: ItemType;
  readonly value: readonly JsonItem[] | string | number | boolean;
}

export interface JsonOptions {
  /** Two spaces for each level; otherwise no white space at all. */
  readonly indent?: boolean;
}

/** From here on a Long Integer is written in hexadecimal (§4.1.6.5). */
const NUMBER_BOUND = 2n ** 52n;

/**
 * Converts one item to the object that JSON shows it as.
 *
 * @throws TtlvError without an offset, as `encodeTtlv` does.
 */
export function encodeJson(item: TtlvItem, names: TtlvNames): JsonItem {
  measureItem(item, (tag) => names.tagName(tag));
  return toJson(item, { tag: item.tag, attributeName: undefined }, names);
}

/**
 * Writes one item as JSON text.
 *
 * @throws TtlvError without an offset, as `encodeTtlv` does.
 */
export function encodeJsonText(
  item: TtlvItem,
  names: TtlvNames,
  options: JsonOptions = {},
): string {
  return JSON.stringify(encodeJson(item, names), undefined, options.indent === true ? 2 : 0);
}

function toJson(item: TtlvItem, context: ValueContext, names: TtlvNames): JsonItem {
  const tag = formatTag(item.tag, names);
  if (item.type !== 'Structure') {
    return { tag, type: item.type, value: toJsonValue(item, context, names) };
  }
  const contexts = new AttributeContext();
  const value = item.value.map((child) => {
    const json = toJson(child, contexts.of(child.tag), names);
    contexts.passed(child);
    return json;
  });
  return { tag, value };
}

function toJsonValue(
  item: Exclude<TtlvItem, { type: 'Structure' }>,
  context: ValueContext,
  names: TtlvNames,
): string | number | boolean {
  switch (item.type) {
    case 'Integer':
      return formatMask(item.value, context, names, '|') ?? item.value;
    case 'Enumeration':
      return formatEnumeration(item.value, context, names);
    case 'LongInteger': {
      const isSmall = item.value > -NUMBER_BOUND && item.value < NUMBER_BOUND;
      return isSmall ? Number(item.value) : hex64(item.value);
    }
    case 'BigInteger':
      return `0x${toHex(bigIntegerToBytes(item.value))}`;
    case 'ByteString':
      return toHex(item.value);
    case 'DateTime':
    case 'DateTimeExtended':
      return formatDateTime(item);
    case 'TextString':
    case 'Boolean':
    case 'Interval':
      return item.value;
  }
}
