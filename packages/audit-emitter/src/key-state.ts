/**
 * HPCS numbers of KMIP's states, for `keyState` in an event. KMIP counts the same names differently
 * (Active is 2 there, 1 here), so the enumeration's value must never be copied.
 */
export const KEY_STATES = {
  PreActive: 0,
  Active: 1,
  Deactivated: 3,
  // HPCS has no number for a compromise: the event's `revocationReason` tells it.
  Compromised: 3,
  Destroyed: 5,
  DestroyedCompromised: 5,
} as const satisfies Record<string, number>;

export type KmipStateName = keyof typeof KEY_STATES;

/** @param state - Name of the state in KMIP's XML encoding. */
export function keyState(state: KmipStateName): number {
  return KEY_STATES[state];
}
