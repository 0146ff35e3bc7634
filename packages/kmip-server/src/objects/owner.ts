/**
 * To whom an object belongs: the name of a credential of its adapter. It stands beside the attributes
 * in the record of the object, and in its index, so that a Locate can ask for it.
 */

import type { IndexEntry, Predicate } from '@claviger/key-store';
import type { EnumerationValue } from '@claviger/kmip-protocol';
import { textValue } from './index-entries.ts';

// No attribute has an entry of such a name.
const OWNER_ENTRY = '*owner';
const GUARDED_ENTRY = '*guarded';

/** Types that the default policy lets everybody read (1.4 §3.18.2.2). */
const OPEN_TYPES: ReadonlySet<string> = new Set(['Certificate', 'PublicKey']);

/** Whether only its owner may see such an object. */
export function isGuarded(objectType: EnumerationValue<'ObjectType'>): boolean {
  return !OPEN_TYPES.has(objectType);
}

/** The entries by which objects are found by their owner. */
export function ownerEntries(
  owner: string | undefined,
  objectType: EnumerationValue<'ObjectType'>,
): readonly IndexEntry[] {
  if (owner === undefined) return [];
  const mine = { name: OWNER_ENTRY, value: textValue(owner) };
  return isGuarded(objectType) ? [mine, { name: GUARDED_ENTRY, value: 1, shared: true }] : [mine];
}

export function ownedBy(owner: string): Predicate {
  return { kind: 'equals', name: OWNER_ENTRY, value: textValue(owner) };
}

/** Objects that only their owner may see. */
export function ownedByAnybody(): Predicate {
  return { kind: 'equals', name: GUARDED_ENTRY, value: 1 };
}
