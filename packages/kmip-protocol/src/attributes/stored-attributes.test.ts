import { encodeTtlv, type TtlvItem } from '@claviger/ttlv-codec';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ClavigerError } from '../error.ts';
import { errorOf } from '../error-of.fixtures.ts';
import { anInteger, aStructure, aText } from '../schema/items.fixtures.ts';
import { VERSIONS } from '../tables/version.ts';
import { type Attribute, attribute } from './attribute.ts';
import { attributesArbitrary } from './attribute-arbitrary.fixtures.ts';
import { ATTRIBUTE_SCHEMAS, type AttributeName } from './schemas.ts';
import {
  decodeStoredAttributes,
  decodeStoredValue,
  encodeStoredAttributes,
} from './stored-attributes.ts';

const DAMAGED = {
  code: 'internal',
  message: 'The stored attributes cannot be read: restore the object from a backup.',
};

describe('the stored form of attributes', () => {
  it.each(VERSIONS)('keeps whatever KMIP %s can say', (version) => {
    const law = fc.property(attributesArbitrary(version), (attributes) => {
      expect(decodeStoredAttributes(encodeStoredAttributes(attributes))).toEqual(attributes);
    });
    fc.assert(law, { numRuns: 60 });
  });

  it('keeps indices with gaps, as deleting an instance leaves them', () => {
    const attributes = [attribute('ObjectGroup', 'a', 1), attribute('ObjectGroup', 'b', 4)];
    expect(decodeStoredAttributes(encodeStoredAttributes(attributes))).toEqual(attributes);
  });

  it('keeps attributes that are gone from the newest version', () => {
    const attributes = [attribute('OperationPolicyName', 'default')];
    expect(decodeStoredAttributes(encodeStoredAttributes(attributes))).toEqual(attributes);
  });

  it('refuses a value that is not of its type', () => {
    const wrong = { ...attribute('CryptographicLength', 1), value: 'hunter2' };
    // What TypeScript forbids, a caller without types may do.
    expect(errorOf(() => encodeStoredAttributes([wrong as unknown as Attribute]))).toEqual({
      code: 'internal',
      message: 'CryptographicLength must be a value for Integer.',
    });
  });

  it.each<[string, TtlvItem]>([
    ['another structure', aStructure('TemplateAttribute')],
    ['something else among them', aStructure('Attributes', aText('Name', 'a'))],
    [
      'an attribute without a value',
      aStructure('Attributes', aStructure('Attribute', aText('AttributeName', 'State'))),
    ],
    [
      'an attribute that nobody has',
      aStructure(
        'Attributes',
        aStructure(
          'Attribute',
          aText('AttributeName', 'Elsewhere'),
          anInteger('AttributeIndex', 0),
          anInteger('AttributeValue', 1),
        ),
      ),
    ],
  ])('tells damaged bytes: %s', (_, item) => {
    expect(errorOf(() => decodeStoredAttributes(encodeTtlv(item)))).toEqual(DAMAGED);
  });

  it('tells every truncation, and never in another way than as internal', () => {
    const stored = encodeStoredAttributes([
      attribute('State', 'Active'),
      attribute('ObjectGroup', 'a'),
    ]);
    for (let length = 0; length < stored.length; length++) {
      expect(errorOf(() => decodeStoredAttributes(stored.subarray(0, length)))).toEqual(DAMAGED);
    }
  });

  it('keeps the cause, for the log', () => {
    let cause: unknown;
    try {
      decodeStoredAttributes(new Uint8Array(3));
    } catch (error) {
      cause = error instanceof ClavigerError ? error.cause : undefined;
    }
    expect(cause).toMatchObject({ name: 'TtlvError', code: 'truncated' });
  });
});

describe('one value of them', () => {
  // The keys are the names.
  const names = Object.keys(ATTRIBUTE_SCHEMAS) as AttributeName[];

  it('is that of the first instance among all, or nothing where there is none', () => {
    const law = fc.property(attributesArbitrary('2.1'), (attributes) => {
      const stored = encodeStoredAttributes(attributes);
      for (const name of names) {
        const first = attributes.find((each) => each.kind === 'standard' && each.name === name);
        expect(decodeStoredValue(stored, name)).toEqual(first?.value);
      }
    });
    fc.assert(law, { numRuns: 60 });
  });

  it('is not that of a vendor who uses the name', () => {
    const vendor: Attribute = {
      kind: 'vendor',
      vendorIdentification: 'x',
      name: 'State',
      index: 0,
      value: anInteger('AttributeValue', 1),
    };
    const stored = encodeStoredAttributes([vendor, attribute('State', 'Active')]);
    expect(decodeStoredValue(stored, 'State')).toBe('Active');
  });

  it('is found wherever in a buffer the attributes lie', () => {
    const stored = encodeStoredAttributes([attribute('State', 'Active')]);
    const wider = new Uint8Array(stored.length + 6);
    wider.set(stored, 3);
    expect(decodeStoredValue(wider.subarray(3, -3), 'State')).toBe('Active');
  });

  it('tells every truncation: what was cut off is not taken for absent', () => {
    const stored = encodeStoredAttributes([
      attribute('ObjectGroup', 'a'),
      attribute('Extractable', false),
    ]);
    for (let length = 0; length < stored.length; length++) {
      const cut = stored.subarray(0, length);
      expect(errorOf(() => decodeStoredValue(cut, 'Extractable'))).toEqual(DAMAGED);
    }
  });

  it('tells a value of another type', () => {
    const item = aStructure(
      'Attributes',
      aStructure(
        'Attribute',
        aText('AttributeName', 'State'),
        anInteger('AttributeIndex', 0),
        aText('AttributeValue', 'Active'),
      ),
    );
    expect(errorOf(() => decodeStoredValue(encodeTtlv(item), 'State'))).toEqual(DAMAGED);
  });
});
