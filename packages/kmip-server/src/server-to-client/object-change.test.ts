import { attribute } from '@claviger/kmip-protocol';
import { describe, expect, it } from 'vitest';
import { aSymmetricKey, NOW } from '../objects/managed-object.fixtures.ts';
import { withValues } from '../objects/managed-object.ts';
import { notifiedAttributesOf } from './object-change.ts';

const before = aSymmetricKey();
const changed = withValues(before, { CryptographicUsageMask: 4, LastChangeDate: NOW + 5 });
const destroyed = withValues(before, {
  State: 'Destroyed',
  DestroyDate: NOW,
  LastChangeDate: NOW + 5,
});
const without = {
  ...before,
  attributes: before.attributes.filter(({ name }) => name !== 'CryptographicUsageMask'),
};

describe('what Notify tells of a change', () => {
  it('is what changed, and Last Change Date (2.1 §6.2.2)', () => {
    expect(notifiedAttributesOf({ before, after: changed }, 'all', NOW)).toEqual({
      changed: [attribute('CryptographicUsageMask', 4), attribute('LastChangeDate', NOW + 5)],
      deleted: [],
    });
  });

  it('names what is gone, with Last Change Date even if that stayed', () => {
    const told = notifiedAttributesOf({ before, after: without }, 'all', NOW);
    expect(told?.changed.map(({ name }) => name)).toEqual(['LastChangeDate']);
    expect(told?.deleted).toEqual([{ kind: 'standard', name: 'CryptographicUsageMask', index: 0 }]);
  });

  it('is State and Last Change Date for a client that wants no more', () => {
    const told = notifiedAttributesOf({ before, after: destroyed }, 'state', NOW);
    expect(told?.changed).toEqual([
      attribute('State', 'Destroyed'),
      attribute('LastChangeDate', NOW + 5),
    ]);
  });

  it.each([
    ['a change of another attribute, to a client that wants the State', changed, 'state'],
    ['any change, to a client that wants none', destroyed, 'none'],
    ['no change', before, 'all'],
  ] as const)('is nothing for %s', (_name, after, wanted) => {
    expect(notifiedAttributesOf({ before, after }, wanted, NOW)).toBeUndefined();
  });

  it('is nothing for an object that was made', () => {
    expect(notifiedAttributesOf({ before: undefined, after: before }, 'all', NOW)).toBeUndefined();
  });
});
