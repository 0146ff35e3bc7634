/** The walker from TTLV items to typed values. It validates everything that a schema states. */

import type { TtlvItem } from '@claviger/ttlv-codec';
import { ENUMERATIONS } from '../tables/enumerations.ts';
import type { Version } from '../tables/version.ts';
import { enumerationNameOf } from './enumeration-values.ts';
import { type ItemStep, isGroupStep, planOf, resolve, type Step } from './plan.ts';
import type { Infer, LeafType, Schema, StructureSchema } from './schema.ts';
import { tagLabel } from './tag-label.ts';
import { reportViolations, Violation, within } from './violation.ts';

/**
 * Decodes an item by its schema.
 *
 * Byte strings of the result are views of the decoded message. Fields may come in any order (see
 * DIVERGENCES in the README); every other rule of KMIP 1.4 §11.1 and 2.1 §10.1 holds.
 *
 * @throws ClavigerError `invalid-message` for a wrong tag or type, a missing or a repeated field;
 * `invalid-field` for an item that the version does not know.
 */
export function decodeItem<S extends Schema>(
  schema: S,
  item: TtlvItem,
  version: Version,
): Infer<S> {
  // The walk builds exactly what `Infer` derives from the same declaration.
  return reportViolations(() => walk(schema, item, version)) as Infer<S>;
}

/** As {@link decodeItem}, for schemas that decode others inside of themselves: throws `Violation`. */
export function walk(schema: Schema, item: TtlvItem, version: Version): unknown {
  const applicable = resolve(schema, version);
  if (applicable === undefined || item.tag !== applicable.tag) {
    throw new Violation(
      'invalid-message',
      `expected ${tagLabel(schema.tag)}, found ${tagLabel(item.tag)}`,
    );
  }
  return walkResolved(applicable, item, version);
}

function walkResolved(schema: ItemStep['schema'], item: TtlvItem, version: Version): unknown {
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
      return item;
    case 'custom':
      if (!schema.types.includes(item.type)) throw wrongType(schema.types.join(' or '), item);
      return schema.decode(item, version);
    case 'union': {
      const option = schema.options.find((candidate) => itemTypeOf(candidate) === item.type);
      if (option === undefined) {
        throw wrongType(schema.options.map(itemTypeOf).join(' or '), item);
      }
      return walk(option, item, version);
    }
    case 'structure':
      return decodeStructure(schema, item, version);
  }
}

/** The item type that a schema stands for on the wire; opaque options of a union are structures. */
export function itemTypeOf(schema: Schema): string {
  return schema.kind === 'leaf' ? schema.type : 'Structure';
}

function decodeLeaf(type: LeafType, item: TtlvItem): unknown {
  if (item.type !== type) throw wrongType(type, item);
  if (item.type !== 'DateTime') return item.value;
  const seconds = Number(item.value);
  if (!Number.isSafeInteger(seconds)) {
    throw new Violation('invalid-field', 'the date is out of the supported range');
  }
  return seconds;
}

function decodeStructure(structure: StructureSchema, item: TtlvItem, version: Version): unknown {
  if (item.type !== 'Structure') throw wrongType('Structure', item);
  const plan = planOf(structure, version);
  const value: Record<string, unknown> = {};
  let groups: Map<Step, TtlvItem[]> | undefined;

  for (const step of plan.steps) {
    if (isGroupStep(step)) {
      groups ??= new Map();
      groups.set(step, []);
    } else if (step.field.cardinality === 'repeated') value[step.key] = [];
  }
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
      groups?.get(step)?.push(child);
      continue;
    }
    const decoded = decodeField(step, child, version);
    const present = value[step.key];
    if (step.field.cardinality === 'repeated') {
      (present as unknown[]).push(decoded); // set to an array above
    } else if (present === undefined) value[step.key] = decoded;
    else throw new Violation('invalid-message', `${tagLabel(child.tag)} stands there twice`);
  }
  for (const step of plan.steps) {
    if (isGroupStep(step)) {
      value[step.key] = step.field.decode(groups?.get(step) ?? [], version);
    } else if (step.field.cardinality === 'required' && value[step.key] === undefined) {
      throw new Violation('invalid-message', `${tagLabel(step.schema.tag)} is missing`);
    }
  }
  return value;
}

function decodeField(step: ItemStep, item: TtlvItem, version: Version): unknown {
  try {
    return walkResolved(step.schema, item, version);
  } catch (error) {
    if (error instanceof Violation) error.path.unshift(tagLabel(item.tag));
    throw error;
  }
}

function wrongType(expected: string, item: TtlvItem): Violation {
  return new Violation('invalid-message', `expected type ${expected}, found ${item.type}`);
}

/** Decodes a structure's items that a group field took, naming the tag in what goes wrong. */
export function walkNamed(schema: Schema, item: TtlvItem, version: Version): unknown {
  return within(tagLabel(item.tag), () => walk(schema, item, version));
}
