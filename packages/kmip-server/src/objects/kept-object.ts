/**
 * An object as it comes from the store. Its attributes are decoded when somebody asks for all of them;
 * most requests ask for the values of a few, which are read out of the bytes.
 */

import type { StoredObject } from '@claviger/key-store';
import {
  type Attribute,
  type AttributeName,
  type AttributeValue,
  decodeStoredAttributes,
  decodeStoredValue,
} from '@claviger/kmip-protocol';
import type { ManagedObject } from './managed-object.ts';

export class KeptObject implements ManagedObject {
  readonly id: string;
  readonly adapterId: string;
  readonly version: number;
  readonly objectType: ManagedObject['objectType'];
  readonly material: Uint8Array | null;
  readonly createdAt: number;
  readonly owner: string | undefined;
  /** Reading it throws ClavigerError `internal` when the record is damaged. */
  declare readonly attributes: readonly Attribute[];
  readonly #stored: Uint8Array;
  #attributes: readonly Attribute[] | undefined;

  constructor(record: StoredObject) {
    this.id = record.id;
    this.adapterId = record.adapterId;
    this.version = record.version;
    // Written by `toRecord` from this very type.
    this.objectType = record.objectType as ManagedObject['objectType'];
    this.material = record.material;
    this.createdAt = record.createdAt;
    this.owner = record.owner;
    this.#stored = record.attributes;
    // A property of its own, so that whoever spreads the object gets them.
    Object.defineProperty(this, 'attributes', {
      enumerable: true,
      get: () => {
        this.#attributes ??= decodeStoredAttributes(this.#stored);
        return this.#attributes;
      },
    });
  }

  /** Of the first instance of an attribute. @throws as `attributes`. */
  valueNamed<N extends AttributeName>(name: N): AttributeValue<N> | undefined {
    return decodeStoredValue(this.#stored, name);
  }
}
