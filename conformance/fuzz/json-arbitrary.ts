/** Values that a JSON Schema permits, as the OpenAPI document of the gateway has such schemas. */

import fc from 'fast-check';
import { z } from 'zod';

const Schema = z.object({
  $ref: z.string().optional(),
  type: z.string().optional(),
  const: z.unknown().optional(),
  enum: z.array(z.unknown()).optional(),
  get anyOf() {
    return z.array(Schema).optional();
  },
  get properties() {
    return z.record(z.string(), Schema).optional();
  },
  required: z.array(z.string()).default([]),
  get items() {
    return Schema.optional();
  },
  minItems: z.number().optional(),
  maxItems: z.number().optional(),
  minLength: z.number().optional(),
  maxLength: z.number().optional(),
  minimum: z.number().optional(),
  maximum: z.number().optional(),
  pattern: z.string().optional(),
});
type Schema = z.infer<typeof Schema>;

/** Finds the schema of a `$ref`. @throws Error when there is none. */
export type Resolve = (reference: string) => unknown;

/** What longer texts would try is the limit of the size, which one text does as well as many. */
const LONGEST_TEXT = 300;
const MOST_ITEMS = 3;

/** @throws Error for what is no schema. */
export function jsonArbitrary(schema: unknown, resolve: Resolve): fc.Arbitrary<unknown> {
  const parsed = Schema.parse(schema);
  if (parsed.$ref !== undefined) return jsonArbitrary(resolve(parsed.$ref), resolve);
  if (parsed.const !== undefined) return fc.constant(parsed.const);
  if (parsed.enum !== undefined) return fc.constantFrom(...parsed.enum);
  if (parsed.anyOf !== undefined) {
    return fc.oneof(...parsed.anyOf.map((one) => jsonArbitrary(one, resolve)));
  }
  switch (parsed.type) {
    case 'object':
      return objectArbitrary(parsed, resolve);
    case 'array': {
      const { items = {}, minItems: minLength = 0, maxItems = MOST_ITEMS } = parsed;
      const maxLength = Math.max(minLength, Math.min(maxItems, MOST_ITEMS));
      return fc.array(jsonArbitrary(items, resolve), { minLength, maxLength });
    }
    case 'string':
      return textArbitrary(parsed);
    case 'integer':
    case 'number':
      return fc.integer(
        boundsOf(parsed.minimum ?? -(2 ** 31), parsed.maximum ?? Number.MAX_SAFE_INTEGER),
      );
    case 'boolean':
      return fc.boolean();
    case 'null':
      return fc.constant(null);
    default:
      return fc.jsonValue({ maxDepth: 2 });
  }
}

function objectArbitrary(schema: Schema, resolve: Resolve): fc.Arbitrary<object> {
  const properties = Object.entries(schema.properties ?? {});
  const values = properties.map(([name, value]) => [name, jsonArbitrary(value, resolve)] as const);
  const { required } = schema;
  return fc.record(Object.fromEntries(values), {
    requiredKeys: required.filter((name) => values.some(([known]) => known === name)),
    noNullPrototype: true,
  });
}

function textArbitrary({ pattern, minLength = 0, maxLength = LONGEST_TEXT }: Schema) {
  if (pattern !== undefined) return fc.stringMatching(new RegExp(pattern));
  return fc.string({
    minLength,
    maxLength: Math.max(minLength, Math.min(maxLength, LONGEST_TEXT)),
  });
}

function boundsOf(
  minimum: number,
  maximum: number,
): { readonly min: number; readonly max: number } {
  return { min: Math.ceil(minimum), max: Math.floor(maximum) };
}
