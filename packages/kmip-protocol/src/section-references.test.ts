/** The sections that comments refer to, against the headings of the specifications. */

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const SPECIFICATIONS = join(import.meta.dirname, '../../../../shared/kmip/spec');
const isThere = existsSync(SPECIFICATIONS);

interface Reference {
  readonly file: string;
  readonly version: string;
  readonly section: string;
  /** What the section is about, where the comment or the declaration below it says so. */
  readonly subject: string | undefined;
}

describe.skipIf(!isThere)('references to sections (need ../shared/kmip/spec)', () => {
  const references = isThere ? allReferences() : [];

  it('are many', () => {
    expect(references.length).toBeGreaterThan(80);
    expect(references.filter(({ subject }) => subject !== undefined).length).toBeGreaterThan(50);
  });

  it('lead to sections that there are, and to those of the right name', () => {
    const wrong = references.filter(({ version, section, subject }) => {
      const title = headings(version).get(section);
      if (title === undefined) return true;
      return subject !== undefined && comparable(title) !== comparable(subject);
    });
    expect(wrong).toEqual([]);
  });
});

function allReferences(): Reference[] {
  const files = readdirSync(import.meta.dirname, { recursive: true, encoding: 'utf8' });
  return files
    .filter((file) => /^(?!tables).*\w\.ts$/.test(file) && !file.endsWith('.test.ts'))
    .flatMap((file) => {
      const text = readFileSync(join(import.meta.dirname, file), 'utf8');
      return [...text.matchAll(COMMENT)].flatMap((match) => {
        const [comment, , structure] = match;
        // `/** Get (1.4 §4.11, ...). */` at the top of an operation, or a declaration right below.
        const operation = /^\/\*\* ([A-Z][A-Za-z ]+) \(1\.4 §/.exec(comment)?.[1];
        const bare = /^\/\*\* (?:\d\.\d §[\d.]*\d(?:, )?)+[.;: ]/.test(comment);
        const subject = file.startsWith('operations/') && match.index === 0 ? operation : undefined;
        return sectionsIn(comment).map((reference) => ({
          file,
          ...reference,
          subject: subject ?? (bare ? structure : undefined),
        }));
      });
    });
}

/** A comment and, where one follows it, the tag of a declared structure. */
const COMMENT = /\/\*\*((?:(?!\*\/)[\s\S])*)\*\/(?:\s*export const \w+ = structure\('(\w+)')?/g;

function sectionsIn(comment: string) {
  return [...comment.matchAll(/(\d\.\d) §([\d.]*\d)/g)].map(([, version = '', section = '']) => ({
    version,
    section,
  }));
}

const read = new Map<string, ReadonlyMap<string, string>>();

function headings(version: string): ReadonlyMap<string, string> {
  const known = read.get(version);
  if (known !== undefined) return known;
  const text = readFileSync(join(SPECIFICATIONS, `kmip-v${version}.md`), 'utf8');
  const found = new Map(
    [...text.matchAll(/^#+ +([\d.]*\d)\.? +(.*?) *$/gm)].map(([, section = '', title = '']) => [
      section,
      title,
    ]),
  );
  read.set(version, found);
  return found;
}

function comparable(title: string): string {
  return title.replaceAll(/\W|_/g, '').toLowerCase();
}
