/**
 * The life cycle of a managed object (1.4 §3.22, 2.1 §4.57): the State that was last set by an
 * operation, moved on by the dates that have passed since.
 */

import type { EnumerationValueName } from '@claviger/kmip-protocol';
import { attributeValue, type ManagedObject } from '../objects/managed-object.ts';

export type State = EnumerationValueName<'State'>;

/** The State at a time, in POSIX seconds (transitions 4 and 6). */
export function stateAt(object: Pick<ManagedObject, 'attributes'>, nowSeconds: number): State {
  const stored = storedState(object);
  const activation = attributeValue(object, 'ActivationDate');
  const deactivation = attributeValue(object, 'DeactivationDate');
  const isActive =
    stored === 'Active' ||
    (stored === 'PreActive' && activation !== undefined && activation <= nowSeconds);
  if (!isActive) return stored;
  return deactivation !== undefined && deactivation <= nowSeconds ? 'Deactivated' : 'Active';
}

function storedState(object: Pick<ManagedObject, 'attributes'>): State {
  // Templates have no State (1.4 §3.22); what the life cycle asks of them, it asks of a fresh object.
  const state = attributeValue(object, 'State') ?? 'PreActive';
  if (state.startsWith('0x')) throw new Error('The State of a stored object is not known.');
  return state as State; // every other value has a name of the table
}

/** Where Revoke leads (1.4 §4.20); a missing row is a transition that the specification does not permit. */
export const AFTER_REVOKE: {
  readonly [kind in 'compromise' | 'other']: { readonly [from in State]?: State };
} = {
  compromise: {
    PreActive: 'Compromised',
    Active: 'Compromised',
    Deactivated: 'Compromised',
    Destroyed: 'DestroyedCompromised',
  },
  other: { Active: 'Deactivated' },
};

/** Where Destroy leads (1.4 §4.21). */
export const AFTER_DESTROY: { readonly [from in State]?: State } = {
  PreActive: 'Destroyed',
  Deactivated: 'Destroyed',
  Compromised: 'DestroyedCompromised',
};

export function isDestroyed(state: State): boolean {
  return state === 'Destroyed' || state === 'DestroyedCompromised';
}
