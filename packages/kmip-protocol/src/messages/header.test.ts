import { describe, expect, it } from 'vitest';
import { VERSIONS } from '../tables/version.ts';
import { protocolVersionOf, versionOf } from './header.ts';

describe('versionOf', () => {
  it.each(VERSIONS)('leads back from the Protocol Version of %s', (version) => {
    expect(versionOf(protocolVersionOf(version))).toBe(version);
  });

  it.each([
    [0, 0],
    [1, 5],
    [2, 2],
    [3, 0],
    [-1, 0],
    [1, -1],
  ])('does not know %i.%i', (protocolVersionMajor, protocolVersionMinor) => {
    expect(versionOf({ protocolVersionMajor, protocolVersionMinor })).toBeUndefined();
  });
});

describe('protocolVersionOf', () => {
  it('gives both numbers', () => {
    expect(protocolVersionOf('1.4')).toEqual({ protocolVersionMajor: 1, protocolVersionMinor: 4 });
  });
});
