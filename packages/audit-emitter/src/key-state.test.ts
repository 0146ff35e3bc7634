import { expect, it } from 'vitest';
import { keyState } from './key-state.ts';

it.each([
  ['PreActive', 0],
  ['Active', 1],
  ['Deactivated', 3],
  ['Compromised', 3],
  ['Destroyed', 5],
  ['DestroyedCompromised', 5],
] as const)('the HPCS number of KMIP state %s is %i', (state, number) => {
  expect(keyState(state)).toBe(number);
});
