/** Holds a value against a schema: as much of JSON Schema as `event-schema.ts` uses, for tests. */
import { isPlainObject } from '../event-data.ts';
import type { JsonSchema } from './event-schema.ts';

const TYPES = {
  object: isPlainObject,
  string: (value: unknown) => typeof value === 'string',
  boolean: (value: unknown) => typeof value === 'boolean',
  integer: Number.isInteger,
  array: Array.isArray,
} as const satisfies Record<string, (value: unknown) => boolean>;

/** @returns Where the value breaks the schema and how, or undefined when it does not. */
export function schemaViolation(
  schema: JsonSchema,
  value: unknown,
  path = 'event',
): string | undefined {
  if (schema.type !== undefined && !TYPES[schema.type](value)) return `${path}: no ${schema.type}`;
  if (schema.const !== undefined && value !== schema.const) return `${path}: not ${schema.const}`;
  if (schema.enum !== undefined && !schema.enum.some((allowed) => allowed === value)) {
    return `${path}: not one of ${schema.enum.join(', ')}`;
  }
  return (
    textViolation(schema, value, path) ??
    combinationViolation(schema, value, path) ??
    objectViolation(schema, value, path) ??
    listViolation(schema, value, path)
  );
}

function textViolation(schema: JsonSchema, value: unknown, path: string): string | undefined {
  if (typeof value === 'number' && schema.minimum !== undefined && value < schema.minimum) {
    return `${path}: below ${schema.minimum}`;
  }
  if (typeof value !== 'string') return undefined;
  if (value.length < (schema.minLength ?? 0)) return `${path}: too short`;
  if (schema.pattern !== undefined && !new RegExp(schema.pattern, 'u').test(value)) {
    return `${path}: does not match ${schema.pattern}`;
  }
  return undefined;
}

function combinationViolation(schema: JsonSchema, value: unknown, path: string) {
  const fits = (part: JsonSchema) => schemaViolation(part, value, path) === undefined;
  if (schema.not !== undefined && fits(schema.not)) return `${path}: what it must not be`;
  if (schema.anyOf !== undefined && !schema.anyOf.some(fits)) return `${path}: none of its forms`;
  for (const part of schema.allOf ?? []) {
    const violation = schemaViolation(part, value, path);
    if (violation !== undefined) return violation;
  }
  if (schema.if === undefined) return undefined;
  const branch = fits(schema.if) ? schema.then : schema.else;
  return branch === undefined ? undefined : schemaViolation(branch, value, path);
}

function objectViolation(schema: JsonSchema, value: unknown, path: string): string | undefined {
  if (!isPlainObject(value)) return undefined;
  const { properties = {}, required = [] } = schema;
  const missing = required.find((name) => !Object.hasOwn(value, name));
  if (missing !== undefined) return `${path}: has no ${missing}`;
  for (const [name, item] of Object.entries(value)) {
    const property = Object.hasOwn(properties, name) ? properties[name] : undefined;
    if (property === undefined) {
      if (schema.additionalProperties === false) return `${path}: has ${name}`;
      continue;
    }
    const violation = schemaViolation(property, item, `${path}.${name}`);
    if (violation !== undefined) return violation;
  }
  return undefined;
}

function listViolation(schema: JsonSchema, value: unknown, path: string): string | undefined {
  if (!Array.isArray(value) || schema.items === undefined) return undefined;
  for (const [index, item] of value.entries()) {
    const violation = schemaViolation(schema.items, item, `${path}[${index}]`);
    if (violation !== undefined) return violation;
  }
  return undefined;
}
