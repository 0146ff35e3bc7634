/**
 * XML to items (KMIP Additional Message Encodings 1.0 §6.1).
 *
 * The document is read as a stream of events and never becomes a tree of its own. Nothing of XML beyond
 * elements and attributes is of use here, so document types (and with them entities), processing
 * instructions and CDATA sections are refused rather than ignored.
 */

import { SaxesParser, type SaxesTagNS } from 'saxes';
import { AttributeContext } from './attribute-context.ts';
import { TtlvError, type TtlvErrorCode } from './error.ts';
import type { ItemType, TtlvItem } from './item.ts';
import { resolveLimits, type TtlvLimits } from './limits.ts';
import type { TtlvNames } from './names.ts';
import { pathStep, tagLabel } from './path.ts';
import { isItemType, parseTag, parseValue, unknownTag } from './text-value.ts';

/** The namespace that elements may, but need not, have (§6.1.6). */
const NAMESPACE = 'urn:oasis:tc:kmip:xmlns';
const XMLNS_NAMESPACE = 'http://www.w3.org/2000/xmlns/';

/** An element whose end has not come. A leaf has its item already, a structure collects its children. */
interface OpenElement {
  readonly tag: number;
  readonly leaf: TtlvItem | undefined;
  readonly children: TtlvItem[];
  readonly contexts: AttributeContext;
}

/**
 * Reads exactly one item from an XML document.
 *
 * Values may be written in any form the XML or the JSON encoding knows. An element is named after its
 * tag, or is `TTLV` with the attribute `tag`, or `x` and six hexadecimal digits. White space and comments
 * may stand between elements, an XML declaration at the start.
 *
 * @param limits - Overrides of the defaults; `maxMessageBytes` counts UTF-16 code units of the text.
 * @throws TtlvError whose offset is the end of the markup at fault: `invalid-syntax`, `unknown-name`,
 *   `invalid-tag`, `invalid-type`, `invalid-value`, `invalid-text`, `value-out-of-range`,
 *   `message-too-large`, `too-deep`, `too-many-items`.
 */
export function decodeXml(text: string, names: TtlvNames, limits?: Partial<TtlvLimits>): TtlvItem {
  const resolved = resolveLimits(limits);
  if (text.length > resolved.maxMessageBytes) {
    const message = `An XML text of ${text.length} characters exceeds the limit of ${resolved.maxMessageBytes}`;
    throw new TtlvError('message-too-large', message, 0, '');
  }
  return new XmlDecoder(names, resolved).decode(text);
}

