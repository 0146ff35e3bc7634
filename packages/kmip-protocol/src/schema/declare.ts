/** The words of the language of `schema.ts`: what a declaration is written with. */

import type { ItemOf, ItemType, TtlvItem } from '@claviger/ttlv-codec';
import type { EnumerationName } from '../tables/enumerations.ts';
import type { MaskName } from '../tables/masks.ts';
import { TAGS, type TagName } from '../tables/tags.ts';
import type { Version } from '../tables/version.ts';
import type {
  CustomSchema,
  EnumerationSchema,
  Field,
  Flat,
  Gate,
  GroupField,
  GroupItem,
  Infer,
  ItemField,
  LeafSchema,
  LeafType,
  MaskSchema,
  OpaqueSchema,
  OptionalGate,
  Schema,
  StructureOptions,
  StructureSchema,
  StructureValue,
  UnionOption,
  UnionSchema,
  VersionCase,
  VersionedSchema,
} from './schema.ts';

/** Declares a structure. `fields` stand in the order of the wire. */
export function structure<const F extends Readonly<Record<string, Field>>>(
  name: TagName,
  fields: F,
  options: StructureOptions<keyof F & string> = {},
): StructureSchema<Flat<StructureValue<F>>> {
  return { kind: 'structure', name, tag: TAGS[name], fields, unknownItems: 'refuse', ...options };
}

/** Exactly one item. With a gate the value may be absent: a version may not have the field. */
export function required<const S extends Schema, const G extends Gate = Record<never, never>>(
  schema: S,
  gate?: G,
): ItemField<S, 'required'> & G {
  return { kind: 'item', cardinality: 'required', schema, ...(gate as G) };
}

/** One item or none; with `requiredUntil`, exactly one in the versions up to that one. */
export function optional<
  const S extends Schema,
  const G extends OptionalGate = Record<never, never>,
>(schema: S, gate?: G): ItemField<S, 'optional'> & G {
  return { kind: 'item', cardinality: 'optional', schema, ...(gate as G) };
}

/** Any number of items, also none. The value is always an array, also where a version lacks the field. */
export function repeated<const S extends Schema, const G extends Gate = Record<never, never>>(
  schema: S,
  gate?: G,
): ItemField<S, 'repeated'> & G {
  return { kind: 'item', cardinality: 'repeated', schema, ...(gate as G) };
}

/** At least one item; the value is always an array. */
export function oneOrMore<const S extends Schema, const G extends Gate = Record<never, never>>(
  schema: S,
  gate?: G,
): ItemField<S, 'one-or-more'> & G {
  return { kind: 'item', cardinality: 'one-or-more', schema, ...(gate as G) };
}

const leaf =
  <T extends LeafType>(type: T) =>
  (name: TagName): LeafSchema<T> => ({ kind: 'leaf', tag: TAGS[name], type });

export const integer = leaf('Integer');
export const longInteger = leaf('LongInteger');
export const bigInteger = leaf('BigInteger');
export const boolean = leaf('Boolean');
export const text = leaf('TextString');
export const bytes = leaf('ByteString');
export const dateTime = leaf('DateTime');
export const interval = leaf('Interval');
export const dateTimeExtended = leaf('DateTimeExtended');

/** An enumeration whose tag bears its name, or another tag that carries the same enumeration. */
export function enumeration<E extends EnumerationName>(
  name: TagName,
  values: E,
): EnumerationSchema<E> {
  return { kind: 'enumeration', tag: TAGS[name], enumeration: values };
}

/** An Integer that is a set of named bits. */
export function mask(name: TagName, bits: MaskName): MaskSchema {
  return { kind: 'mask', tag: TAGS[name], mask: bits };
}

/** An item of one of `types`, or of any, that is passed on as it is. */
export function opaque(name: TagName, ...types: readonly ItemType[]): OpaqueSchema {
  return types.length === 0
    ? { kind: 'opaque', tag: TAGS[name] }
    : { kind: 'opaque', tag: TAGS[name], types };
}

/**
 * A value with walkers of its own. `decode` gets only items of `types` and throws `Violation`; `encode`
 * may be given anything and throws `Violation` `internal` for what it cannot encode.
 */
export function custom<T, const Y extends ItemType = ItemType>(
  name: TagName,
  types: readonly Y[],
  walkers: {
    decode(item: ItemOf<Y>, version: Version): T;
    encode(value: unknown, version: Version): TtlvItem;
  },
): CustomSchema<T> {
  return {
    kind: 'custom',
    tag: TAGS[name],
    types,
    // The decoding walker has compared the item's type with `types`.
    decode: (item, version) => walkers.decode(item as ItemOf<Y>, version),
    encode: walkers.encode,
  };
}

/** A field whose schema depends on the version: cases in the order of versions. `name` is the tag of the first. */
export function versioned<const C extends readonly VersionCase[]>(
  name: TagName,
  cases: C,
): VersionedSchema<Infer<C[number]['schema']>> {
  return { kind: 'versioned', tag: TAGS[name], cases };
}

/** A field that is one of several types; see {@link UnionSchema}. */
export function union<const O extends readonly UnionOption[]>(
  name: TagName,
  options: O,
): UnionSchema<Infer<O[number]>> {
  return { kind: 'union', tag: TAGS[name], options };
}

/** Declares a field made of several items; see {@link GroupField}. */
export function group<T>(
  items: readonly GroupItem[],
  walkers: {
    decode(items: readonly TtlvItem[], version: Version): T;
    encode(value: unknown, version: Version): readonly TtlvItem[];
  },
): GroupField<T> {
  return { kind: 'group', items, ...walkers };
}
