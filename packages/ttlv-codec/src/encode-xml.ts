/** Items to XML (KMIP Additional Message Encodings 1.0 §6.1). */

import { AttributeContext } from './attribute-context.ts';
import { bigIntegerToBytes } from './big-integer.ts';
import { TtlvError } from './error.ts';
import { toHex } from './hex.ts';
import type { ItemOf, ItemType, TtlvItem } from './item.ts';
import { measureItem } from './measure.ts';
import type { TtlvNames, ValueContext } from './names.ts';
import { pathInItems, tagHex } from './path.ts';
import { formatDateTime, formatEnumeration, formatMask, formatTag } from './text-value.ts';

export interface XmlOptions {
  /** One element a line, two spaces for each level; otherwise no white space at all. */
  readonly indent?: boolean;
}

interface Writer {
  readonly names: TtlvNames;
  readonly indent: boolean;
  readonly parts: string[];
  readonly root: TtlvItem;
  /** Items begun, to find the path of one that cannot be written. */
  items: number;
}

/**
 * Writes one item as an XML element, without an XML declaration.
 *
 * Enumerations and masks are written by name where they have one. Tabs and line ends in text become
 * character references, since a reader would turn them into spaces otherwise.
 *
 * @throws TtlvError without an offset, as `encodeTtlv` does, and `invalid-text` for a Text String with a
 *   character that XML 1.0 cannot express in any way (such as U+0000).
 */
export function encodeXml(item: TtlvItem, names: TtlvNames, options: XmlOptions = {}): string {
  measureItem(item, (tag) => names.tagName(tag));
  const indent = options.indent ?? false;
  const writer: Writer = { names, indent, parts: [], root: item, items: 0 };
  writeElement(writer, item, { tag: item.tag, attributeName: undefined }, '');
  return writer.parts.join('');
}

function writeElement(writer: Writer, item: TtlvItem, context: ValueContext, margin: string): void {
  const { names, parts } = writer;
  const index = writer.items++;
  const tag = formatTag(item.tag, names);
  const named = isElementName(tag);
  const name = named ? tag : 'TTLV';
  const start = named ? `${margin}<${name}` : `${margin}<TTLV tag="${tagHex(item.tag)}"`;
  const lineEnd = writer.indent ? '\n' : '';
  if (item.type !== 'Structure') {
    const value = escapeAttribute(formatValue(item, context, names));
    if (value === undefined) {
      const path = pathInItems(writer.root, index, (other) => names.tagName(other));
      const message = 'The text holds a character that XML 1.0 cannot express';
      throw new TtlvError('invalid-text', message, undefined, path);
    }
    parts.push(start, ` type="${item.type}" value="`, value, '"/>', lineEnd);
    return;
  }
  if (item.value.length === 0) {
    parts.push(start, '/>', lineEnd);
    return;
  }
  parts.push(start, '>', lineEnd);
  const inner = writer.indent ? `${margin}  ` : '';
  const contexts = new AttributeContext();
  for (const child of item.value) {
    writeElement(writer, child, contexts.of(child.tag), inner);
    contexts.passed(child);
  }
  parts.push(margin, '</', name, '>', lineEnd);
}

function formatValue(
  item: ItemOf<Exclude<ItemType, 'Structure'>>,
  context: ValueContext,
  names: TtlvNames,
): string {
  switch (item.type) {
    case 'Integer':
      return formatMask(item.value, context, names, ' ') ?? String(item.value);
    case 'Enumeration':
      return formatEnumeration(item.value, context, names);
    case 'BigInteger':
      return toHex(bigIntegerToBytes(item.value));
    case 'ByteString':
      return toHex(item.value);
    case 'DateTime':
    case 'DateTimeExtended':
      return formatDateTime(item);
    case 'TextString':
      return item.value;
    case 'LongInteger':
    case 'Boolean':
    case 'Interval':
      return String(item.value);
  }
}

/** Names from tables may hold anything; only these become elements without further thought. */
function isElementName(name: string): boolean {
  return name !== 'TTLV' && /^[A-Za-z_][A-Za-z0-9_.-]*$/.test(name);
}

const NEEDS_ESCAPE = /[<>&"\t\n\r]/g;
// The characters outside `Char` of XML 1.0 §2.2; lone surrogates have been refused before.
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for
const NOT_XML = /[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/;

const ESCAPES: Readonly<Record<string, string>> = {
  '<': '&lt;',
  '>': '&gt;',
  '&': '&amp;',
  '"': '&quot;',
  '\t': '&#9;',
  '\n': '&#10;',
  '\r': '&#13;',
};

function escapeAttribute(text: string): string | undefined {
  if (NOT_XML.test(text)) return undefined;
  return text.replace(NEEDS_ESCAPE, (character) => ESCAPES[character] ?? character);
}