class XmlDecoder {
  readonly #names: TtlvNames;
  readonly #limits: TtlvLimits;
  /** XML 1.1, which allows control characters, is read as 1.0. */
  readonly #parser = new SaxesParser({
    xmlns: true,
    defaultXMLVersion: '1.0',
    forceXMLVersion: true,
  });
  readonly #open: OpenElement[] = [];
  #root: TtlvItem | undefined;
  #items = 0;

  constructor(names: TtlvNames, limits: TtlvLimits) {
    this.#names = names;
    this.#limits = limits;
  }

  decode(text: string): TtlvItem {
    const parser = this.#parser;
    // The parser's own messages may quote the input, so they stay here.
    parser.on('error', () => this.#fail('invalid-syntax', 'The text is not well-formed XML'));
    parser.on('doctype', () => this.#fail('invalid-syntax', 'A document type is not accepted'));
    parser.on('processinginstruction', () =>
      this.#fail('invalid-syntax', 'A processing instruction is not accepted'),
    );
    parser.on('cdata', () => this.#fail('invalid-syntax', 'A CDATA section is not accepted'));
    parser.on('text', (content) => {
      if (content.trim() === '') return;
      this.#fail('invalid-syntax', 'Text between elements is not accepted: values are attributes');
    });
    parser.on('opentag', (element) => this.#opened(element));
    parser.on('closetag', () => this.#closed());
    parser.write(text).close();
    return this.#root ?? this.#fail('invalid-syntax', 'There is no element');
  }

  #opened(element: SaxesTagNS): void {
    const attributes = this.#attributes(element);
    const parent = this.#open.at(-1);
    const tag = this.#tag(element, attributes);
    if (parent?.leaf !== undefined) {
      this.#fail('invalid-syntax', 'Only a Structure holds other items', tag);
    }
    if (this.#open.length >= this.#limits.maxDepth) {
      this.#fail('too-deep', `Items nest deeper than ${this.#limits.maxDepth}`, tag);
    }
    if (++this.#items > this.#limits.maxItems) {
      this.#fail('too-many-items', `The message has more than ${this.#limits.maxItems} items`, tag);
    }
    const type = attributes.get('type') ?? 'Structure';
    if (!isItemType(type)) this.#fail('invalid-type', 'The type is none of KMIP', tag);
    const leaf = this.#leaf(tag, type, attributes.get('value'), parent);
    this.#open.push({ tag, leaf, children: [], contexts: new AttributeContext() });
  }

  #closed(): void {
    const element = this.#open.pop();
    if (element === undefined) return;
    const { tag, leaf, children } = element;
    const item: TtlvItem = leaf ?? { tag, type: 'Structure', value: children };
    const parent = this.#open.at(-1);
    if (parent === undefined) {
      this.#root = item;
      return;
    }
    parent.children.push(item);
    parent.contexts.passed(item);
  }

  /** The attributes that mean something, by name; any other is refused. */
  #attributes(element: SaxesTagNS): ReadonlyMap<string, string> {
    if (element.uri !== '' && element.uri !== NAMESPACE) {
      this.#fail('invalid-syntax', `An element is in no namespace or in ${NAMESPACE}`);
    }
    const known = new Map<string, string>();
    for (const { name, uri, value } of Object.values(element.attributes)) {
      if (uri === XMLNS_NAMESPACE) continue;
      const generic = element.local === 'TTLV' && (name === 'tag' || name === 'name');
      if (name !== 'type' && name !== 'value' && !generic) {
        const message = 'An element has the attributes type and value, TTLV also tag and name';
        this.#fail('invalid-syntax', message);
      }
      known.set(name, value);
    }
    return known;
  }

  #tag(element: SaxesTagNS, attributes: ReadonlyMap<string, string>): number {
    const { local } = element;
    const text = local === 'TTLV' ? attributes.get('tag') : local;
    if (text === undefined) this.#fail('invalid-syntax', 'A TTLV element has the attribute tag');
    const tag =
      parseTag(text, this.#names) ??
      (/^x[0-9a-fA-F]{6}$/.test(local) ? Number(`0${local}`) : undefined);
    if (tag === undefined) {
      const { fault, message } = unknownTag(text);
      this.#fail(fault, message);
    }
    const tagClass = tag >>> 16;
    if (tagClass !== 0x42 && tagClass !== 0x54) {
      this.#fail('invalid-tag', 'A tag is 0x42xxxx or 0x54xxxx');
    }
    return tag;
  }

  #leaf(
    tag: number,
    type: ItemType,
    value: string | undefined,
    parent: OpenElement | undefined,
  ): TtlvItem | undefined {
    if (type === 'Structure') {
      if (value === undefined) return undefined;
      this.#fail('invalid-syntax', 'A Structure has no value; any other item has a type', tag);
    }
    if (value === undefined) this.#fail('invalid-syntax', 'The item has no value', tag);
    const context = parent?.contexts.of(tag) ?? { tag, attributeName: undefined };
    const parsed = parseValue(type, value, context, this.#names);
    return 'fault' in parsed ? this.#fail(parsed.fault, parsed.message, tag) : parsed;
  }

  /** @param tag - That of the element which is about to be opened. */
  #fail(code: TtlvErrorCode, message: string, tag?: number): never {
    const tags = this.#open.map((element) => element.tag);
    if (tag !== undefined) tags.push(tag);
    const steps = tags.map((each, depth) => {
      const siblings = this.#open[depth - 1]?.children ?? [];
      const earlier = siblings.filter((sibling) => sibling.tag === each).length;
      return pathStep(
        tagLabel(each, (other) => this.#names.tagName(other)),
        earlier,
      );
    });
    throw new TtlvError(code, message, this.#parser.position, steps.join('/'));
  }
}
