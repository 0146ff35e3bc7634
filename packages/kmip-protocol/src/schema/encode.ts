/** The walker from typed values to TTLV items. */

import type { TtlvItem } from '@claviger/ttlv-codec';
import type { Version } from '../tables/version.ts';
import { enumerationNumberOf } from './enumeration-values.ts';
import { type ItemStep, isGroupStep, planOf, resolve } from './plan.ts';
import type { Infer, LeafSchema, Schema, StructureSchema, UnionSchema } from './schema.ts';
import { tagLabel } from './tag-label.ts';
import { reportViolations, Violation, within } from './violation.ts';

/**
 * Encodes a value by its schema. A field that the version does not have is left out: nobody is sent
 * what his version does not know.
 *
 * @throws ClavigerError `internal` when the value is not of the schema's type: a fault of the caller.
 */
export function encodeItem<S extends Schema>(
  schema: S,
  value: Infer<S>,
  version: Version,
): TtlvItem {
  return reportViolations(() => build(schema, value, version));
}

/** As {@link encodeItem}, for schemas that encode others inside of themselves: throws `Violation`. */
export function build(schema: Schema, value: unknown, version: Version): TtlvItem {
  const applicable = resolve(schema, version);
  if (applicable === undefined) throw misfit(schema, `a version that has it, not ${version}`);
  return buildResolved(applicable, value, version);
}

function buildResolved(schema: ItemStep['schema'], value: unknown, version: Version): TtlvItem {
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
      return value as TtlvItem; // an opaque field's value is an item by its type
    case 'custom':
      return schema.encode(value, version);
    case 'union':
      return build(optionFor(schema, value), value, version);
    case 'structure':
      return { tag, type: 'Structure', value: buildFields(schema, value, version) };
  }
}

function buildFields(structure: StructureSchema, value: unknown, version: Version): TtlvItem[] {
  if (!isRecord(value)) throw misfit(structure, 'an object');
  const items: TtlvItem[] = [];
  for (const step of planOf(structure, version).steps) {
    const fieldValue = value[step.key];
    if (isGroupStep(step)) {
      if (fieldValue !== undefined) items.push(...step.field.encode(fieldValue, version));
    } else if (fieldValue === undefined) {
      if (step.field.cardinality === 'required') {
        throw new Violation('internal', `${structure.name} lacks ${step.key}`);
      }
    } else if (step.field.cardinality === 'repeated') {
      if (!Array.isArray(fieldValue)) throw misfit(step.schema, 'an array');
      for (const element of fieldValue) items.push(buildField(step, element, version));
    } else items.push(buildField(step, fieldValue, version));
  }
  return items;
}

function buildField(step: ItemStep, value: unknown, version: Version): TtlvItem {
  return within(step.key, () => buildResolved(step.schema, value, version));
}

function buildLeaf(schema: LeafSchema, value: unknown): TtlvItem {
  const { tag, type } = schema;
  switch (type) {
    case 'Integer':
    case 'Interval':
      if (typeof value === 'number') return { tag, type, value };
      break;
    case 'DateTime':
      if (typeof value === 'number' && Number.isSafeInteger(value)) {
        return { tag, type, value: BigInt(value) };
      }
      break;
    case 'LongInteger':
    case 'BigInteger':
    case 'DateTimeExtended':
      if (typeof value === 'bigint') return { tag, type, value };
      break;
    case 'Boolean':
      if (typeof value === 'boolean') return { tag, type, value };
      break;
    case 'TextString':
      if (typeof value === 'string') return { tag, type, value };
      break;
    case 'ByteString':
      if (value instanceof Uint8Array) return { tag, type, value };
      break;
  }
  throw misfit(schema, `a value for ${type}`);
}

function optionFor(schema: UnionSchema, value: unknown): UnionSchema['options'][number] {
  const option = schema.options.find((candidate) => accepts(candidate, value));
  if (option === undefined) throw misfit(schema, 'one of its forms');
  return option;
}

function accepts(schema: UnionSchema['options'][number], value: unknown): boolean {
  if (schema.kind !== 'leaf') return isRecord(value) && !(value instanceof Uint8Array);
  switch (schema.type) {
    case 'ByteString':
      return value instanceof Uint8Array;
    case 'TextString':
      return typeof value === 'string';
    case 'Boolean':
      return typeof value === 'boolean';
    case 'Integer':
    case 'Interval':
    case 'DateTime':
      return typeof value === 'number';
    case 'LongInteger':
    case 'BigInteger':
    case 'DateTimeExtended':
      return typeof value === 'bigint';
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

function misfit(schema: Schema, expected: string): Violation {
  return new Violation('internal', `${tagLabel(schema.tag)} must be ${expected}`);
}
