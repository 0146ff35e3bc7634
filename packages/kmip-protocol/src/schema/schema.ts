/**
 * The language in which the protocol is written down; its words are in `declare.ts`. One declaration of
 * a structure gives its decoder, its encoder, its validation and its TypeScript type.
 *
 * A schema knows no walker and a walker (`decode.ts`, `encode.ts`, `describe.ts`) knows no structure
 * by name. All three encodings meet in the TTLV item, so a schema never sees bytes, XML or JSON.
 */

import type { ItemType, TtlvItem } from '@claviger/ttlv-codec';
import type { EnumerationName, EnumerationValueName } from '../tables/enumerations.ts';
import type { MaskName } from '../tables/masks.ts';
import type { Version } from '../tables/version.ts';

/** Carries the type of a schema's values; never present at run time. */
declare const VALUE: unique symbol;
export interface Typed<T> {
  readonly [VALUE]?: () => T;
}

/** The TypeScript type of a schema's values. */
export type Infer<S> = S extends Typed<infer T> ? T : never;

/** A value of an enumeration: its normalised name, or `0x` and eight hex digits when it has none. */
export type EnumerationValue<E extends EnumerationName> =
  // distributes over E, so that the schema of one enumeration is a schema of any
  E extends EnumerationName ? EnumerationValueName<E> | `0x${string}` : never;

/** The TypeScript value of each primitive item type. */
interface LeafValues {
  Integer: number;
  LongInteger: bigint;
  BigInteger: bigint;
  Boolean: boolean;
  TextString: string;
  ByteString: Uint8Array;
  /** POSIX seconds, within the safe integers. */
  DateTime: number;
  /** Seconds. */
  Interval: number;
  /** POSIX microseconds. */
  DateTimeExtended: bigint;
}
export type LeafType = keyof LeafValues;

export interface LeafSchema<T extends LeafType = LeafType> extends Typed<LeafValues[T]> {
  readonly kind: 'leaf';
  readonly tag: number;
  readonly type: T;
}

export interface EnumerationSchema<E extends EnumerationName = EnumerationName>
  extends Typed<EnumerationValue<E>> {
  readonly kind: 'enumeration';
  readonly tag: number;
  readonly enumeration: E;
}

/** An Integer whose bits have names; the value is the number. */
export interface MaskSchema extends Typed<number> {
  readonly kind: 'mask';
  readonly tag: number;
  readonly mask: MaskName;
}

/** An item that is passed on as it is, to be decoded by whoever knows what it holds. */
export interface OpaqueSchema extends Typed<TtlvItem> {
  readonly kind: 'opaque';
  readonly tag: number;
  /** The types it may have; absent: any. */
  readonly types?: readonly ItemType[];
}

/** A value with a shape of its own; the declaration says why no other kind fits. */
export interface CustomSchema<T = unknown> extends Typed<T> {
  readonly kind: 'custom';
  readonly tag: number;
  readonly types: readonly ItemType[];
  decode(item: TtlvItem, version: Version): T;
  encode(value: unknown, version: Version): TtlvItem;
}

/**
 * One value, different schemas in different versions: the entry with the newest `since` applies. `tag` is
 * that of the first; a later one may stand under another tag.
 */
export interface VersionedSchema<T = unknown> extends Typed<T> {
  readonly kind: 'versioned';
  readonly tag: number;
  readonly cases: readonly VersionCase[];
}

export interface VersionCase {
  readonly since: Version;
  readonly schema: ConcreteSchema;
}

/** What a union may choose from: schemas that item types tell apart. */
export type UnionOption = LeafSchema | OpaqueSchema | StructureSchema;

/** One of several schemas of one tag, told apart by item type on the wire and by type in memory. */
export interface UnionSchema<T = unknown> extends Typed<T> {
  readonly kind: 'union';
  readonly tag: number;
  readonly options: readonly UnionOption[];
}

