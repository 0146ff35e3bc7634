import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { OPERATIONS, type OperationName } from '../tables/operations.ts';
import { VERSIONS } from '../tables/version.ts';
import { OPERATION_SCHEMAS } from './index.ts';
import { formatSupportMatrix, supportMatrix } from './support-matrix.ts';

// The keys of the table are its operations.
const DESCRIBED = Object.keys(OPERATION_SCHEMAS) as OperationName[];

describe('supportMatrix', () => {
  it('has a row for every operation and a cell for every version', () => {
    const matrix = supportMatrix([]);
    expect(matrix.map(({ operation }) => operation)).toEqual(Object.keys(OPERATIONS));
    for (const { versions } of matrix) expect(Object.keys(versions)).toEqual(VERSIONS);
  });

  it('tells what a version does not have from what nobody handles', () => {
    const matrix = supportMatrix(['DiscoverVersions']);
    const row = (name: string) => matrix.find(({ operation }) => operation === name)?.versions;
    expect(row('DiscoverVersions')).toMatchObject({ '1.0': 'absent', '1.1': 'supported' });
    expect(row('Encrypt')).toMatchObject({ '1.1': 'absent', '1.2': 'unsupported' });
  });
});

describe('the README', () => {
  it('shows the matrix of the operations that have a schema', () => {
    const readme = readFileSync(join(import.meta.dirname, '../../README.md'), 'utf8');
    const shown = /<!-- support matrix -->\n+([\s\S]*?)\n+<!-- end -->/.exec(readme)?.[1];
    expect(shown).toBe(formatSupportMatrix(supportMatrix(DESCRIBED)));
  });
});

describe('every described operation', () => {
  it('stands in the table under its own name', () => {
    for (const [key, { name }] of Object.entries(OPERATION_SCHEMAS)) expect(name).toBe(key);
  });
});
