/** The README says what the code says. */

import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';
import { OPERATION_SCHEMAS } from './operations/index.ts';
import { formatSupportMatrix, supportMatrix } from './operations/support-matrix.ts';
import { refusal, uniqueIdentifier } from './readme-example.fixtures.ts';
import { DIVERGENCES } from './schema/divergences.fixtures.ts';
import type { OperationName } from './tables/operations.ts';

const SOURCE = import.meta.dirname;
const README = readFileSync(join(SOURCE, '../README.md'), 'utf8');

/** What stands between two remarks of the README. */
function part(name: string): string {
  return new RegExp(`<!-- ${name} -->([\\s\\S]*?)<!-- end -->`).exec(README)?.[1] ?? '';
}

/** The cells of a Markdown table, however wide its columns are drawn. */
function cellsOf(table: string): string[][] {
  return table
    .trim()
    .split('\n')
    .map((line) => line.split('|').map((cell) => cell.trim().replace(/^-+$/, '---')));
}

describe('the README of kmip-protocol', () => {
  it('shows an example that is compiled and run here', () => {
    const code = readFileSync(join(SOURCE, 'readme-example.fixtures.ts'), 'utf8')
      .replace('./index.ts', '@claviger/kmip-protocol')
      .replaceAll('export ', '');
    expect(README).toContain(`\`\`\`ts\n${code}\`\`\``);
    expect(uniqueIdentifier).toBe('17');
    expect(README).toContain(refusal);
  });

  it('shows the operations that have a schema, in the versions that have them', () => {
    // The keys of the table are its operations.
    const described = Object.keys(OPERATION_SCHEMAS) as OperationName[];
    expect(cellsOf(part('support matrix'))).toEqual(
      cellsOf(formatSupportMatrix(supportMatrix(described))),
    );
  });

  it('shows every field in which a schema differs from the tables, with the reason', () => {
    const rows = DIVERGENCES.map(({ where, field, versions, tables, schema, why }) =>
      [where, field, versions, tables, schema, why].join(' | '),
    );
    const header = 'Structure | Field | Versions | Tables | Schema | Why';
    const lines = [header, '--- | --- | --- | --- | --- | ---', ...rows];
    expect(cellsOf(part('field divergences'))).toEqual(
      cellsOf(lines.map((line) => `| ${line} |`).join('\n')),
    );
  });

  it('names every source file once, and no other', () => {
    const files = readdirSync(SOURCE, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && /^[\w-]+\.ts$/.test(entry.name))
      .map((entry) => relative(SOURCE, join(entry.parentPath, entry.name)));
    const named = [...part('files').matchAll(/`([\w/-]+\.ts)`/g)].map(([, file]) => file);
    expect(named.toSorted()).toEqual(files.toSorted());
  });
});
