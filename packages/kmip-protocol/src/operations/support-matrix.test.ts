import { describe, expect, it } from 'vitest';
import { OPERATIONS } from '../tables/operations.ts';
import { VERSIONS } from '../tables/version.ts';
import { OPERATION_SCHEMAS } from './index.ts';
import { formatSupportMatrix, supportMatrix } from './support-matrix.ts';

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

describe('formatSupportMatrix', () => {
  it('puts what is supported first', () => {
    const lines = formatSupportMatrix(supportMatrix(['DiscoverVersions'])).split('\n');
    expect(lines.slice(0, 4)).toEqual([
      '| Operation | 1.0 | 1.1 | 1.2 | 1.3 | 1.4 | 2.0 | 2.1 |',
      '| --- | --- | --- | --- | --- | --- | --- | --- |',
      '| DiscoverVersions | - | yes | yes | yes | yes | yes | yes |',
      '| Create | no | no | no | no | no | no | no |',
    ]);
    expect(lines).toHaveLength(2 + Object.keys(OPERATIONS).length);
  });
});

describe('every described operation', () => {
  it('stands in the table under its own name', () => {
    for (const [key, { name }] of Object.entries(OPERATION_SCHEMAS)) expect(name).toBe(key);
  });
});
