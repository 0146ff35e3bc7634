/** What others must know of the records that this server writes, without knowing KMIP. */

import type { ObjectRecord, Predicate, StoredObject } from '@claviger/key-store';
import { type Attribute, attributeText, decodeStoredAttributes } from '@claviger/kmip-protocol';
import { AFTER_DESTROY, isDestroyed, type State, stateAt } from '../lifecycle/state.ts';
import { statePredicate } from '../locate/predicate.ts';
import { fromRecord, toRecord, withValues } from './managed-object.ts';

/** An attribute as JSON can hold it. */
export interface PlainAttribute {
  /** As KMIP 1.x writes it, e.g. `Cryptographic Length` or `x-Name`. */
  readonly name: string;
  /** Absent for 0. */
  readonly index?: number;
  /** Bytes are hexadecimal digits, 64-bit numbers are texts. */
  readonly value: unknown;
}

export interface StoredObjects {
  /** Every attribute of a record, in its order. */
  attributesOf(attributes: Uint8Array): readonly PlainAttribute[];
  /** The State of an object at a time, in milliseconds, from the attributes of its record. */
  stateAt(attributes: Uint8Array, nowMs: number): State;
  /** Finds the objects that are in one of the states at that time. */
  whereState(states: readonly State[], nowMs: number): Predicate;
  /**
   * The next version of a record that is not destroyed: without its material, in the state where
   * Destroy leads. An administrator may do so to an Active object too, which a client may not.
   */
  destroyed(record: StoredObject, nowMs: number): ObjectRecord;
}

/** Throws where a record is damaged. */
export const storedObjects: StoredObjects = {
  attributesOf: (attributes) => decodeStoredAttributes(attributes).map(plainAttribute),

  stateAt: (attributes, nowMs) =>
    stateAt({ attributes: decodeStoredAttributes(attributes) }, seconds(nowMs)),

  whereState: (states, nowMs) => ({
    kind: 'or',
    of: states.map((state) => statePredicate(state, seconds(nowMs))),
  }),

  destroyed(record, nowMs) {
    const object = fromRecord(record);
    const now = seconds(nowMs);
    const before = stateAt(object, now);
    if (isDestroyed(before)) throw new RangeError('The object has been destroyed already.');
    const destroyed = withValues(object, {
      State: AFTER_DESTROY[before] ?? 'Destroyed',
      DestroyDate: now,
      LastChangeDate: now,
    });
    return toRecord({ ...destroyed, material: null });
  },
};

function plainAttribute(attribute: Attribute): PlainAttribute {
  const { index } = attribute;
  const value = attribute.kind === 'vendor' ? attribute.value.value : attribute.value;
  return { name: attributeText(attribute), ...(index > 0 && { index }), value: plain(value) };
}

function plain(value: unknown): unknown {
  if (value instanceof Uint8Array) return Buffer.from(value).toString('hex');
  if (typeof value === 'bigint') return value.toString();
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, plain(part)]));
}

function seconds(milliseconds: number): number {
  return Math.floor(milliseconds / 1000);
}
