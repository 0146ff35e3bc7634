/** The walker from typed values to TTLV items. */

import type { TtlvItem } from '@claviger/ttlv-codec';
import type { Version } from '../tables/version.ts';
import { enumerationNumberOf } from './enumeration-values.ts';
import { itemTypesOf } from './item-types.ts';
import {
  countPresent,
  type GroupStep,
  type ItemStep,
  isArray,
  isGroupStep,
  planOf,
  resolve,
} from './plan.ts';
import type {
  ConcreteSchema,
  Infer,
  LeafSchema,
  LeafType,
  OpaqueSchema,
  Schema,
  StructureSchema,
  UnionOption,
  UnionSchema,
} from './schema.ts';
import { tagLabel } from './tag-label.ts';
import { reportViolations, under, Violation, within } from './violation.ts';

/**
 * Encodes a value by its schema. A field that the version does not have is left out: nobody is sent
 * what his version does not know. Byte strings of the item are those of the value, not copies.
 *
 * That a number fits its item type is checked where the item becomes bytes, by `encodeTtlv`.
 *
 * @throws ClavigerError `internal` when the value is not of the schema's type: a fault of the caller.
 * The message names the place by keys, as in `RequestMessage/batchItem[1]/operation`, and no value.
 */
export function encodeItem<S extends Schema>(
  schema: S,
  value: Infer<S>,
  version: Version,
): TtlvItem {
  return reportViolations(() => within(tagLabel(schema.tag), () => build(schema, value, version)));
}

/** As {@link encodeItem}, for schemas that encode others inside of themselves: throws `Violation`. */
export function build(schema: Schema, value: unknown, version: Version): TtlvItem {
  const applicable = resolve(schema, version);
  if (applicable === undefined) throw misfit(schema, `left out in KMIP ${version}`);
  return buildResolved(applicable, value, version);
}

function buildResolved(schema: ConcreteSchema, value: unknown, version: Version): TtlvItem {
  const { tag } = schema;
  switch (schema.kind) {
    case 'leaf':
      return buildLeaf(schema, value);
    case 'enumeration': {
      const number =
        typeof value === 'string' ? enumerationNumberOf(schema.enumeration, value) : undefined;
      if (number === undefined) throw misfit(schema, `a value of ${schema.enumeration}`);
      return { tag, type: 'Enumeration', value: number };
    }
    case 'mask':
      if (typeof value !== 'number') throw misfit(schema, 'a number');
      return { tag, type: 'Integer', value };
    case 'opaque':
      return buildOpaque(schema, value);
    case 'custom':
      return schema.encode(value, version);
    case 'union':
      return build(optionFor(schema, value), value, version);
    case 'structure':
      return { tag, type: 'Structure', value: buildFields(schema, value, version) };
  }
}

function buildOpaque(schema: OpaqueSchema, value: unknown): TtlvItem {
  const types = itemTypesOf(schema);
  // What has the tag and one of the types is taken for the item that the field's type says it is.
  const item = value as TtlvItem;
  if (!isRecord(value) || item.tag !== schema.tag || !types.includes(item.type)) {
    throw misfit(schema, 'an item under that tag');
  }
  return item;
}

function buildFields(structure: StructureSchema, value: unknown, version: Version): TtlvItem[] {
  if (!isRecord(value)) throw misfit(structure, 'an object');
  const items: TtlvItem[] = [];
  const plan = planOf(structure, version);
  for (const step of plan.steps) {
    const fieldValue = value[step.key];
    if (isGroupStep(step)) {
      // Spread as arguments, many would end the stack.
      for (const item of buildGroup(step, fieldValue, version)) items.push(item);
    } else if (isArray(step.field)) {
      for (const item of buildArray(step, fieldValue, version)) items.push(item);
    } else if (fieldValue !== undefined) {
      items.push(buildNamed(step.key, step.schema, fieldValue, version));
    } else if (step.cardinality === 'required') throw lacks(step.key);
  }
  const { oneOf } = plan;
  if (oneOf.length > 0 && countPresent(oneOf, value) !== 1) {
    throw new Violation(
      'internal',
      `needs exactly one of ${oneOf.map(({ key }) => key).join(', ')}`,
    );
  }
  return items;
}

function buildArray(step: ItemStep, value: unknown, version: Version): TtlvItem[] {
  if (!Array.isArray(value)) {
    return within(step.key, () => {
      throw misfit(step.schema, 'an array');
    });
  }
  if (step.cardinality === 'one-or-more' && value.length === 0) throw lacks(step.key);
  return value.map((element, position) => {
    const name = position === 0 ? step.key : `${step.key}[${position}]`;
    return buildNamed(name, step.schema, element, version);
  });
}

function buildGroup(step: GroupStep, value: unknown, version: Version): readonly TtlvItem[] {
  try {
    return step.field.encode(value, version);
  } catch (error) {
    throw under(step.key, error);
  }
}

function buildNamed(
  name: string,
  schema: ConcreteSchema,
  value: unknown,
  version: Version,
): TtlvItem {
  try {
    return buildResolved(schema, value, version);
  } catch (error) {
    throw under(name, error);
  }
}

function lacks(key: string): Violation {
  return new Violation('internal', `${key} is missing`);
}

const isNumber = (value: unknown) => typeof value === 'number';
const isBigInt = (value: unknown) => typeof value === 'bigint';

/** Which values a primitive takes; ranges are the codec's affair. */
const FITS = {
  Integer: isNumber,
  LongInteger: isBigInt,
  BigInteger: isBigInt,
  Boolean: (value) => typeof value === 'boolean',
  TextString: (value) => typeof value === 'string',
  ByteString: (value) => value instanceof Uint8Array,
  DateTime: Number.isSafeInteger,
  Interval: isNumber,
  DateTimeExtended: isBigInt,
} satisfies Record<LeafType, (value: unknown) => boolean>;

function buildLeaf({ tag, type }: LeafSchema, value: unknown): TtlvItem {
  if (!FITS[type](value)) throw misfit({ tag }, `a value for ${type}`);
  // The check above pairs the type with its value; seconds become the item's 64 bits.
  return { tag, type, value: type === 'DateTime' ? BigInt(value as number) : value } as TtlvItem;
}

function optionFor(schema: UnionSchema, value: unknown): UnionOption {
  const option = schema.options.find((candidate) =>
    candidate.kind === 'leaf'
      ? FITS[candidate.type](value)
      : isRecord(value) && !(value instanceof Uint8Array),
  );
  if (option === undefined) throw misfit(schema, 'one of its forms');
  return option;
}

/** Whether a value is an object, whatever it holds. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

/** What a walker throws for a value that is not of its schema's type. */
export function misfit(schema: { readonly tag: number }, expected: string): Violation {
  return new Violation('internal', `${tagLabel(schema.tag)} must be ${expected}`);
}
