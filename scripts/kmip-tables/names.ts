/** Tags, enumerations, masks and operations: numbers with names and versions. */
import { PKCS11_VALUES } from './pkcs11.ts';
import { Code, HEADER, hex, literal, versionRange } from './render.ts';
import type { Source, SourceField, SourceNumber } from './source.ts';

/** Spellings in use that no version of the specification has as the value's own name. */
const OTHER_SPELLINGS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  // 2.0 and 2.1 print MFG1 in the table and MGF1 in the text.
  MaskGenerator: { MFG1: 'MGF1' },
  // Widespread spelling of a name that 2.0 prints as "Not Authorised".
  ResultReason: { NotAuthorized: 'NotAuthorised' },
  // The bit's name without the words in brackets.
  CryptographicUsageMask: { ContentCommitment: 'ContentCommitmentNonRepudiation' },
};

/**
 * The highest value that an enumeration had from the first version on, where the tables have the
 * enumeration only since its title is the one of today.
 */
const OLDEST_VALUES: Readonly<Record<string, number>> = {
  RecommendedCurve: 0x0f, // B-571: 1.0 §9.1.3.2.5
};

export function renderTags(source: Source): string {
  const tags = source.tags.filter(isNamed);
  const ranges = rangesOf(tags);
  return `${HEADER}
import type { VersionRange } from './version.ts';

/** Every tag of KMIP 1.0 to 2.1 by its normalised name. */
export const TAGS = ${literal(
    Object.fromEntries(tags.map((tag) => [tag.xmlName, hex(Number(tag.value), 6)])),
  )} as const;

export type TagName = keyof typeof TAGS;

/** Versions of the tags that not every version from 1.0 to 2.1 has. */
export const TAG_VERSIONS: Readonly<Partial<Record<TagName, VersionRange>>> = ${literal(ranges)};
`;
}

export function renderEnumerations(source: Source): string {
  const enumerations = Object.values(source.enumerations);
  const table = enumerations.map(({ xmlName, tag, values }) => [
    xmlName,
    {
      tag: tag === undefined ? new Code('undefined') : hex(Number(tag), 6),
      values: {
        ...numbersOf(values, 2),
        ...inHex(PKCS11_VALUES[xmlName] ?? {}),
      },
    },
  ]);
  const versions = enumerations
    .map(
      ({ xmlName, values }) =>
        [xmlName, rangesOf(values.filter(isNamed).filter(isNewerThan(xmlName)))] as const,
    )
    .filter(([, ranges]) => Object.keys(ranges).length > 0);
  const aliases = enumerations
    .map(({ xmlName, values }) => [xmlName, aliasesOf(xmlName, values)] as const)
    .filter(([, names]) => Object.keys(names).length > 0);
  const tagNames = new Map(source.tags.map((tag) => [Number(tag.value), tag.xmlName]));
  return `${HEADER}
import { TAGS } from './tags.ts';
import type { VersionRange } from './version.ts';

/**
 * Every enumeration of KMIP 1.0 to 2.1: its own tag and its values by normalised name, in the newest
 * spelling. Item Type has no tag of its own. Opaque Data Type defines no values; the two of PKCS#11 are those
 * of PKCS#11 3.0, return codes without the prefix CKR_.
 *
 * The Tag enumeration of 2.x is \`TAGS\`.
 */
export const ENUMERATIONS = ${literal(Object.fromEntries(table))} as const;

export type EnumerationName = keyof typeof ENUMERATIONS;

export type EnumerationValueName<E extends EnumerationName> = keyof (typeof ENUMERATIONS)[E]['values'] &
  string;

/** Versions of the values that not every version from 1.0 to 2.1 has. */
export const ENUMERATION_VALUE_VERSIONS: {
  readonly [E in EnumerationName]?: Readonly<Partial<Record<EnumerationValueName<E>, VersionRange>>>;
} = ${literal(Object.fromEntries(versions))};

/** Other spellings that a reader accepts: those of older versions and known variants. */
export const ENUMERATION_ALIASES: {
  readonly [E in EnumerationName]?: Readonly<Record<string, EnumerationValueName<E>>>;
} = ${literal(Object.fromEntries(aliases))};

/**
 * The enumeration to which the value under a tag belongs.
 *
 * Attribute Value is not here: its enumeration depends on the attribute's name. Nor is Attribute
 * Reference (2.x), whose values are tags.
 */
export const ENUMERATION_OF_TAG: Readonly<Record<number, EnumerationName>> = {
  ${enumerationOfTag(source)
    .map(([tag, name]) => `[TAGS.${tagNames.get(tag)}]: '${name}',`)
    .join('\n  ')}
};
`;
}

