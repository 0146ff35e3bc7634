/** Managed objects for tests. */

import { type Attribute, attribute, TAGS, type VendorAttribute } from '@claviger/kmip-protocol';
import type { State } from '../lifecycle/state.ts';
import type { ManagedObject } from './managed-object.ts';

/** A time for tests, in POSIX seconds. */
export const NOW = 1_770_000_000;

export interface SymmetricKeyOptions {
  readonly id?: string;
  /** As it is stored; dates may have moved it on. */
  readonly state?: State;
  /** Any others. */
  readonly attributes?: readonly Attribute[];
}

/** An AES key of 256 bits as the store may hold it. */
export function aSymmetricKey(options: SymmetricKeyOptions = {}): ManagedObject {
  const { id = '11111111-2222-4333-8444-555555555555', state = 'PreActive' } = options;
  return {
    id,
    adapterId: 'adapter',
    version: 1,
    objectType: 'SymmetricKey',
    attributes: [
      attribute('UniqueIdentifier', id),
      attribute('ObjectType', 'SymmetricKey'),
      attribute('CryptographicAlgorithm', 'AES'),
      attribute('CryptographicLength', 256),
      attribute('CryptographicUsageMask', 0b1100),
      attribute('State', state),
      attribute('InitialDate', NOW - 1000),
      attribute('LastChangeDate', NOW - 1000),
      ...(options.attributes ?? []),
    ],
    material: new Uint8Array([1, 2, 3]),
    createdAt: (NOW - 1000) * 1000,
  };
}

/** A Name of the type Uninterpreted Text String. */
export function aName(nameValue: string, index = 0): Attribute {
  return attribute('Name', { nameValue, nameType: 'UninterpretedTextString' }, index);
}

/** A text attribute of a client: `x-NAME` in 1.x. */
export function aCustom(name: string, value: string, vendorIdentification = 'x'): VendorAttribute {
  return {
    kind: 'vendor',
    vendorIdentification,
    name,
    index: 0,
    value: { tag: TAGS.AttributeValue, type: 'TextString', value },
  };
}
