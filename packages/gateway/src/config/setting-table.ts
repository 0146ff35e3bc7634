/** The settings one by one, read from the schema: for environment variables and for the README. */
import { z } from 'zod';
import { settingsSchema } from './settings-schema.ts';

export type SettingKind = 'text' | 'number' | 'boolean' | 'list' | 'numbers';

export interface Setting {
  /** As in `kmip.listeners[].port`. */
  readonly path: string;
  readonly kind: SettingKind;
  /** Possible values, where they are a few words. */
  readonly values: readonly string[] | undefined;
  /** Undefined where the default is not a fixed value; a list as its parts with commas between. */
  readonly defaultValue: string | number | boolean | undefined;
  readonly description: string;
  /** As in `CLAVIGER_KMIP__LISTENERS__0__PORT`, with `N` for the place in a list. */
  readonly variable: string;
}

export const VARIABLE_PREFIX = 'CLAVIGER_';

/** All settings in the order of the schema. */
export function listSettings(): readonly Setting[] {
  return settingsOf(settingsSchema, '');
}

function settingsOf(schema: z.core.$ZodType, path: string): readonly Setting[] {
  const inner = unwrap(schema);
  if (inner instanceof z.ZodObject) {
    return Object.entries<z.core.$ZodType>(inner.shape).flatMap(([name, child]) =>
      settingsOf(child, path === '' ? name : `${path}.${name}`),
    );
  }
  if (inner instanceof z.ZodArray && unwrap(inner.element) instanceof z.ZodObject) {
    return settingsOf(inner.element, `${path}[]`);
  }
  return [
    {
      path,
      kind: kindOf(inner),
      values: inner instanceof z.ZodEnum ? inner.options.map(String) : undefined,
      defaultValue: defaultOf(schema),
      description: descriptionOf(schema),
      variable: variableOf(path),
    },
  ];
}

function kindOf(schema: z.core.$ZodType): SettingKind {
  if (schema instanceof z.ZodNumber) return 'number';
  if (schema instanceof z.ZodBoolean) return 'boolean';
  if (!(schema instanceof z.ZodArray)) return 'text';
  return schema.element instanceof z.ZodNumber ? 'numbers' : 'list';
}

/** What is left of a schema without its defaults. */
export function unwrap(schema: z.core.$ZodType): z.core.$ZodType {
  if (
    schema instanceof z.ZodDefault ||
    schema instanceof z.ZodPrefault ||
    schema instanceof z.ZodOptional
  ) {
    return unwrap(schema.unwrap());
  }
  return schema;
}

function defaultOf(schema: z.core.$ZodType): Setting['defaultValue'] {
  const value: unknown = schema instanceof z.ZodDefault ? schema.def.defaultValue : undefined;
  if (Array.isArray(value)) return value.join(', ');
  const isPlain =
    typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
  return isPlain ? value : undefined;
}

function descriptionOf(schema: z.core.$ZodType): string {
  return z.globalRegistry.get(schema)?.description ?? '';
}

function variableOf(path: string): string {
  return VARIABLE_PREFIX + path.replaceAll('[]', '.N').replaceAll('.', '__').toUpperCase();
}