export function renderMasks(source: Source): string {
  const masks = Object.values(source.masks);
  const table = masks.map(({ xmlName, tag, values }) => [
    xmlName,
    { tag: hex(Number(tag), 6), bits: numbersOf(values, 8) },
  ]);
  const versions = masks
    .map(({ xmlName, values }) => [xmlName, rangesOf(values)] as const)
    .filter(([, ranges]) => Object.keys(ranges).length > 0);
  const aliases = masks
    .map(({ xmlName, values }) => [xmlName, aliasesOf(xmlName, values)] as const)
    .filter(([, names]) => Object.keys(names).length > 0);
  return `${HEADER}
import type { VersionRange } from './version.ts';

/** Every bit mask of KMIP 1.0 to 2.1; a mask travels as an Integer under its own tag only. */
export const MASKS = ${literal(Object.fromEntries(table))} as const;

export type MaskName = keyof typeof MASKS;

export type MaskBitName<M extends MaskName> = keyof (typeof MASKS)[M]['bits'] & string;

/** Versions of the bits that not every version from 1.0 to 2.1 has. */
export const MASK_BIT_VERSIONS: {
  readonly [M in MaskName]?: Readonly<Partial<Record<MaskBitName<M>, VersionRange>>>;
} = ${literal(Object.fromEntries(versions))};

/** Other spellings that a reader accepts. */
export const MASK_ALIASES: {
  readonly [M in MaskName]?: Readonly<Record<string, MaskBitName<M>>>;
} = ${literal(Object.fromEntries(aliases))};
`;
}

export function renderOperations(source: Source): string {
  const table = Object.entries(source.operations).map(([name, operation]) => {
    const directions = (['client-to-server', 'server-to-client'] as const).filter(
      (direction) => operation[direction] !== undefined,
    );
    const fromServer = operation['server-to-client'];
    const fromServerSince = fromServer?.['1.x']?.versions[0] ?? fromServer?.['2.x']?.versions[0];
    return [
      operation.xmlName,
      {
        name,
        value: hex(Number(operation.value), 2),
        since: operation.since,
        until: operation.lastVersion,
        directions,
        fromServerSince: fromServerSince === operation.since ? undefined : fromServerSince,
      },
    ];
  });
  return `${HEADER}
import type { EnumerationValueName } from './enumerations.ts';
import type { Version } from './version.ts';

/** An operation: its name as the specification writes it, its number, its versions and its senders. */
export interface OperationRow {
  readonly name: string;
  readonly value: number;
  readonly since: Version;
  readonly until?: Version;
  readonly directions: readonly ('client-to-server' | 'server-to-client')[];
  /** First version in which a server may send it, when later than \`since\`. */
  readonly fromServerSince?: Version;
}

export type OperationName = EnumerationValueName<'Operation'>;

/** Every operation of KMIP 1.0 to 2.1 by its normalised name. */
export const OPERATIONS: Readonly<Record<OperationName, OperationRow>> = ${literal(Object.fromEntries(table))};
`;
}

function isNamed<T extends SourceNumber>(row: T): boolean {
  return row.reserved !== true;
}

function isNewerThan(enumeration: string): (row: SourceNumber) => boolean {
  return ({ value }) => Number(value) > (OLDEST_VALUES[enumeration] ?? -1);
}

function numbersOf(values: readonly SourceNumber[], digits: number): Record<string, Code> {
  return Object.fromEntries(
    values.filter(isNamed).map((row) => [row.xmlName, hex(Number(row.value), digits)]),
  );
}

function inHex(values: Readonly<Record<string, number>>): Record<string, Code> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, hex(value, 2)]));
}

function rangesOf(values: readonly SourceNumber[]): Record<string, object> {
  return Object.fromEntries(
    values.flatMap((row) => {
      const range = versionRange(row.since, row.lastVersion);
      return range === undefined ? [] : [[row.xmlName, range]];
    }),
  );
}

function aliasesOf(xmlName: string, values: readonly SourceNumber[]): Record<string, string> {
  const former = values.flatMap((row) =>
    (row.nameHistory ?? [])
      .filter((entry) => entry.xmlName !== row.xmlName)
      .map((entry) => [entry.xmlName, row.xmlName]),
  );
  return { ...Object.fromEntries(former), ...OTHER_SPELLINGS[xmlName] };
}

/** Every tag under which the tables put an enumeration, in ascending order. */
function enumerationOfTag(source: Source): [number, string][] {
  const found = new Map<number, string>();
  const add = (tag: string | undefined, enumeration: string | undefined) => {
    const xmlName = source.enumerations[enumeration ?? '']?.xmlName;
    if (tag === undefined || xmlName === undefined) {
      return;
    }
    const known = found.get(Number(tag));
    if (known !== undefined && known !== xmlName) {
      throw new Error(`Tag ${tag} has two enumerations: ${known} and ${xmlName}.`);
    }
    found.set(Number(tag), xmlName);
  };
  for (const [name, { tag }] of Object.entries(source.enumerations)) {
    add(tag, name);
  }
  for (const tag of source.tags) {
    add(tag.value, tag.enum);
  }
  for (const field of fieldsOf(source)) {
    add(field.tag, field.enum);
  }
  // In 2.x a link may point at its target as a request does: by an enumerated Unique Identifier.
  add(
    source.tags.find((tag) => tag.xmlName === 'LinkedObjectIdentifier')?.value,
    'Unique Identifier',
  );
  return [...found].sort(([left], [right]) => left - right);
}

function fieldsOf(source: Source): SourceField[] {
  const families = ['1.x', '2.x'] as const;
  const fields = Object.values(source.structures).flatMap((structure) =>
    families.flatMap((family) => structure[family]?.fields ?? []),
  );
  const payloads = Object.values(source.operations).flatMap((operation) =>
    [operation['client-to-server'], operation['server-to-client']].flatMap((direction) =>
      families.flatMap((family) => [
        ...(direction?.[family]?.request ?? []),
        ...(direction?.[family]?.response ?? []),
      ]),
    ),
  );
  return [...fields, ...payloads];
}
