import { z } from 'zod';
import { nearestName } from './nearest-name.ts';
import { unwrap } from './setting-table.ts';
import { settingsSchema } from './settings-schema.ts';

/** A problem that the schema found as sentences that begin with the key: `api.port: must be ...`. */
export function describeIssue(
  issue: z.core.$ZodIssue,
  originOf: (path: z.core.$ZodIssue['path']) => string | undefined,
): readonly string[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => unknownKey([...issue.path, key], namesAt(issue.path)));
  }
  const origin = originOf(issue.path);
  const from = origin === undefined ? '' : ` (from ${origin})`;
  return [`${formatPath(issue.path)}${from}: ${issue.message}`];
}

function unknownKey(path: z.core.$ZodIssue['path'], names: readonly string[]): string {
  const nearest = nearestName(String(path.at(-1)), names);
  const hint =
    nearest === undefined ? `possible here: ${names.join(', ')}` : `did you mean ${nearest}?`;
  return `${formatPath(path)}: is no setting; ${hint}`;
}

/** `kmip.listeners[0].port`. */
export function formatPath(path: z.core.$ZodIssue['path']): string {
  const text = path
    .map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`))
    .join('');
  return text === '' ? 'the configuration' : text.replace(/^\./, '');
}

function namesAt(path: z.core.$ZodIssue['path']): readonly string[] {
  let schema: z.core.$ZodType | undefined = settingsSchema;
  for (const part of path) {
    const inner: z.core.$ZodType | undefined = schema === undefined ? undefined : unwrap(schema);
    if (inner instanceof z.ZodObject) {
      const shape: Readonly<Record<string, z.core.$ZodType>> = inner.shape;
      schema = shape[String(part)];
    } else {
      schema = inner instanceof z.ZodArray ? inner.element : undefined;
    }
  }
  const table = schema === undefined ? undefined : unwrap(schema);
  return table instanceof z.ZodObject ? Object.keys(table.shape) : [];
}
