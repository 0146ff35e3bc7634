/**
 * Random values of any schema in any version, derived from the declaration itself: what a walker must
 * encode, decode and find unchanged. Groups and custom kinds keep their form in code, so whoever declares
 * them brings theirs (`../attributes/attribute-arbitrary.fixtures.ts`).
 */

import type { TtlvItem } from '@claviger/ttlv-codec';
import { ttlvItemArbitrary } from '@claviger/ttlv-codec/testing';
import fc from 'fast-check';
import { ENUMERATION_VALUE_VERSIONS, ENUMERATIONS } from '../tables/enumerations.ts';
import { MASK_BIT_VERSIONS, MASKS, type MaskName } from '../tables/masks.ts';
import { isWithin, type Version, type VersionRange } from '../tables/version.ts';
import { cardinalityIn, resolve } from './plan.ts';
import type {
  CustomSchema,
  GroupField,
  Infer,
  ItemField,
  LeafType,
  OpaqueSchema,
  Schema,
  StructureSchema,
} from './schema.ts';

/** Text that every encoding can express, XML included. */
const TEXT = fc.string({ unit: 'grapheme', maxLength: 20 });
const INT32 = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 });
const INT64 = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });
const UINT32 = fc.integer({ min: 0, max: 2 ** 32 - 1 });

const LEAVES = {
  Integer: INT32,
  LongInteger: INT64,
  BigInteger: fc.bigInt({ min: -(2n ** 200n), max: 2n ** 200n }),
  Boolean: fc.boolean(),
  TextString: TEXT,
  ByteString: fc.uint8Array({ maxLength: 40 }).map((bytes) => Uint8Array.from(bytes)),
  DateTime: fc.maxSafeInteger(),
  Interval: UINT32,
  DateTimeExtended: INT64,
} satisfies Record<LeafType, fc.Arbitrary<unknown>>;

export interface GroupArbitrary {
  readonly values: fc.Arbitrary<unknown>;
  /** Whether a value may do without the key. */
  readonly isOptional?: boolean;
}

/** The values of the kinds that keep their form in code. */
export interface SpecialArbitraries {
  custom(schema: CustomSchema, version: Version): fc.Arbitrary<unknown>;
  /** Undefined when a value has no such key in that version. */
  group(field: GroupField, version: Version): GroupArbitrary | undefined;
}

/** Values that `encodeItem` takes and `decodeItem` gives back in a version that has the schema and knows them. */
export function arbitraryOf<S extends Schema>(
  schema: S,
  version: Version,
  special: SpecialArbitraries,
): fc.Arbitrary<Infer<S>> {
  // Each case below makes what `Infer` derives from the same declaration; the property tests prove it.
  return untyped(schema, version, special) as fc.Arbitrary<Infer<S>>;
}

function untyped(
  schema: Schema,
  version: Version,
  special: SpecialArbitraries,
): fc.Arbitrary<unknown> {
  const applicable = resolve(schema, version);
  switch (applicable?.kind) {
    case undefined:
      throw new RangeError(`KMIP ${version} has nothing under the tag ${schema.tag}`);
    case 'leaf':
      return LEAVES[applicable.type];
    case 'enumeration': {
      const ranges: Readonly<Record<string, VersionRange>> =
        ENUMERATION_VALUE_VERSIONS[applicable.enumeration] ?? {};
      const names = Object.keys(ENUMERATIONS[applicable.enumeration].values).filter((name) =>
        isWithin(version, ranges[name]),
      );
      const extension = fc.constant('0x8ABCDEF0');
      return names.length === 0 ? extension : fc.oneof(fc.constantFrom(...names), extension);
    }
    case 'mask':
      return maskArbitrary(applicable.mask, version);
    case 'opaque':
      return opaqueArbitrary(applicable);
    case 'custom':
      return special.custom(applicable, version);
    case 'union':
      return fc.oneof(...applicable.options.map((option) => untyped(option, version, special)));
    case 'structure':
      return structureArbitrary(applicable, version, special);
  }
}

