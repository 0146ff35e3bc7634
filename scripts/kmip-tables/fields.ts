/** Fields of structures and payloads, for the test that compares schemas with the specifications. */
import { HEADER, literal } from './render.ts';
import type { ByFamily, Source, SourceField, SourcePayloads } from './source.ts';

/** 1.2 made PGP Key an object type, but its lists of objects in Register and Put leave it out. */
const FORGOTTEN_OBJECT = 'PGP Key';

export function renderFieldTables(source: Source): string {
  const tagNames = new Map(source.tags.map((tag) => [tag.value, tag.xmlName]));
  const fields = (rows: readonly SourceField[] | undefined) =>
    rows?.map((row) => fieldOf(row, tagNames));
  const structures = Object.entries(source.structures).map(([name, structure]) => [
    name,
    {
      tag: structure.tag === null ? undefined : tagNames.get(structure.tag),
      ...byFamily(structure, (family) => ({
        since: family.versions[0],
        until: family.versions.at(-1),
        fields: fields(family.fields),
      })),
    },
  ]);
  const payloads = (direction: ByFamily<SourcePayloads> | undefined) =>
    direction &&
    byFamily(direction, (family) => ({
      since: family.versions[0],
      until: family.versions.at(-1),
      request: fields(family.request),
      response: fields(family.response),
    }));
  const operations = Object.values(source.operations).map((operation) => [
    operation.xmlName,
    {
      'client-to-server': payloads(operation['client-to-server']),
      'server-to-client': payloads(operation['server-to-client']),
    },
  ]);
  return `${HEADER}
import type { OperationName } from './operations.ts';
import type { TagName } from './tags.ts';
import type { Version, VersionFamily } from './version.ts';

export type Requirement = 'yes' | 'no' | 'conditional';

/** One field: exactly one of \`tag\`, \`oneOf\` and \`any\` says what may stand there. */
export interface FieldRow {
  readonly tag?: TagName;
  /** One item under one of these tags. */
  readonly oneOf?: readonly TagName[];
  /** Items under any tag: of an attribute, or of the vendor's choice. */
  readonly any?: 'attribute' | 'vendor';
  readonly types: readonly string[];
  /** As the newest version of the family has it; absent where the table has no such column. */
  readonly required?: Requirement;
  readonly repeated?: true;
  readonly since?: Version;
  readonly until?: Version;
  /** Present when versions of the family differ: what holds from a version on, oldest first. */
  readonly changes?: readonly { readonly from: Version; readonly required: Requirement }[];
}

interface FamilyRange {
  readonly since: Version;
  readonly until: Version;
}

/** Structures by the specification's name; fields in the order of the wire. */
export const STRUCTURE_FIELDS: Readonly<
  Record<
    string,
    { readonly tag?: TagName } & {
      readonly [F in VersionFamily]?: FamilyRange & { readonly fields: readonly FieldRow[] };
    }
  >
> = ${literal(Object.fromEntries(structures))};

export interface PayloadRow extends FamilyRange {
  readonly request?: readonly FieldRow[];
  /** Absent where the specification has no table: Poll, Notify and Put. */
  readonly response?: readonly FieldRow[];
}

/** Payloads of each operation; fields in the order of the wire. */
export const PAYLOAD_FIELDS: Readonly<
  Record<
    OperationName,
    {
      readonly [D in 'client-to-server' | 'server-to-client']?: {
        readonly [F in VersionFamily]?: PayloadRow;
      };
    }
  >
> = ${literal(Object.fromEntries(operations))};
`;
}

function byFamily<T>(families: ByFamily<T>, map: (family: T) => object): ByFamily<object> {
  return {
    ...(families['1.x'] && { '1.x': map(families['1.x']) }),
    ...(families['2.x'] && { '2.x': map(families['2.x']) }),
  };
}

function fieldOf(row: SourceField, tagNames: ReadonlyMap<string, string>): object {
  const place =
    row.oneOf !== undefined
      ? { oneOf: objectTags([...new Set([...row.oneOf, FORGOTTEN_OBJECT])]) }
      : row.tag !== undefined
        ? { tag: tagNames.get(row.tag) }
        : { any: row.name.startsWith('Any attribute') ? 'attribute' : 'vendor' };
  return {
    ...place,
    types: row.type === null ? [] : [row.type].flat(),
    required: requirementOf(row.required),
    repeated: row.repeated || undefined,
    since: row.since,
    until: row.until,
    changes: row.changes?.map(({ from, required }) => ({ from, required })),
  };
}

/** Whatever is neither plainly required nor plainly optional is required under some condition. */
function requirementOf(wording: string | null): string | undefined {
  return wording === null || wording === 'yes' || wording === 'no'
    ? (wording ?? undefined)
    : 'conditional';
}

/** Objects stand under the tag of their type, whose normalised name is theirs without spaces. */
function objectTags(objects: readonly string[]): string[] {
  return objects.map((name) => name.replaceAll(' ', '')).sort();
}
