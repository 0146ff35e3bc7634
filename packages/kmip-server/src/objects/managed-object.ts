/**
 * A managed object in memory: an immutable value that the operations compute with. The store's record
 * is its form at rest.
 */

import type { IndexEntry, ObjectRecord, StoredObject } from '@claviger/key-store';
import {
  type Attribute,
  type AttributeName,
  type AttributeValue,
  attribute,
  type EnumerationValue,
  encodeStoredAttributes,
  isReferredTo,
  type StandardAttribute,
} from '@claviger/kmip-protocol';
import { indexEntries, uniqueNames } from './index-entries.ts';
import { KeptObject } from './kept-object.ts';
import { ownerEntries } from './owner.ts';

export interface ManagedObject {
  readonly id: string;
  readonly adapterId: string;
  /** 0 for an object that was never stored. */
  readonly version: number;
  readonly objectType: EnumerationValue<'ObjectType'>;
  readonly attributes: readonly Attribute[];
  /** Sealed; null when destroyed. */
  readonly material: Uint8Array | null;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  /** The name of the credential that made it; without one it belongs to the whole adapter. */
  readonly owner?: string | undefined;
}

/** Damage of a record is found when its attributes are read: they throw ClavigerError `internal` then. */
export function fromRecord(record: StoredObject): ManagedObject {
  return new KeptObject(record);
}

/** The record of the object's next version. */
export function toRecord(object: ManagedObject): ObjectRecord {
  return {
    id: object.id,
    adapterId: object.adapterId,
    version: object.version + 1,
    objectType: object.objectType,
    attributes: encodeStoredAttributes(object.attributes),
    material: object.material,
    index: objectIndex(object),
    // A destroyed object has its Names still, but leaves them to others.
    uniqueNames: hasBeenDestroyed(object) ? [] : uniqueNames(object.attributes),
    createdAt: object.createdAt,
    ...(object.owner !== undefined && { owner: object.owner }),
  };
}

/** Everything that the object is found by, and its owner. */
export function objectIndex({ attributes, owner, objectType }: ManagedObject): IndexEntry[] {
  return [...indexEntries(attributes), ...ownerEntries(owner, objectType)];
}

/** The value of the first instance of an attribute. */
export function attributeValue<N extends AttributeName>(
  object: Pick<ManagedObject, 'attributes'>,
  name: N,
): AttributeValue<N> | undefined {
  if (object instanceof KeptObject) return object.valueNamed(name);
  for (const candidate of object.attributes) {
    if (candidate.kind === 'standard' && candidate.name === name) {
      return (candidate as StandardAttribute<N>).value; // the name decides the type of the value
    }
  }
  return undefined;
}

/** The instances of an attribute of any kind, in their order. */
export function instancesOf(
  object: Pick<ManagedObject, 'attributes'>,
  reference: Parameters<typeof isReferredTo>[1],
): readonly Attribute[] {
  return object.attributes.filter((candidate) => isReferredTo(candidate, reference));
}

/** Sets single-instance attributes, replacing what they were. */
export function withValues(
  object: ManagedObject,
  values: { readonly [N in AttributeName]?: AttributeValue<N> | undefined },
): ManagedObject {
  const entries = Object.entries(values).filter(([, value]) => value !== undefined);
  const names = new Set(entries.map(([name]) => name));
  const kept = object.attributes.filter(
    (candidate) => candidate.kind === 'vendor' || !names.has(candidate.name),
  );
  const set = entries.map(([name, value]) =>
    // The parameter's type ties each name to its value; Object.entries forgets that.
    attribute(name as AttributeName, value as AttributeValue<AttributeName>),
  );
  return { ...object, attributes: [...kept, ...set] };
}

function hasBeenDestroyed(object: ManagedObject): boolean {
  return attributeValue(object, 'DestroyDate') !== undefined;
}
