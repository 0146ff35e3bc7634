import { encodeTtlv, type TtlvItem } from '@claviger/ttlv-codec';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { attribute } from '../attributes/attribute.ts';
import { valueArbitrary } from '../attributes/attribute-arbitrary.fixtures.ts';
import { errorOf } from '../error-of.fixtures.ts';
import { Get } from '../operations/get.ts';
import { anEnumeration, anItem, aStructure } from '../schema/items.fixtures.ts';
import {
  decodeStoredObject,
  encodeStoredObject,
  MANAGED_OBJECT_KEYS,
  type ManagedObject,
  managedObjectFields,
} from './managed-object.ts';

const KEY: ManagedObject = {
  symmetricKey: {
    keyBlock: {
      keyFormatType: 'Raw',
      keyValue: { keyMaterial: new TextEncoder().encode('hunter2 hunter2!'), attributes: [] },
      cryptographicAlgorithm: 'AES',
      cryptographicLength: 128,
    },
  },
};
const DAMAGED = {
  code: 'internal',
  message: 'The stored object cannot be read: restore the object from a backup.',
};

describe('the stored form of an object', () => {
  it('keeps every kind of object', () => {
    const law = fc.property(valueArbitrary(Get.response, '2.1'), (answer) => {
      const { objectType: _, uniqueIdentifier: __, ...object } = answer;
      expect(decodeStoredObject(encodeStoredObject(object))).toStrictEqual(object);
    });
    fc.assert(law, { numRuns: 200 });
  });

  it('keeps a Template, which the newest version does not have', () => {
    const template = { attributes: [attribute('OperationPolicyName', 'default')] };
    expect(decodeStoredObject(encodeStoredObject({ template }))).toStrictEqual({ template });
  });

  it('is bytes of its own, for the caller to wipe', () => {
    const stored = encodeStoredObject(KEY);
    expect(decodeStoredObject(stored)).toEqual(KEY);
    stored.fill(0);
    expect(decodeStoredObject(encodeStoredObject(KEY))).toEqual(KEY);
  });

  it.each<[string, ManagedObject]>([
    ['no object', {}],
    [
      'two objects',
      { ...KEY, secretData: { secretDataType: 'Password', keyBlock: { keyFormatType: 'Opaque' } } },
    ],
  ])('refuses %s', (_, object) => {
    const ofNewest = MANAGED_OBJECT_KEYS.filter((key) => key !== 'template');
    expect(errorOf(() => encodeStoredObject(object))).toEqual({
      code: 'internal',
      message: `KeyMaterial: needs exactly one of ${ofNewest.join(', ')}.`,
    });
  });

  it.each<[string, TtlvItem]>([
    ['another structure', aStructure('KeyValue')],
    ['no object', aStructure('KeyMaterial')],
    [
      'two objects',
      aStructure(
        'KeyMaterial',
        aStructure('SymmetricKey', aStructure('KeyBlock', anEnumeration('KeyFormatType', 1))),
        aStructure('PublicKey', aStructure('KeyBlock', anEnumeration('KeyFormatType', 1))),
      ),
    ],
    [
      'key material in its place',
      anItem('KeyMaterial', 'ByteString', new TextEncoder().encode('hunter2')),
    ],
  ])('tells damaged bytes: %s', (_, item) => {
    expect(errorOf(() => decodeStoredObject(encodeTtlv(item)))).toEqual(DAMAGED);
  });

  it('tells every truncation', () => {
    const stored = encodeStoredObject(KEY);
    for (let length = 0; length < stored.length; length++) {
      expect(errorOf(() => decodeStoredObject(stored.subarray(0, length)))).toEqual(DAMAGED);
    }
  });
});

describe('MANAGED_OBJECT_KEYS', () => {
  it('are the fields of the managed objects', () => {
    expect(MANAGED_OBJECT_KEYS).toEqual(Object.keys(managedObjectFields));
  });
});
