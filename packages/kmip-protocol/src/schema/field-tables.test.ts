/** The schemas against the tables of the specification, field by field, in every version. */

import { describe, expect, it } from 'vitest';
import {
  type FieldRow,
  PAYLOAD_FIELDS,
  STRUCTURE_FIELDS,
} from '../tables/field-tables.fixtures.ts';
import { familyOf, isWithin, type Version } from '../tables/version.ts';
import {
  DESCRIBED_PAYLOADS,
  DESCRIBED_STRUCTURES,
  type DescribedStructure,
} from './all-structures.fixtures.ts';
import { DIVERGENCES, type Divergence, NOT_DESCRIBED } from './divergences.fixtures.ts';
import { itemTypesIn, itemTypesText } from './item-types.ts';
import { cardinalityIn, resolve } from './plan.ts';
import type { Cardinality, StructureSchema } from './schema.ts';
import { tagNameOf } from './tag-label.ts';

/** One field in one version, in words that tables and schemas share. */
interface Line {
  readonly field: string;
  readonly types: string;
  /** Undefined where the table has no such column. */
  readonly cardinality: Cardinality | undefined;
}

type Difference = Omit<Divergence, 'why'>;

describe('the schemas', () => {
  it('agree with the tables of the specification but for the named divergences', () => {
    const stated = DIVERGENCES.map(({ why: _, ...difference }) => difference);
    expect(allDifferences()).toEqual(stated);
  });

  it('describe every structure of the tables but for the named ones', () => {
    const described = DESCRIBED_STRUCTURES.flatMap(({ name, schema }) => [name, schema.name]);
    const others = Object.entries(STRUCTURE_FIELDS)
      .filter(
        ([title, { tag = '' }]) =>
          ![title.replaceAll(' ', ''), tag].some((name) => described.includes(name)),
      )
      .map(([title]) => title);
    expect(others.sort()).toEqual(Object.values(NOT_DESCRIBED).flat().sort());
  });

  it('give each tag of a structure to one field, in every version', () => {
    for (const { name, schema, versions } of [...DESCRIBED_STRUCTURES, ...DESCRIBED_PAYLOADS]) {
      for (const version of versions) {
        const fields = declaredLines(schema, version).map(({ field }) => field);
        expect([name, version, fields]).toEqual([name, version, [...new Set(fields)]]);
      }
    }
  });
});

function allDifferences(): Difference[] {
  return [...DESCRIBED_STRUCTURES, ...DESCRIBED_PAYLOADS].flatMap((described) => {
    const byText = new Map<string, Difference & { in: Version[] }>();
    for (const version of described.versions) {
      for (const difference of differencesIn(described, version)) {
        const key = JSON.stringify(difference);
        const known = byText.get(key);
        if (known === undefined) {
          byText.set(key, { ...difference, where: described.name, versions: '', in: [version] });
        } else known.in.push(version);
      }
    }
    return [...byText.values()].map(({ in: versions, ...difference }) => ({
      ...difference,
      versions: rangeOf(versions),
    }));
  });
}

function differencesIn(
  described: DescribedStructure,
  version: Version,
): Pick<Difference, 'field' | 'tables' | 'schema'>[] {
  const stated = statedLines(described, version);
  const declared = declaredLines(described.schema, version);
  if (stated === undefined) {
    return [{ field: '(all)', tables: 'no table', schema: 'described' }];
  }
  const differences: Pick<Difference, 'field' | 'tables' | 'schema'>[] = [];
  const find = (lines: readonly Line[], name: string) => lines.find(({ field }) => field === name);
  for (const line of stated) {
    const own = find(declared, line.field);
    if (own === undefined) {
      differences.push({ field: line.field, tables: 'has it', schema: 'lacks it' });
      continue;
    }
    for (const aspect of ['types', 'cardinality'] as const) {
      const [theirs, ours] = [line[aspect], own[aspect]];
      if (theirs !== undefined && ours !== undefined && theirs !== ours) {
        differences.push({ field: line.field, tables: theirs, schema: ours });
      }
    }
  }
  for (const { field } of declared) {
    if (find(stated, field) === undefined) {
      differences.push({ field, tables: 'lacks it', schema: 'has it' });
    }
  }
  const choice = oneOfLabels(described.schema);
  // The alternatives of a choice have no order: they count where the first of them stands.
  const order = (lines: readonly Line[], others: readonly Line[]) => [
    ...new Set(
      lines
        .filter(({ field }) => find(others, field) !== undefined)
        .map(({ field }) => (choice.includes(field) ? '(choice)' : field)),
    ),
  ];
  const [theirOrder, ourOrder] = [order(stated, declared), order(declared, stated)];
  if (theirOrder.join() !== ourOrder.join()) {
    differences.push({ field: '(order)', tables: theirOrder.join(), schema: ourOrder.join() });
  }
  return differences;
}

