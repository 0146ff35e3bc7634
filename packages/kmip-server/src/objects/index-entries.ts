/**
 * The searchable facts of an object, from its attributes, and the same for what a Locate asks: both
 * sides are made here, so that they meet.
 *
 * Each entry that an object has for itself costs a Create as much as a tenth of all else. What many
 * objects have in common is marked as shared, and nothing is there twice that one entry answers.
 */

import { createHash } from 'node:crypto';
import type { IndexEntry, IndexValue, Predicate } from '@claviger/key-store';
import {
  ATTRIBUTE_SCHEMAS,
  type Attribute,
  attribute as attributeOf,
  encodeItem,
  type Schema,
  type StandardAttribute,
} from '@claviger/kmip-protocol';
import { encodeTtlv, type TtlvItem } from '@claviger/ttlv-codec';
import { attributeKey } from './attribute-key.ts';
import { shortIdentifierOf } from './short-identifier.ts';

/** Longer texts are found by their digest: the index stays small, whatever clients store. */
const MAX_INDEXED_LENGTH = 200;

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
  const instances = new Map<string, number>();
  for (const { name } of attributes) instances.set(name, (instances.get(name) ?? 0) + 1);
  return attributes.flatMap((attribute) => {
    // The Short Unique Identifier is the digest of the other: one entry answers for both.
    if (attribute.name === 'UniqueIdentifier' && instances.has('ShortUniqueIdentifier')) return [];
    return instances.get(attribute.name) === 1 && hasFieldsOnly(attribute)
      ? [singleEntry(attribute), ...fieldEntries(attribute)]
      : entriesOf(attribute);
  });
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

/**
 * Instead of the entry for a structure as a whole: says that there is one instance only, to which all
 * the entries of its fields belong. Objects of earlier versions have the whole.
 */
export function singleEntry(attribute: Attribute): IndexEntry {
  return { name: `${entryName(attribute)}/single`, value: 1, shared: true };
}

/** Whether the entries of its fields tell everything about a structure. */
export function hasFieldsOnly(attribute: Attribute): boolean {
  if (attribute.kind === 'vendor' || !isStructure(attribute.value)) return false;
  return Object.values(attribute.value).every(
    (value) =>
      value === undefined ||
      simpleValue(value) !== undefined ||
      (Array.isArray(value) && value.length === 0),
  );
}

/** Holds for objects that have the entry. */
export function conditionOn({ name, value }: IndexEntry): Predicate {
  return { kind: 'equals', name, value };
}

/** The entry by which an object is found by its Unique Identifier: the digest of that. */
export function identifierEntry(id: string): IndexEntry {
  return wholeEntry(attributeOf('ShortUniqueIdentifier', shortIdentifierOf(id)));
}

/** The entry of a value as a whole. */
export function wholeEntry(attribute: Attribute): IndexEntry {
  const name = entryName(attribute);
  if (attribute.kind === 'vendor') return { name, value: itemValue(attribute.value) };
  if (attribute.name === 'UniqueIdentifier' && typeof attribute.value === 'string') {
    return identifierEntry(attribute.value);
  }
  const schema: Schema = ATTRIBUTE_SCHEMAS[attribute.name];
  const simple = simpleValue(attribute.value);
  if (simple !== undefined) {
    return entryOf(name, simple, hasFewValues(schema) || HAVE_FEW_VALUES.has(attribute.name));
  }
  // The value is of the schema of its name.
  return { name, value: itemValue(encodeItem(schema, attribute.value as never, '2.1')) };
}

/** The entries of the fields of a structure, e.g. `Name/nameValue`; several where a field repeats. */
export function fieldEntries(attribute: Attribute): IndexEntry[] {
  if (attribute.kind === 'vendor' || !isStructure(attribute.value)) return [];
  const name = entryName(attribute);
  const schema: Schema = ATTRIBUTE_SCHEMAS[attribute.name];
  const fields = schema.kind === 'structure' ? schema.fields : {};
  return Object.entries(attribute.value).flatMap(([field, value]) => {
    const declared = fields[field];
    const isShared = declared?.kind === 'item' && hasFewValues(declared.schema);
    const values: readonly unknown[] = Array.isArray(value) ? value : [value];
    return values
      .map(simpleValue)
      .filter((simple) => simple !== undefined)
      .map((simple) => entryOf(`${name}/${field}`, simple, isShared));
  });
}

function entryOf(name: string, value: IndexValue, isShared: boolean): IndexEntry {
  return isShared ? { name, value, shared: true } : { name, value };
}

/** Numbers of which an adapter sees a handful. */
const HAVE_FEW_VALUES: ReadonlySet<string> = new Set(['CryptographicLength', 'LeaseTime']);

function hasFewValues(schema: Schema): boolean {
  switch (schema.kind) {
    case 'enumeration':
      return true;
    case 'leaf':
      return schema.type === 'Boolean';
    case 'versioned':
      return schema.cases.every((each) => hasFewValues(each.schema));
    default:
      return false;
  }
}

/** A mask is asked for by the bits that must be there. */
function bitEntries(attribute: StandardAttribute): IndexEntry[] {
  if (typeof attribute.value !== 'number') return [];
  const entries: IndexEntry[] = [];
  for (let bit = 0; bit < 32; bit++) {
    if ((attribute.value & (1 << bit)) !== 0) {
      entries.push({ name: `${entryName(attribute)}/bit${bit}`, value: 1, shared: true });
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