/** Any bits but those that have a name only in other versions. */
function maskArbitrary(mask: MaskName, version: Version): fc.Arbitrary<number> {
  const ranges: Readonly<Record<string, VersionRange>> = MASK_BIT_VERSIONS[mask] ?? {};
  const bits = Object.entries(MASKS[mask].bits);
  const named = bits.filter(([name]) => isWithin(version, ranges[name])).map(([, bit]) => bit);
  const others = sum(bits.map(([, bit]) => bit)) & ~sum(named);
  return fc.oneof(
    INT32.map((value) => value & ~others),
    fc.subarray(named).map(sum),
  );
}

function sum(bits: readonly number[]): number {
  return bits.reduce((all, bit) => all | bit, 0);
}

function opaqueArbitrary({ tag, types }: OpaqueSchema): fc.Arbitrary<TtlvItem> {
  const structure = fc
    .array(itemArbitrary(2), { maxLength: 3 })
    .map((value): TtlvItem => ({ tag, type: 'Structure', value }));
  return types === undefined
    ? fc.oneof(
        structure,
        itemArbitrary(0).map((item) => ({ ...item, tag })),
      )
    : structure;
}

/** Any item with text that every encoding can express. */
export function itemArbitrary(maxDepth: number): fc.Arbitrary<TtlvItem> {
  return ttlvItemArbitrary({ maxDepth, text: TEXT }).map(withPrototype);
}

/** The item with the prototype that a decoder's items have; fast-check makes some without one. */
function withPrototype(item: TtlvItem): TtlvItem {
  return item.type === 'Structure'
    ? { ...item, value: item.value.map(withPrototype) }
    : { ...item };
}

function structureArbitrary(
  structure: StructureSchema,
  version: Version,
  special: SpecialArbitraries,
): fc.Arbitrary<unknown> {
  const optional: string[] = [];
  const model: Record<string, fc.Arbitrary<unknown>> = {};
  for (const [key, field] of Object.entries(structure.fields)) {
    if (field.kind === 'group') {
      const group = special.group(field, version);
      if (group === undefined) continue;
      model[key] = group.values;
      if (group.isOptional === true) optional.push(key);
      continue;
    }
    const arbitrary = itemFieldArbitrary(field, version, special);
    if (arbitrary === undefined) continue;
    model[key] = arbitrary;
    if (cardinalityIn(field, version) === 'optional') optional.push(key);
  }
  const { oneOf } = structure;
  if (oneOf === undefined) return recordArbitrary(model, optional);
  const alternatives = oneOf.filter((key) => key in model);
  return fc.constantFrom(...alternatives).chain((chosen) => {
    const rest = Object.entries(model).filter(([key]) => key === chosen || !oneOf.includes(key));
    return recordArbitrary(
      Object.fromEntries(rest),
      optional.filter((key) => !oneOf.includes(key)),
    );
  });
}

/** Undefined when the value has no such key in that version. */
function itemFieldArbitrary(
  field: ItemField,
  version: Version,
  special: SpecialArbitraries,
): fc.Arbitrary<unknown> | undefined {
  const isThere = isWithin(version, field) && resolve(field.schema, version) !== undefined;
  const isArray = field.cardinality === 'repeated' || field.cardinality === 'one-or-more';
  if (!isArray) return isThere ? untyped(field.schema, version, special) : undefined;
  if (!isThere) return fc.constant([]);
  const minLength = field.cardinality === 'repeated' ? 0 : 1;
  return fc.array(untyped(field.schema, version, special), { minLength, maxLength: 3 });
}

function recordArbitrary(
  model: Readonly<Record<string, fc.Arbitrary<unknown>>>,
  optional: readonly string[],
): fc.Arbitrary<unknown> {
  const requiredKeys = Object.keys(model).filter((key) => !optional.includes(key));
  return fc.record(model, { requiredKeys, noNullPrototype: true });
}
