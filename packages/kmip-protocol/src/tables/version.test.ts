import { describe, expect, it } from 'vitest';
import { familyOf, isAtLeast, isWithin, VERSIONS, versionIndex } from './version.ts';

describe('versions of the protocol', () => {
  it('stand in ascending order', () => {
    expect(VERSIONS.map(versionIndex)).toEqual([0, 1, 2, 3, 4, 5, 6]);
    expect([...VERSIONS].sort()).toEqual(VERSIONS);
  });

  it('count as at least themselves and every older one', () => {
    expect(isAtLeast('1.4', '1.4')).toBe(true);
    expect(isAtLeast('2.0', '1.4')).toBe(true);
    expect(isAtLeast('1.3', '1.4')).toBe(false);
  });

  it.each([
    ['1.2', { since: '1.2', until: '1.4' }, true],
    ['1.4', { since: '1.2', until: '1.4' }, true],
    ['1.1', { since: '1.2', until: '1.4' }, false],
    ['2.0', { since: '1.2', until: '1.4' }, false],
    ['1.0', { until: '1.4' }, true],
    ['2.1', { since: '2.0' }, true],
    ['1.0', {}, true],
    ['1.0', undefined, true],
  ] as const)('%s within %o is %s', (version, range, expected) => {
    expect(isWithin(version, range)).toBe(expected);
  });

  it('belong to the family of their major number', () => {
    expect(VERSIONS.filter((version) => familyOf(version) === '2.x')).toEqual(['2.0', '2.1']);
  });
});
