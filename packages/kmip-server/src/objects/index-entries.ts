/**
 * The searchable facts of an object, from its attributes, and the same for what a Locate asks: both
 * sides are made here, so that they meet.
 */

import { createHash } from 'node:crypto';
import type { IndexEntry, IndexValue } from '@claviger/key-store';
import {
  ATTRIBUTE_SCHEMAS,
  type Attribute,
  attributeText,
  encodeItem,
  type StandardAttribute,
  TAGS,
} from '@claviger/kmip-protocol';
import { encodeTtlv, type TtlvItem } from '@claviger/ttlv-codec';

/** Longer values are found by their digest: the index stays small, whatever clients store. */
const MAX_INDEXED_LENGTH = 200;

function bounded(text: string): string {
  if (text.length <= MAX_INDEXED_LENGTH) return text;
  return `h:${createHash('sha256').update(text).digest('hex')}`;
}

/** The index value of a text. */
export function textValue(text: string): string {
  return bounded(`t:${text}`);
}

/** Dates and numbers are kept as numbers, for ranges; everything else as text. */
export function indexValue(value: Attribute['value']): IndexValue | undefined {
  switch (typeof value) {
    case 'string':
      return textValue(value);
    case 'number':
      return value;
    case 'boolean':
      return value ? 't:true' : 't:false';
    case 'bigint':
      return `n:${value}`;
    default:
      return undefined;
  }
}

/** A vendor's value is compared with its type. */
function vendorValue(item: TtlvItem): IndexValue {
  return bytesValue(encodeTtlv({ ...item, tag: TAGS.AttributeValue }));
}

/** A name for one field of a structure, e.g. `Name/nameValue`. */
const fieldName = (attribute: string, field: string) => `${attribute}/${field}`;

function isStructure(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !(value instanceof Uint8Array);
}

/** The whole of a structured value, canonically. */
export function wholeValue(attribute: StandardAttribute): IndexValue {
  const schema = ATTRIBUTE_SCHEMAS[attribute.name];
  // the value is of the schema of its name
  return bytesValue(encodeTtlv(encodeItem(schema, attribute.value as never, '2.1')));
}

/** The entries of one attribute: its value, and for a structure each of its fields as well. */
export function entriesOf(attribute: Attribute): IndexEntry[] {
  const name = attributeText(attribute);
  if (attribute.kind === 'vendor') return [{ name, value: vendorValue(attribute.value) }];
  if (ATTRIBUTE_SCHEMAS[attribute.name].kind === 'mask') return bitEntries(attribute);
  const simple = indexValue(attribute.value);
  if (simple !== undefined) return [{ name, value: simple }];
  return [{ name, value: wholeValue(attribute) }, ...fieldEntries(attribute)];
}

/** One entry for each field of a structure, so that it can be found by some of them. */
export function fieldEntries(attribute: StandardAttribute): IndexEntry[] {
  if (!isStructure(attribute.value)) return [];
  const name = attributeText(attribute);
  return Object.entries(attribute.value).flatMap(([field, fieldValue]) => {
    const value = fieldIndexValue(fieldValue);
    return value === undefined ? [] : [{ name: fieldName(name, field), value }];
  });
}

/** One entry for each bit that is set: a mask is asked for by the bits that must be there. */
function bitEntries(attribute: StandardAttribute): IndexEntry[] {
  if (typeof attribute.value !== 'number') return [];
  const entries: IndexEntry[] = [];
  for (let bit = 0; bit < 32; bit++) {
    if ((attribute.value & (1 << bit)) !== 0) {
      entries.push({ name: fieldName(attributeText(attribute), `bit${bit}`), value: 1 });
    }
  }
  return entries;
}

function fieldIndexValue(value: unknown): IndexValue | undefined {
  if (value instanceof Uint8Array) return bytesValue(value);
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') {
    return indexValue(value);
  }
  return typeof value === 'bigint' ? `n:${value}` : undefined;
}

/** Everything that Locate can find the object by. */
export function indexEntries(attributes: readonly Attribute[]): IndexEntry[] {
  const seen = new Set<string>();
  return attributes.flatMap(entriesOf).filter(({ name, value }) => {
    const key = `${name}\u0000${typeof value}\u0000${value}`;
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}

/** The Names, which belong to one object of the adapter only (1.4 §3.2). */
export function uniqueNames(attributes: readonly Attribute[]): string[] {
  const names = attributes.flatMap((candidate) =>
    candidate.kind === 'standard' && candidate.name === 'Name' ? [candidate.value.nameValue] : [],
  );
  return [...new Set(names)];
}

function bytesValue(bytes: Uint8Array): string {
  const { buffer, byteOffset, byteLength } = bytes;
  return bounded(`b:${Buffer.from(buffer, byteOffset, byteLength).toString('hex')}`);
}
