import { z } from 'zod';

/**
 * An object without unknown fields whose names are matched whatever their case: the Go clients depend on
 * it, since Go decodes so. Of two names that differ in case only, the later one stands.
 */
export function fields<Shape extends z.core.$ZodLooseShape>(shape: Shape) {
  const names = new Map(Object.keys(shape).map((name) => [name.toLowerCase(), name]));
  return z.preprocess((value) => withExactNames(value, names), z.strictObject(shape));
}

function withExactNames(value: unknown, names: ReadonlyMap<string, string>): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, field]) => [names.get(name.toLowerCase()) ?? name, field]),
  );
}
