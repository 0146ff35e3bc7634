/**
 * The searchable facts of an object, from its attributes, and the same for what a Locate asks: both
 * sides are made here, so that they meet.
 */

import { createHash } from 'node:crypto';
import type { IndexEntry, IndexValue } from '@claviger/key-store';
import {
  ATTRIBUTE_SCHEMAS,
  type Attribute,
  encodeItem,
  type StandardAttribute,
} from '@claviger/kmip-protocol';
import { encodeTtlv, type TtlvItem } from '@claviger/ttlv-codec';
import { attributeKey } from './attribute-key.ts';

/** Longer texts are found by their digest: the index stays small, whatever clients store. */
const MAX_INDEXED_LENGTH = 200;

/** The entry under which an object's Unique Identifier stands. */
export const IDENTIFIER_ENTRY = 'Unique Identifier';

/** The entries under which the values of Names stand. */
export const NAME_VALUE_ENTRY = 'Name/nameValue';

function bounded(text: string): string {
  return text.length <= MAX_INDEXED_LENGTH ? storable(text) : digestOf(text);
}

/** KMIP text may hold a zero character, which stores keep in no text: it is found by its digest as well. */
function storable(text: string): string {
  return text.includes('\0') ? digestOf(text) : text;
}

function digestOf(text: string): string {
  return `h:${createHash('sha256').update(text).digest('hex')}`;
}

/** The index value of a text. */
export function textValue(text: string): string {
  return bounded(`t:${text}`);
}

function bytesValue(bytes: Uint8Array): string {
  const { buffer, byteOffset, byteLength } = bytes;
  return bounded(`b:${Buffer.from(buffer, byteOffset, byteLength).toString('hex')}`);
}

/** A standard attribute stands under its name, a vendor's under its key. */
function entryName(attribute: Attribute): string {
  return bounded(attributeKey(attribute));
}

/** Everything that Locate can find the object by. */
export function indexEntries(attributes: readonly Attribute[]): IndexEntry[] {
  return attributes.flatMap(entriesOf);
}

/**
 * The entries of one attribute. A mask has one for each of its bits. Anything else has one for its
 * value as a whole, and a structure one for each of its fields as well.
 */
export function entriesOf(attribute: Attribute): IndexEntry[] {
  if (attribute.kind === 'standard' && ATTRIBUTE_SCHEMAS[attribute.name].kind === 'mask') {
    return bitEntries(attribute);
  }
  return [wholeEntry(attribute), ...fieldEntries(attribute)];
}

/** The entry of a value as a whole. */
export function wholeEntry(attribute: Attribute): IndexEntry {
  const name = entryName(attribute);
  if (attribute.kind === 'vendor') return { name, value: itemValue(attribute.value) };
  const value = simpleValue(attribute.value);
  if (value !== undefined) return { name, value };
  const schema = ATTRIBUTE_SCHEMAS[attribute.name];
  // The value is of the schema of its name.
  return { name, value: itemValue(encodeItem(schema, attribute.value as never, '2.1')) };
}

/** The entries of the fields of a structure, e.g. `Name/nameValue`; several where a field repeats. */
export function fieldEntries(attribute: Attribute): IndexEntry[] {
  if (attribute.kind === 'vendor' || !isStructure(attribute.value)) return [];
  const name = entryName(attribute);
  return Object.entries(attribute.value).flatMap(([field, value]) => {
    const values: readonly unknown[] = Array.isArray(value) ? value : [value];
    return values
      .map(simpleValue)
      .filter((simple) => simple !== undefined)
      .map((simple) => ({ name: `${name}/${field}`, value: simple }));
  });
}

/** A mask is asked for by the bits that must be there. */
function bitEntries(attribute: StandardAttribute): IndexEntry[] {
  if (typeof attribute.value !== 'number') return [];
  const entries: IndexEntry[] = [];
  for (let bit = 0; bit < 32; bit++) {
    if ((attribute.value & (1 << bit)) !== 0) {
      entries.push({ name: `${entryName(attribute)}/bit${bit}`, value: 1 });
    }
  }
  return entries;
}

/** Dates and numbers are kept as numbers, for ranges; everything else that is no structure as text. */
function simpleValue(value: unknown): IndexValue | undefined {
  switch (typeof value) {
    case 'string':
      return textValue(value);
    case 'number':
      return value;
    case 'boolean':
      return `t:${value}`;
    case 'bigint':
      return `n:${value}`;
    default:
      return value instanceof Uint8Array ? bytesValue(value) : undefined;
  }
}

/** An item is compared with its type. */
function itemValue(item: TtlvItem): IndexValue {
  return bytesValue(encodeTtlv(item));
}

function isStructure(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !(value instanceof Uint8Array);
}

/** The values of the Names. */
export function nameValues(attributes: readonly Attribute[]): string[] {
  return attributes.flatMap((candidate) =>
    candidate.kind === 'standard' && candidate.name === 'Name' ? [candidate.value.nameValue] : [],
  );
}

/** What stores keep of the Names, which belong to one object of the adapter only (1.4 §3.2). */
export function uniqueNames(attributes: readonly Attribute[]): string[] {
  return nameValues(attributes).map(storable);
}
