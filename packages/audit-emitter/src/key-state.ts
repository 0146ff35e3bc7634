/**
 * HPCS numbers of key states, for `keyState` in an event. KMIP counts the same names differently
 * (Active is 2 there, 1 here), so the enumeration's value must never be copied.
 */

/** The states of HPCS. There is no 4: NIST's "compromised" has no number here. */
export const HPCS_KEY_STATES = {
  'pre-activation': 0,
  active: 1,
  suspended: 2,
  deactivated: 3,
  destroyed: 5,
} as const;

/** What a `keyState` can be. */
export type HpcsKeyState = (typeof HPCS_KEY_STATES)[keyof typeof HPCS_KEY_STATES];

const NUMBERS: ReadonlySet<unknown> = new Set(Object.values(HPCS_KEY_STATES));

export function isHpcsKeyState(value: unknown): value is HpcsKeyState {
  return NUMBERS.has(value);
}

/** States of KMIP in the numbers of HPCS. KMIP 1.x has no state for suspended. */
export const KEY_STATES = {
  PreActive: 0,
  Active: 1,
  Deactivated: 3,
  // HPCS has no number for a compromise: the event's `revocationReason` tells it.
  Compromised: 3,
  Destroyed: 5,
  DestroyedCompromised: 5,
} as const satisfies Record<string, HpcsKeyState>;

export type KmipStateName = keyof typeof KEY_STATES;

/** @param state - Name of the state in KMIP's XML encoding. */
export function keyState(state: KmipStateName): HpcsKeyState {
  return KEY_STATES[state];
}
