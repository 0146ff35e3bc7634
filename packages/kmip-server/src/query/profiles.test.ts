import { describe, expect, it } from 'vitest';
import { profilesOf } from './profiles.ts';

const names = (...given: Parameters<typeof profilesOf>) =>
  profilesOf(...given).map(({ profileName }) => profileName);

describe('profilesOf', () => {
  it('leaves out a profile whose operations are not offered', () => {
    expect(names('2.1', ['RNGRetrieve'])).toEqual([]);
    expect(names('2.1', ['RNGRetrieve', 'RNGSeed'])).toEqual(['RNGCryptographicServer']);
  });

  it('names one of 1.x for each version that has it, up to the asked one', () => {
    expect(names('1.3', ['Create'])).toEqual(
      [0, 1, 2, 3].map((minor) => `SymmetricKeyFoundryServerKMIPV1_${minor}`),
    );
    expect(names('1.4', ['Encrypt', 'Decrypt'])).toEqual(
      [2, 3, 4].map((minor) => `BasicCryptographicServerKMIPV1_${minor}`),
    );
  });

  it('has no names for versions before there were any', () => {
    expect(names('1.2', ['Create'])).toEqual([]);
  });
});
