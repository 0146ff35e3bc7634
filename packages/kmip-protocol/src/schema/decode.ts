/** The walker from TTLV items to typed values. It validates everything that a schema states. */

import type { TtlvItem } from '@claviger/ttlv-codec';
import { ENUMERATIONS } from '../tables/enumerations.ts';
import type { Version } from '../tables/version.ts';
import { enumerationNameOf } from './enumeration-values.ts';
import { itemTypesOf } from './item-types.ts';
import {
  countPresent,
  type ItemStep,
  isArray,
  isGroupStep,
  type Plan,
  planOf,
  resolve,
  type Step,
} from './plan.ts';
import type { ConcreteSchema, Infer, LeafType, Schema, StructureSchema } from './schema.ts';
import { tagLabel } from './tag-label.ts';
import { named, reportViolations, Violation, withinItem } from './violation.ts';

/**
 * Decodes an item by its schema.
 *
 * Byte strings of the result are views of the decoded message. Fields may come in any order, and
 * enumeration values of other versions are known (see DIVERGENCES in the README); every other rule of
 * KMIP 1.4 §11.1 holds.
 *
 * @throws ClavigerError `invalid-message` for a wrong tag or type, a missing or a repeated field;
 * `invalid-field` for an item that the version does not know and for a value out of range;
 * `invalid-attribute` for an attribute that the version does not know. The message starts with the path
 * from `item` to the fault, as in `RequestMessage/BatchItem[1]/Operation`, and holds no value.
 */
export function decodeItem<S extends Schema>(
  schema: S,
  item: TtlvItem,
  version: Version,
): Infer<S> {
  return reportViolations(() => {
    const applicable = schemaFor(schema, item, version);
    // The walk builds exactly what `Infer` derives from the same declaration.
    return withinItem(item, [], () => walkResolved(applicable, item, version)) as Infer<S>;
  });
}

/**
 * As {@link decodeItem}, for schemas that decode others inside of themselves: throws `Violation` and
 * leaves the item's own step of the path to the caller, who knows its siblings.
 */
export function walk(schema: Schema, item: TtlvItem, version: Version): unknown {
  return walkResolved(schemaFor(schema, item, version), item, version);
}

function schemaFor(schema: Schema, item: TtlvItem, version: Version): ConcreteSchema {
  const applicable = resolve(schema, version);
  if (applicable === undefined || item.tag !== applicable.tag) {
    throw new Violation(
      'invalid-message',
      `expected ${tagLabel(schema.tag)}, found ${tagLabel(item.tag)}`,
    );
  }
  return applicable;
}

function walkResolved(schema: ConcreteSchema, item: TtlvItem, version: Version): unknown {
  switch (schema.kind) {
    case 'leaf':
      return decodeLeaf(schema.type, item);
    case 'enumeration':
      if (item.type !== 'Enumeration') throw wrongType('Enumeration', item);
      return enumerationNameOf(ENUMERATIONS[schema.enumeration].values, item.value);
    case 'mask':
      if (item.type !== 'Integer') throw wrongType('Integer', item);
      return item.value;
    case 'opaque':
      if (schema.types?.includes(item.type) === false) {
        throw wrongType(schema.types.join(' or '), item);
      }
      return item;
    case 'custom':
      if (!schema.types.includes(item.type)) throw wrongType(schema.types.join(' or '), item);
      return schema.decode(item, version);
    case 'union': {
      const option = schema.options.find((candidate) => itemTypesOf(candidate).includes(item.type));
      if (option === undefined) {
        throw wrongType(schema.options.flatMap(itemTypesOf).join(' or '), item);
      }
      return walk(option, item, version);
    }
    case 'structure':
      return decodeStructure(schema, item, version);
  }
}

function decodeLeaf(type: LeafType, item: TtlvItem): unknown {
  if (item.type !== type) throw wrongType(type, item);
  return item.type === 'DateTime' ? toSeconds(item.value) : item.value;
}

/** POSIX seconds as a number. Throws `Violation` where a number could not hold them. */
export function toSeconds(seconds: bigint): number {
  const number = Number(seconds);
  if (!Number.isSafeInteger(number)) {
    throw new Violation('invalid-field', 'the date is out of the supported range');
  }
  return number;
}

function decodeStructure(structure: StructureSchema, item: TtlvItem, version: Version): unknown {
  if (item.type !== 'Structure') throw wrongType('Structure', item);
  const plan = planOf(structure, version);
  const value: Record<string, unknown> = {};
  let groups: Map<Step, TtlvItem[]> | undefined;

  for (const key of plan.arrayKeys) value[key] = [];
  for (const child of item.value) {
    const step = plan.byTag.get(child.tag);
    if (step === undefined) {
      if (structure.unknownItems === 'ignore') continue;
      throw new Violation(
        'invalid-field',
        `${tagLabel(child.tag)} is not a field of ${structure.name} in KMIP ${version}`,
      );
    }
    if (isGroupStep(step)) {
      groups ??= new Map();
      const found = groups.get(step);
      if (found === undefined) groups.set(step, [child]);
      else found.push(child);
      continue;
    }
    let decoded: unknown;
    try {
      decoded = walkResolved(step.schema, child, version);
    } catch (error) {
      throw named(error, child, item.value);
    }
    const present = value[step.key];
    if (isArray(step.field)) {
      (present as unknown[]).push(decoded); // set to an array above
    } else if (present === undefined) value[step.key] = decoded;
    else throw new Violation('invalid-message', `${tagLabel(child.tag)} stands there twice`);
  }
  for (const step of plan.steps) {
    if (isGroupStep(step)) {
      const decoded = step.field.decode(groups?.get(step) ?? [], version);
      if (decoded !== undefined) value[step.key] = decoded;
    } else if (isMissing(step, value[step.key])) {
      throw new Violation('invalid-message', `${tagLabel(step.schema.tag)} is missing`);
    }
  }
  checkOneOf(plan, value);
  return value;
}

function isMissing({ cardinality }: ItemStep, value: unknown): boolean {
  if (cardinality === 'required') return value === undefined;
  return cardinality === 'one-or-more' && Array.isArray(value) && value.length === 0;
}

function checkOneOf({ oneOf }: Plan, value: Readonly<Record<string, unknown>>): void {
  if (oneOf.length === 0 || countPresent(oneOf, value) === 1) return;
  const labels = (steps: readonly ItemStep[]) => steps.map((step) => tagLabel(step.schema.tag));
  const present = oneOf.filter((step) => value[step.key] !== undefined);
  if (present.length === 0) {
    throw new Violation('invalid-message', `one of ${labels(oneOf).join(', ')} is missing`);
  }
  const both = labels(present.slice(0, 2)).join(' and ');
  throw new Violation('invalid-message', `${both} must not stand there together`);
}

function wrongType(expected: string, item: TtlvItem): Violation {
  return new Violation('invalid-message', `expected type ${expected}, found ${item.type}`);
}
