/** The walker that tells people what a structure holds: one line a field, or a form of it. */

import { isWithin, VERSIONS, type Version } from '../tables/version.ts';
import { itemTypesOf, itemTypesText } from './item-types.ts';
import { cardinalityIn, resolve } from './plan.ts';
import type { Cardinality, ConcreteSchema, Field, Gate, StructureSchema } from './schema.ts';
import { tagLabel } from './tag-label.ts';

/** A field in the form that it has in a range of versions. */
export interface FieldDescription {
  /** The field in memory. */
  readonly key: string;
  /** The field on the wire: the normalised name of its tag. */
  readonly name: string;
  readonly tag: number;
  /** Item types, with the enumeration or the mask that a number belongs to. */
  readonly type: string;
  readonly cardinality: Cardinality;
  readonly since: Version;
  readonly until: Version;
}

const [FIRST] = VERSIONS;
const LAST: Version = VERSIONS.at(-1) ?? FIRST;

/** The fields of a structure, in the order of the wire; a field whose form changed has several lines. */
export function describeStructure(structure: StructureSchema): readonly FieldDescription[] {
  return Object.entries(structure.fields).flatMap(([key, field]) => describeField(key, field));
}

/** The payloads of an operation, as {@link describeStructure} tells them. */
export function describeOperation(operation: {
  readonly request: StructureSchema;
  readonly response: StructureSchema;
}): {
  readonly request: readonly FieldDescription[];
  readonly response: readonly FieldDescription[];
} {
  return {
    request: describeStructure(operation.request),
    response: describeStructure(operation.response),
  };
}

/** The lines of {@link describeStructure} as a Markdown table. */
export function formatFields(fields: readonly FieldDescription[]): string {
  const rows = fields.map(({ key, name, tag, type, cardinality, since, until }) => [
    name,
    `0x${tag.toString(16).toUpperCase()}`,
    type,
    cardinality,
    since === until ? since : `${since} to ${until}`,
    `\`${key}\``,
  ]);
  const header = ['Field', 'Tag', 'Type', 'Cardinality', 'Versions', 'In memory'];
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(header), line(header.map(() => '---')), ...rows.map(line)].join('\n');
}

function describeField(key: string, field: Field): FieldDescription[] {
  if (field.kind === 'group') {
    return field.items.map(({ tag, types, cardinality, ...gate }) => ({
      key,
      name: tagLabel(tag),
      tag,
      type: itemTypesText(types),
      cardinality,
      ...rangeOf(gate),
    }));
  }
  // One line for each run of versions in which nothing about the field changes.
  const lines: FieldDescription[] = [];
  for (const version of VERSIONS.filter((each) => isWithin(each, field))) {
    const schema = resolve(field.schema, version);
    if (schema === undefined) continue;
    const form = {
      key,
      name: tagLabel(schema.tag),
      tag: schema.tag,
      type: typeText(schema),
      cardinality: cardinalityIn(field, version),
    };
    const last = lines.at(-1);
    if (last !== undefined && isSameForm(last, form)) {
      lines[lines.length - 1] = { ...last, until: version };
    } else lines.push({ ...form, since: version, until: version });
  }
  return lines;
}

function rangeOf({ since = FIRST, until = LAST }: Gate): { since: Version; until: Version } {
  return { since, until };
}

function isSameForm(
  a: Omit<FieldDescription, 'since' | 'until'>,
  b: Omit<FieldDescription, 'since' | 'until'>,
): boolean {
  return a.tag === b.tag && a.type === b.type && a.cardinality === b.cardinality;
}

function typeText(schema: ConcreteSchema): string {
  if (schema.kind === 'enumeration') return `Enumeration ${schema.enumeration}`;
  if (schema.kind === 'mask') return `Integer of ${schema.mask} bits`;
  return itemTypesText(itemTypesOf(schema));
}
