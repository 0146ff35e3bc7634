/** Items in words: for differences that people read, and as keys to tell values apart. */

import { createKmipNames, tagLabel } from '@claviger/kmip-protocol';
import type { TtlvItem } from '@claviger/ttlv-codec';
import { encodeXml } from '@claviger/ttlv-codec/xml';
import type { Template } from './test-case.ts';

const NAMES = createKmipNames();

/** Two items of one type have equal keys exactly when their values are equal. */
export function valueKey(item: TtlvItem): string {
  switch (item.type) {
    case 'Structure':
      return `{${item.value.map((child) => `${child.tag}:${valueKey(child)}`).join()}}`;
    case 'ByteString':
      return Buffer.from(item.value).toString('hex');
    case 'TextString':
      return JSON.stringify(item.value);
    default:
      return String(item.value);
  }
}

/** A value as the files write it, an item of several as their names. */
export function describeItem(item: TtlvItem): string {
  if (item.type === 'Structure')
    return `{ ${item.value.map(({ tag }) => tagLabel(tag)).join(' ')} }`;
  if (item.type === 'TextString') return item.value;
  const value = / value="([^"]*)"/.exec(encodeXml(item, NAMES))?.[1];
  return value ?? valueKey(item);
}

/** The same of an item of a test case. */
export function describeTemplate(template: Template): string {
  if (template.kind === 'placeholder') return template.text;
  if (template.kind === 'value') return describeItem(template.item);
  return `{ ${template.items.map(({ tag }) => tagLabel(tag)).join(' ')} }`;
}

/** A whole message, as XML with a line for each item. */
export function describeMessage(message: TtlvItem | Template): string {
  try {
    return encodeXml('kind' in message ? withTexts(message) : message, NAMES, { indent: true });
  } catch (error) {
    return `(cannot be written as XML: ${String(error)})\n`;
  }
}

/** Placeholders stand there as texts, whatever their type. */
function withTexts(template: Template): TtlvItem {
  const { tag } = template;
  switch (template.kind) {
    case 'structure':
      return { tag, type: 'Structure', value: template.items.map(withTexts) };
    case 'placeholder':
      return { tag, type: 'TextString', value: template.text };
    case 'value':
      return template.item;
  }
}
