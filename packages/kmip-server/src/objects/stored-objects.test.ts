import { matchesPredicate } from '@claviger/key-store';
import { attribute } from '@claviger/kmip-protocol';
import { describe, expect, it } from 'vitest';
import type { State } from '../lifecycle/state.ts';
import { aName, aSymmetricKey, NOW } from './managed-object.fixtures.ts';
import { toRecord } from './managed-object.ts';
import { storedObjects } from './stored-objects.ts';

const NOW_MS = NOW * 1000;
const STATES: readonly State[] = [
  'PreActive',
  'Active',
  'Deactivated',
  'Compromised',
  'Destroyed',
  'DestroyedCompromised',
];

describe('stored objects', () => {
  it.each(STATES)('are found by their state: %s', (state) => {
    const record = toRecord(aSymmetricKey({ state }));
    expect(storedObjects.stateAt(record.attributes, NOW_MS)).toBe(state);
    for (const asked of STATES) {
      const where = storedObjects.whereState([asked], NOW_MS);
      expect(matchesPredicate(record.index, where)).toBe(asked === state);
    }
    const all = storedObjects.whereState(STATES, NOW_MS);
    expect(matchesPredicate(record.index, all)).toBe(true);
    const none = storedObjects.whereState([], NOW_MS);
    expect(matchesPredicate(record.index, none)).toBe(false);
  });

  it('show their attributes as JSON can hold them', () => {
    const { attributes } = toRecord(aSymmetricKey({ attributes: [aName('db')] }));
    const shown = storedObjects.attributesOf(attributes);
    expect(shown).toContainEqual({
      name: 'Name',
      value: { nameValue: 'db', nameType: 'UninterpretedTextString' },
    });
    expect(shown).toContainEqual({ name: 'Cryptographic Algorithm', value: 'AES' });
    expect(JSON.parse(JSON.stringify(shown))).toEqual(shown);
  });

  it('move on by the dates that have passed', () => {
    const dated = aSymmetricKey({ attributes: [attribute('ActivationDate', NOW)] });
    const { attributes } = toRecord(dated);
    expect(storedObjects.stateAt(attributes, NOW_MS - 1)).toBe('PreActive');
    expect(storedObjects.stateAt(attributes, NOW_MS)).toBe('Active');
  });

  it.each([
    ['PreActive', 'Destroyed'],
    ['Active', 'Destroyed'],
    ['Deactivated', 'Destroyed'],
    ['Compromised', 'DestroyedCompromised'],
  ] as const)('are destroyed by an administrator when %s, and are %s then', (state, next) => {
    const record = toRecord(aSymmetricKey({ state, attributes: [aName('db')] }));
    const destroyed = storedObjects.destroyed(record, NOW_MS);
    expect(destroyed).toMatchObject({
      id: record.id,
      version: record.version + 1,
      material: null,
      uniqueNames: [],
    });
    expect(storedObjects.stateAt(destroyed.attributes, NOW_MS)).toBe(next);
  });

  it('are destroyed once', () => {
    const record = toRecord(aSymmetricKey({ state: 'Destroyed' }));
    expect(() => storedObjects.destroyed(record, NOW_MS)).toThrow(/destroyed already/);
  });
});