export interface StructureSchema<T = unknown> extends Typed<T> {
  readonly kind: 'structure';
  readonly name: string;
  readonly tag: number;
  /** In the order of the wire. */
  readonly fields: Readonly<Record<string, Field>>;
  /**
   * What becomes of an item that no field claims: `refuse` is the rule (1.4 §11.1), `ignore` is for
   * structures that the specification leaves open to additions.
   */
  readonly unknownItems: 'refuse' | 'ignore';
  /** Keys of fields of which exactly one is there. */
  readonly oneOf?: readonly string[];
}

export interface StructureOptions<Key extends string = string> {
  /** As {@link StructureSchema.unknownItems}; `refuse` unless told. */
  readonly unknownItems?: 'refuse' | 'ignore';
  /** As {@link StructureSchema.oneOf}; the fields are declared optional. */
  readonly oneOf?: readonly Key[];
}

/** A schema that is the same in every version that has it. */
export type ConcreteSchema =
  | LeafSchema
  | EnumerationSchema
  | MaskSchema
  | OpaqueSchema
  | CustomSchema
  | UnionSchema
  | StructureSchema;

export type Schema = ConcreteSchema | VersionedSchema;

/** The versions in which something exists; both ends included, open where absent. */
export interface Gate {
  readonly since?: Version;
  readonly until?: Version;
}

/** What an optional field may be told. */
export interface OptionalGate extends Gate {
  /** The last version in which it is required; optional later. */
  readonly requiredUntil?: Version;
}

/** `repeated` is any number, also none; `one-or-more` is "Yes, MAY be repeated" of the specification. */
export type Cardinality = 'required' | 'optional' | 'repeated' | 'one-or-more';

export interface ItemField<S extends Schema = Schema, C extends Cardinality = Cardinality>
  extends OptionalGate {
  readonly kind: 'item';
  readonly cardinality: C;
  readonly schema: S;
}

/** What a group takes from the wire in a version: for documentation and the check of the tables. */
export interface GroupItem extends Gate {
  readonly tag: number;
  readonly types: readonly ItemType[];
  readonly cardinality: Cardinality;
}

/**
 * A field whose form on the wire differs so much between versions that several items make one value,
 * e.g. attributes: a Template-Attribute in 1.x, Attributes in 2.x.
 */
export interface GroupField<T = unknown> extends Typed<T> {
  readonly kind: 'group';
  readonly items: readonly GroupItem[];
  /**
   * Gets the items with its tags, in order, possibly none; undefined leaves the field out of the value.
   * Throws `Violation`.
   */
  decode(items: readonly TtlvItem[], version: Version): T;
  /** May be given anything; throws `Violation` `internal` for what it cannot encode. */
  encode(value: unknown, version: Version): readonly TtlvItem[];
}

export type Field = ItemField | GroupField;

type ValueOf<F> =
  F extends ItemField<infer S, infer C>
    ? C extends 'repeated' | 'one-or-more'
      ? readonly Infer<S>[]
      : Infer<S>
    : F extends Typed<infer T>
      ? T
      : never;

/** A field is always there when it is an array, required in every version, or a group that is never absent. */
type IsAlwaysThere<F> = F extends { readonly kind: 'group' }
  ? undefined extends ValueOf<F>
    ? false
    : true
  : F extends ItemField<Schema, infer C>
    ? C extends 'optional'
      ? false
      : C extends 'repeated' | 'one-or-more'
        ? true
        : F extends { readonly since: Version } | { readonly until: Version }
          ? false
          : true
    : false;

export type StructureValue<F> = {
  readonly [K in keyof F as IsAlwaysThere<F[K]> extends true ? K : never]: ValueOf<F[K]>;
} & {
  readonly [K in keyof F as IsAlwaysThere<F[K]> extends true ? never : K]?:
    | ValueOf<F[K]>
    | undefined;
};

export type Flat<T> = { [K in keyof T]: T[K] } & {};
