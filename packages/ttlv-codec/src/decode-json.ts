/** JSON to items (KMIP Additional Message Encodings 1.0 §4.1). */

import { AttributeContext } from './attribute-context.ts';
import { TtlvError, type TtlvErrorCode } from './error.ts';
import type { ItemType, TtlvItem } from './item.ts';
import { resolveLimits, type TtlvLimits } from './limits.ts';
import type { TtlvNames, ValueContext } from './names.ts';
import { pathStep, tagLabel } from './path.ts';
import { isItemType, parseTag, parseValue, unknownTag, type ValueFault } from './text-value.ts';

/** A structure whose items are being read; the chain of them is the path of an error. */
interface Place {
  readonly parent: Place | undefined;
  readonly tag: number;
  readonly children: TtlvItem[];
}

interface Reader {
  readonly names: TtlvNames;
  readonly limits: TtlvLimits;
  items: number;
}

const KEYS: ReadonlySet<string> = new Set(['tag', 'name', 'type', 'value']);

/**
 * Reads exactly one item from JSON text.
 *
 * Values may be written in any form the XML or the JSON encoding knows; a Number only where it is exact.
 *
 * @param limits - Overrides of the defaults; `maxMessageBytes` counts UTF-16 code units of the text.
 * @throws TtlvError with a path but, but for a text too large, without an offset: `invalid-syntax`,
 *   `unknown-name`, `invalid-tag`, `invalid-type`, `invalid-value`, `invalid-text`,
 *   `value-out-of-range`, `message-too-large`, `too-deep`, `too-many-items`.
 */
export function decodeJsonText(
  text: string,
  names: TtlvNames,
  limits?: Partial<TtlvLimits>,
): TtlvItem {
  const { maxMessageBytes } = resolveLimits(limits);
  if (text.length > maxMessageBytes) {
    const message = `A JSON text of ${text.length} characters exceeds the limit of ${maxMessageBytes}`;
    throw new TtlvError('message-too-large', message, 0, '');
  }
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    // The engine's message may quote the input, so it stays here.
    throw new TtlvError('invalid-syntax', 'The text is not well-formed JSON', undefined, '');
  }
  return decodeJson(json, names, limits);
}

/**
 * Reads one item from a value that JSON.parse returned.
 *
 * @throws TtlvError without an offset, as `decodeJsonText` does.
 */
export function decodeJson(
  json: unknown,
  names: TtlvNames,
  limits?: Partial<TtlvLimits>,
): TtlvItem {
  const reader: Reader = { names, limits: resolveLimits(limits), items: 0 };
  return readItem(reader, json, undefined, undefined, 1);
}

function readItem(
  reader: Reader,
  json: unknown,
  parent: Place | undefined,
  contexts: AttributeContext | undefined,
  depth: number,
): TtlvItem {
  const { names, limits } = reader;
  if (depth > limits.maxDepth) {
    fail(reader, parent, 'too-deep', `Items nest deeper than ${limits.maxDepth}`);
  }
  if (++reader.items > limits.maxItems) {
    fail(reader, parent, 'too-many-items', `The message has more than ${limits.maxItems} items`);
  }
  const properties = readProperties(reader, json, parent);
  const tag = readTag(reader, properties.get('tag'), parent);
  const place: Place = { parent, tag, children: [] };
  const type = properties.get('type') ?? 'Structure';
  if (!isItemType(type)) fail(reader, place, 'invalid-type', 'The type is none of KMIP');
  if (!properties.has('value')) fail(reader, place, 'invalid-syntax', 'The item has no value');
  const value = properties.get('value');
  if (type !== 'Structure') {
    const context = contexts?.of(tag) ?? { tag, attributeName: undefined };
    const item = readValue(type, value, context, names);
    return 'fault' in item ? fail(reader, place, item.fault, item.message) : item;
  }
  if (value !== null && !Array.isArray(value)) {
    fail(reader, place, 'invalid-value', 'The value of a Structure is an array or null');
  }
  const inner = new AttributeContext();
  const elements: readonly unknown[] = value ?? [];
  for (const element of elements) {
    const child = readItem(reader, element, place, inner, depth + 1);
    place.children.push(child);
    inner.passed(child);
  }
  return { tag, type: 'Structure', value: place.children };
}

function readProperties(
  reader: Reader,
  json: unknown,
  parent: Place | undefined,
): ReadonlyMap<string, unknown> {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) {
    fail(reader, parent, 'invalid-syntax', 'An item is a JSON object');
  }
  const properties = new Map<string, unknown>(Object.entries(json));
  for (const key of properties.keys()) {
    if (!KEYS.has(key)) {
      fail(
        reader,
        parent,
        'invalid-syntax',
        'An item has the properties tag, name, type and value',
      );
    }
  }
  return properties;
}

function readTag(reader: Reader, text: unknown, parent: Place | undefined): number {
  if (typeof text !== 'string')
    fail(reader, parent, 'invalid-tag', 'The tag of an item is a string');
  const tag = parseTag(text, reader.names);
  if (tag === undefined) {
    const { fault, message } = unknownTag(text);
    fail(reader, parent, fault, message);
  }
  const tagClass = tag >>> 16;
  if (tagClass !== 0x42 && tagClass !== 0x54) {
    fail(reader, parent, 'invalid-tag', 'A tag is 0x42xxxx or 0x54xxxx');
  }
  return tag;
}

/** A JSON number or boolean where the type allows one, otherwise the text that both encodings share. */
function readValue(
  type: Exclude<ItemType, 'Structure'>,
  value: unknown,
  context: ValueContext,
  names: TtlvNames,
): TtlvItem | ValueFault {
  const { tag } = context;
  if (typeof value === 'string') return parseValue(type, value, context, names);
  if (typeof value === 'boolean' && type === 'Boolean') return { tag, type, value };
  if (typeof value === 'number') {
    switch (type) {
      case 'Integer':
        return inRange(value, (value | 0) === value, { tag, type, value: value | 0 });
      case 'Enumeration':
      case 'Interval':
        return inRange(value, value >>> 0 === value, { tag, type, value: value >>> 0 });
      case 'LongInteger':
      case 'BigInteger':
        if (!Number.isSafeInteger(value)) {
          const message =
            'A JSON number is exact only up to 2^53; beyond, write 0x and hexadecimal';
          return { fault: 'value-out-of-range', message };
        }
        return { tag, type, value: BigInt(value) };
      case 'Boolean':
      case 'TextString':
      case 'ByteString':
      case 'DateTime':
      case 'DateTimeExtended':
        break;
    }
  }
  return { fault: 'invalid-value', message: `This kind of JSON value is no ${type}` };
}

function inRange(value: number, fits: boolean, item: TtlvItem): TtlvItem | ValueFault {
  if (fits) return item;
  return Number.isInteger(value)
    ? { fault: 'value-out-of-range', message: `The value does not fit a 32-bit ${item.type}` }
    : { fault: 'invalid-value', message: `The value of ${item.type} is a whole number` };
}

function fail(
  reader: Reader,
  place: Place | undefined,
  code: TtlvErrorCode,
  message: string,
): never {
  const steps: string[] = [];
  for (let at = place; at !== undefined; at = at.parent) {
    const { tag } = at;
    const earlier = at.parent?.children.filter((sibling) => sibling.tag === tag).length ?? 0;
    const label = tagLabel(tag, (other) => reader.names.tagName(other));
    steps.unshift(pathStep(label, earlier));
  }
  throw new TtlvError(code, message, undefined, steps.join('/'));
}