/** What the tables say; undefined when they have nothing on the structure in that version. */
function statedLines(described: DescribedStructure, version: Version): Line[] | undefined {
  const rows = isPayload(described)
    ? payloadRow(described, version)
    : structureRow(described, version);
  if (rows === undefined || !isWithin(version, rows)) return undefined;
  const fields =
    'fields' in rows ? rows.fields : isPayload(described) ? rows[described.direction] : undefined;
  // An answer without a table is one without a payload.
  return (fields ?? [])
    .filter((field) => isWithin(version, field))
    .flatMap((row) => linesOf(row, version));
}

function isPayload(
  described: DescribedStructure,
): described is (typeof DESCRIBED_PAYLOADS)[number] {
  return 'operation' in described;
}

function payloadRow({ operation }: (typeof DESCRIBED_PAYLOADS)[number], version: Version) {
  const { 'client-to-server': toServer, 'server-to-client': toClient } = PAYLOAD_FIELDS[operation];
  return (toServer ?? toClient)?.[familyOf(version)];
}

function structureRow({ name, schema }: DescribedStructure, version: Version) {
  const family = familyOf(version);
  const rows = Object.entries(STRUCTURE_FIELDS);
  const row =
    rows.find(([title]) => title === name || title.replaceAll(' ', '') === name) ??
    // Of several structures under a tag, each bears its own title.
    rows.find(([title, { tag }]) => tag === schema.name && !title.includes('('));
  return row?.[1][family];
}

function linesOf(row: FieldRow, version: Version): Line[] {
  const types = [...row.types].sort().join(', ');
  if (row.any !== undefined) return []; // what may stand there has no name to compare
  if (row.oneOf !== undefined) {
    return row.oneOf.map((field) => ({ field, types, cardinality: 'optional' }));
  }
  return [{ field: row.tag ?? '', types, cardinality: cardinalityOf(row, version) }];
}

function cardinalityOf(row: FieldRow, version: Version): Cardinality | undefined {
  const changed = row.changes?.findLast(({ from }) => isWithin(version, { since: from }));
  const required = changed?.required ?? row.required;
  if (required === undefined) return undefined;
  if (row.repeated === true) return required === 'yes' ? 'one-or-more' : 'repeated';
  return required === 'yes' ? 'required' : 'optional';
}

function declaredLines(structure: StructureSchema, version: Version): Line[] {
  return Object.values(structure.fields).flatMap((field): Line[] => {
    if (field.kind === 'group') {
      return field.items
        .filter((item) => isWithin(version, item))
        .map(({ tag, types, cardinality }) => ({
          field: tagNameOf(tag) ?? '',
          types: itemTypesText(types),
          cardinality,
        }));
    }
    if (!isWithin(version, field)) return [];
    const types = itemTypesText(itemTypesIn(field.schema, version));
    const name = tagNameOf(resolve(field.schema, version)?.tag ?? 0) ?? '';
    return [{ field: name, types, cardinality: cardinalityIn(field, version) }];
  });
}

function oneOfLabels({ fields, oneOf = [] }: StructureSchema): (string | undefined)[] {
  return oneOf
    .map((key) => fields[key])
    .map((field) => (field?.kind === 'item' ? tagNameOf(field.schema.tag) : undefined));
}

/** `1.0 to 1.4`; the versions are neighbours wherever a difference starts and ends once. */
function rangeOf(versions: readonly Version[]): string {
  const [first, last] = [versions[0], versions.at(-1)];
  return first === last ? `${first}` : `${first} to ${last}`;
}
