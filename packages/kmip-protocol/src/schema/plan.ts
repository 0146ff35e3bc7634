/** What a structure looks like in one version, worked out once and kept. */

import { isAtLeast, isWithin, type Version } from '../tables/version.ts';
import type {
  Cardinality,
  ConcreteSchema,
  Field,
  GroupField,
  ItemField,
  Schema,
  StructureSchema,
} from './schema.ts';

export interface ItemStep {
  readonly key: string;
  readonly field: ItemField;
  /** In this version. */
  readonly cardinality: Cardinality;
  readonly schema: ConcreteSchema;
}

export interface GroupStep {
  readonly key: string;
  readonly field: GroupField;
}

export type Step = ItemStep | GroupStep;

export interface Plan {
  /** In the order of the wire. */
  readonly steps: readonly Step[];
  readonly byTag: ReadonlyMap<number, Step>;
  /** Fields whose value is an array in every version, also in one that does not have the field. */
  readonly arrayKeys: readonly string[];
  /** Fields of which exactly one must be there; empty where there is no such rule. */
  readonly oneOf: readonly ItemStep[];
}

const plans = new WeakMap<StructureSchema, Map<Version, Plan>>();

/** Whether a field's value is an array. */
export function isArray(field: ItemField): boolean {
  return field.cardinality === 'repeated' || field.cardinality === 'one-or-more';
}

/** The cardinality of a field in a version that has it. */
export function cardinalityIn(field: ItemField, version: Version): Cardinality {
  const { cardinality, requiredUntil } = field;
  return requiredUntil !== undefined && isAtLeast(requiredUntil, version)
    ? 'required'
    : cardinality;
}

export function isGroupStep(step: Step): step is GroupStep {
  return step.field.kind === 'group';
}

/** The schema that applies in a version; a versioned schema is resolved, all others are themselves. */
export function resolve(schema: Schema, version: Version): ConcreteSchema | undefined {
  if (schema.kind !== 'versioned') return schema;
  return schema.cases.findLast(({ since }) => isAtLeast(version, since))?.schema;
}

function makePlan(structure: StructureSchema, version: Version): Plan {
  const steps: Step[] = [];
  const byTag = new Map<number, Step>();
  const arrayKeys: string[] = [];
  for (const [key, field] of Object.entries<Field>(structure.fields)) {
    if (field.kind === 'group') {
      const step: GroupStep = { key, field };
      steps.push(step);
      for (const item of field.items) if (isWithin(version, item)) byTag.set(item.tag, step);
      continue;
    }
    if (isArray(field)) arrayKeys.push(key);
    if (!isWithin(version, field)) continue;
    const schema = resolve(field.schema, version);
    if (schema === undefined) continue;
    const step: ItemStep = { key, field, cardinality: cardinalityIn(field, version), schema };
    steps.push(step);
    byTag.set(schema.tag, step);
  }
  const oneOf = steps.filter(
    (step): step is ItemStep => !isGroupStep(step) && structure.oneOf?.includes(step.key) === true,
  );
  return { steps, byTag, arrayKeys, oneOf };
}

/** The plan of a structure in a version. */
export function planOf(structure: StructureSchema, version: Version): Plan {
  let byVersion = plans.get(structure);
  if (byVersion === undefined) {
    byVersion = new Map();
    plans.set(structure, byVersion);
  }
  let plan = byVersion.get(version);
  if (plan === undefined) {
    plan = makePlan(structure, version);
    byVersion.set(version, plan);
  }
  return plan;
}

/** How many of the steps have a value. */
export function countPresent(
  steps: readonly ItemStep[],
  value: Readonly<Record<string, unknown>>,
): number {
  let count = 0;
  for (const { key } of steps) if (value[key] !== undefined) count += 1;
  return count;
}
