/**
 * Compares the tables with the text of the specifications themselves, by another way than the one
 * that made them: from the Markdown of each version, row by row, both ways.
 */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ENUMERATION_ALIASES, ENUMERATION_VALUE_VERSIONS, ENUMERATIONS } from './enumerations.ts';
import { MASK_ALIASES, MASK_BIT_VERSIONS, MASKS } from './masks.ts';
import { TAG_VERSIONS, TAGS } from './tags.ts';
import { isWithin, VERSIONS, type Version, type VersionRange } from './version.ts';

const SPECIFICATIONS = join(import.meta.dirname, '../../../../../shared/kmip/spec');
const isThere = existsSync(SPECIFICATIONS);

describe.skipIf(!isThere)('checked against the specifications (needs ../shared/kmip/spec)', () => {
  describe.each(VERSIONS)('KMIP %s', (version) => {
    const tables = isThere ? numberTables(version) : new Map<string, Map<string, number>>();

    it('has the same tags', () => {
      const stated = tables.get('Tags') ?? tables.get('Tag Enumeration');
      expect(stated).toEqual(tableAt(version, TAGS, TAG_VERSIONS));
    });

    it('has the same values in every enumeration', () => {
      const stated = new Map<string, Map<string, number>>();
      for (const [title, rows] of tables) {
        // 1.0 and 1.1 say of the curves for whom they are.
        const [, what] = /^(.+) Enumeration(?: for ECDSA, ECDH, and ECMQV)?$/.exec(title) ?? [];
        const name = what === undefined ? 'Tag' : normalise(what);
        if (name !== 'Tag') {
          stated.set(name, canonical(rows, record(ENUMERATION_ALIASES)[name]));
        }
      }
      const expected = Object.entries(ENUMERATIONS)
        .map(([name, { values }]) => {
          const versions: Ranges | undefined = record(ENUMERATION_VALUE_VERSIONS)[name];
          return [name, tableAt(version, values, versions)] as const;
        })
        .filter(([name, rows]) => rows.size > 0 && !OF_PKCS11.includes(name));
      expect(stated).toEqual(new Map(expected));
    });

    it('has the same bits in every mask', () => {
      for (const [name, { bits }] of Object.entries(MASKS)) {
        const stated = [...tables].find(([title]) => normalise(title) === name)?.[1] ?? new Map();
        const expected = tableAt(version, bits, record(MASK_BIT_VERSIONS)[name]);
        expect([name, canonical(stated, record(MASK_ALIASES)[name])]).toEqual([name, expected]);
      }
    });
  });
});

/** Enumerations whose values are those of PKCS#11 3.0 (2.1 §11.38, §11.39). */
const OF_PKCS11: readonly string[] = ['PKCS_11Function', 'PKCS_11ReturnCode'];

type Ranges = Readonly<Record<string, VersionRange | undefined>>;

/** The same object with its keys open, to look up names read from text. */
function record<T>(table: Readonly<Record<string, T>>): Readonly<Record<string, T | undefined>> {
  return table;
}

/** The names and numbers that our tables give to one version. */
function tableAt(
  version: Version,
  numbers: Readonly<Record<string, number>>,
  versions: Ranges = {},
): Map<string, number> {
  return new Map(Object.entries(numbers).filter(([name]) => isWithin(version, versions[name])));
}

function canonical(
  rows: ReadonlyMap<string, number>,
  aliases: Readonly<Record<string, string>> = {},
): Map<string, number> {
  return new Map([...rows].map(([name, number]) => [aliases[name] ?? name, number]));
}

/** Every table of a version that gives hexadecimal numbers to names, by the heading above it. */
function numberTables(version: Version): Map<string, Map<string, number>> {
  const lines = readFileSync(join(SPECIFICATIONS, `kmip-v${version}.md`), 'utf8').split('\n');
  const tables = new Map<string, Map<string, number>>();
  let heading = '';
  for (const line of lines) {
    heading = /^#+ +(?:[\d.]+ +)?(.*?) *$/.exec(line)?.[1] ?? heading;
    const [, text, digits] =
      /^\| ([^|]+?) \| (?:0x)?([\dA-F]{8}|[\dA-F]{6})(?: \([^|]*\))? \|$/.exec(line) ?? [];
    if (text !== undefined && digits !== undefined && !/^\(?(Reserved|Unused)\)?$/.test(text)) {
      const rows = tables.get(heading) ?? new Map<string, number>();
      tables.set(heading, rows.set(normalise(text), Number.parseInt(digits, 16)));
    }
  }
  return tables;
}

/** The normalised name: KMIP Additional Message Encodings 1.0, 4.1.3. */
function normalise(text: string): string {
  const words = text
    .replaceAll(/<br>|[()]/g, ' ')
    .replaceAll(/\W([A-Za-z][a-z])/g, ' $1')
    .replaceAll(/[^\w\s]/g, '_')
    .trim()
    .split(/\s+/);
  return words
    .map((word, index) => (index === 0 ? word.replace(/^(\d+)(.*)$/, '$2$1') : word))
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('');
}
