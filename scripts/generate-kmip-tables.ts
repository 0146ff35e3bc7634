/**
 * Writes the tables of packages/kmip-protocol from the tables of the KMIP specifications, which stand
 * beside the checkout in `../shared/kmip/tables`.
 *
 *     npx tsx scripts/generate-kmip-tables.ts           writes the files
 *     npx tsx scripts/generate-kmip-tables.ts --check   fails when a file is not what it would write
 */
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { argv, exit, stderr, stdout } from 'node:process';
import { pathToFileURL } from 'node:url';
import { renderAttributes } from './kmip-tables/attributes.ts';
import { renderFieldTables } from './kmip-tables/fields.ts';
import {
  renderEnumerations,
  renderMasks,
  renderOperations,
  renderTags,
} from './kmip-tables/names.ts';
import { renderResultReasons } from './kmip-tables/result-reasons.ts';
import { loadSource, type Source } from './kmip-tables/source.ts';

const ROOT = join(import.meta.dirname, '..');
const OUTPUT = 'packages/kmip-protocol/src/tables';

export const SOURCE_DIRECTORY = join(ROOT, '..', 'shared', 'kmip', 'tables');

const RENDERERS: Readonly<Record<string, (source: Source) => string>> = {
  'tags.ts': renderTags,
  'enumerations.ts': renderEnumerations,
  'masks.ts': renderMasks,
  'attributes.ts': renderAttributes,
  'operations.ts': renderOperations,
  'result-reasons.ts': renderResultReasons,
  'field-tables.fixtures.ts': renderFieldTables,
};

/**
 * Renders every table, formatted.
 *
 * @returns Path from the root of the repository to text, or undefined when the tables of the
 *   specifications are not there.
 */
export function generateTables(): Map<string, string> | undefined {
  const source = loadSource(SOURCE_DIRECTORY);
  return (
    source &&
    new Map(
      Object.entries(RENDERERS).map(([file, render]) => {
        const path = `${OUTPUT}/${file}`;
        return [path, format(path, render(source))];
      }),
    )
  );
}

/** Paths of the tables that are missing or not what the generator would write. */
export function staleTables(tables: ReadonlyMap<string, string>): string[] {
  return [...tables].filter(([path, text]) => currentText(path) !== text).map(([path]) => path);
}

function currentText(path: string): string | undefined {
  try {
    return readFileSync(join(ROOT, path), 'utf8');
  } catch {
    return undefined;
  }
}

function format(path: string, text: string): string {
  return execFileSync(
    join(ROOT, 'node_modules', '.bin', 'biome'),
    ['format', `--stdin-file-path=${path}`],
    { cwd: ROOT, input: text, encoding: 'utf8', maxBuffer: 16 * 1024 * 1024 },
  );
}

function main(): number {
  const tables = generateTables();
  if (tables === undefined) {
    stdout.write(
      `Skipped: ${SOURCE_DIRECTORY} is not there, so there is nothing to compare with.\n`,
    );
    return 0;
  }
  const stale = staleTables(tables);
  if (argv.includes('--check')) {
    if (stale.length > 0) {
      stderr.write(
        `Not what the generator writes: ${stale.join(', ')}.\n` +
          'Run npx tsx scripts/generate-kmip-tables.ts and commit the result.\n',
      );
    }
    return stale.length > 0 ? 1 : 0;
  }
  for (const [path, text] of tables) {
    writeFileSync(join(ROOT, path), text);
  }
  stdout.write(stale.length > 0 ? `Wrote ${stale.join(', ')}.\n` : 'Nothing has changed.\n');
  return 0;
}

if (import.meta.url === pathToFileURL(argv[1] ?? '').href) {
  exit(main());
}
