import { attribute } from '@claviger/kmip-protocol';
import { describe, expect, it } from 'vitest';
import { aSymmetricKey, NOW } from '../objects/managed-object.fixtures.ts';
import { type State, stateAt } from './state.ts';

const EARLIER = NOW - 10;
const LATER = NOW + 10;

interface Dates {
  readonly activation?: number;
  readonly deactivation?: number;
}

function keyWith(state: State, { activation, deactivation }: Dates) {
  return aSymmetricKey({
    state,
    attributes: [
      ...(activation === undefined ? [] : [attribute('ActivationDate', activation)]),
      ...(deactivation === undefined ? [] : [attribute('DeactivationDate', deactivation)]),
    ],
  });
}

describe('stateAt (1.4 §3.22)', () => {
  const rows: readonly (readonly [State, Dates, State, string])[] = [
    ['PreActive', {}, 'PreActive', 'has no dates'],
    ['PreActive', { activation: LATER }, 'PreActive', 'is to be activated later'],
    ['PreActive', { activation: NOW }, 'Active', 'is activated in this second (4)'],
    ['PreActive', { activation: EARLIER }, 'Active', 'was activated by its date (4)'],
    ['PreActive', { deactivation: EARLIER }, 'PreActive', 'was never activated'],
    ['PreActive', { activation: LATER, deactivation: EARLIER }, 'PreActive', 'is not active yet'],
    ['PreActive', { activation: EARLIER, deactivation: NOW }, 'Deactivated', 'went on (4 and 6)'],
    ['PreActive', { activation: EARLIER, deactivation: LATER }, 'Active', 'ends later (4)'],
    ['Active', {}, 'Active', 'has no dates'],
    ['Active', { deactivation: LATER }, 'Active', 'ends later'],
    ['Active', { deactivation: NOW }, 'Deactivated', 'ends in this second (6)'],
    ['Active', { deactivation: EARLIER }, 'Deactivated', 'ended by its date (6)'],
    ['Deactivated', { activation: EARLIER, deactivation: LATER }, 'Deactivated', 'was revoked'],
    ['Compromised', { activation: EARLIER, deactivation: EARLIER }, 'Compromised', 'stays so'],
    ['Destroyed', { activation: EARLIER, deactivation: EARLIER }, 'Destroyed', 'stays so'],
    ['DestroyedCompromised', { activation: EARLIER }, 'DestroyedCompromised', 'stays so'],
  ];
  for (const [stored, dates, state, why] of rows) {
    it(`a key stored ${stored} with ${JSON.stringify(dates)} is ${state}: it ${why}`, () => {
      expect(stateAt(keyWith(stored, dates), NOW)).toBe(state);
    });
  }

  it.each<[State, Dates]>([
    ['Active', { activation: NOW }],
    ['Deactivated', { activation: EARLIER, deactivation: NOW }],
    ['Compromised', { activation: NOW }],
    ['Destroyed', { deactivation: NOW }],
  ])('a clock that goes back does not undo the operation that made a key %s', (state, dates) => {
    expect(stateAt(keyWith(state, dates), NOW - 1_000_000)).toBe(state);
  });

  it('an object that has no State, as a Template, counts as fresh', () => {
    expect(stateAt({ attributes: [] }, NOW)).toBe('PreActive');
  });

  it('a stored object with a State that nobody knows is damaged', () => {
    const attributes = [attribute('State', '0x80000001')];
    expect(() => stateAt({ attributes }, NOW)).toThrow(
      'The State of a stored object is not known.',
    );
  });
});
