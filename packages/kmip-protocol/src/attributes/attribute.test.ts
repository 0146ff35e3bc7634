import { describe, expect, it } from 'vitest';
import { anInteger, aText } from '../schema/items.fixtures.ts';
import { ATTRIBUTE_RULES } from '../tables/attributes.ts';
import {
  type Attribute,
  attribute,
  attributeText,
  hasAttribute,
  isAttributeName,
  isReferredTo,
  parseAttributeText,
} from './attribute.ts';

const NAMES = Object.keys(ATTRIBUTE_RULES).filter(isAttributeName);

describe('parseAttributeText', () => {
  it('leads back from the 1.x name of every attribute', () => {
    for (const name of NAMES) {
      expect(parseAttributeText(attributeText({ kind: 'standard', name }))).toEqual({
        kind: 'standard',
        name,
      });
    }
  });

  it.each([
    ['x-Product_Version', 'x', 'Product_Version'],
    ['y-a', 'y', 'a'],
    ['x-x-a', 'x', 'x-a'],
    ['x-two\nlines', 'x', 'two\nlines'],
    ['x-ä', 'x', 'ä'],
  ])('reads %j as an attribute of a vendor', (text, vendorIdentification, name) => {
    const reference = { kind: 'vendor', vendorIdentification, name } as const;
    expect(parseAttributeText(text)).toEqual(reference);
    expect(attributeText(reference)).toBe(text);
  });

  it.each([
    '',
    'x-',
    'y-',
    'x',
    'X-Product',
    'z-Product',
    ' x-Product',
    'CryptographicAlgorithm',
    'cryptographic algorithm',
    'Cryptographic Algorithm ',
    'toString',
  ])('does not know %j', (text) => {
    expect(parseAttributeText(text)).toBeUndefined();
  });
});

describe('attribute', () => {
  it('makes the first instance unless told', () => {
    expect(attribute('State', 'Active')).toEqual({
      kind: 'standard',
      name: 'State',
      index: 0,
      value: 'Active',
    });
    expect(attribute('ObjectGroup', 'a', 3).index).toBe(3);
  });
});

describe('isAttributeName', () => {
  it.each(['toString', '__proto__', 'Attribute', 'State '])('does not take %j for one', (name) => {
    expect(isAttributeName(name)).toBe(false);
  });
});

describe('hasAttribute', () => {
  it.each([
    ['1.0', 'State', true],
    ['1.3', 'Sensitive', false],
    ['1.4', 'Sensitive', true],
    ['1.4', 'OperationPolicyName', true],
    ['2.0', 'OperationPolicyName', false],
    ['2.0', 'RotateName', false],
    ['2.1', 'RotateName', true],
  ] as const)('in KMIP %s for %s: %s', (version, name, has) => {
    expect(hasAttribute(version, name)).toBe(has);
  });
});

describe('isReferredTo', () => {
  const vendor: Attribute = {
    kind: 'vendor',
    vendorIdentification: 'x',
    name: 'State',
    index: 0,
    value: aText('AttributeValue', 'a'),
  };
  const other: Attribute = { ...vendor, value: anInteger('AttributeValue', 1), index: 4 };

  it('holds for every instance of the attribute', () => {
    const reference = { kind: 'vendor', vendorIdentification: 'x', name: 'State' } as const;
    expect([vendor, other].map((each) => isReferredTo(each, reference))).toEqual([true, true]);
    expect(isReferredTo(attribute('State', 'Active'), { kind: 'standard', name: 'State' })).toBe(
      true,
    );
  });

  it.each([
    { kind: 'standard', name: 'State' },
    { kind: 'vendor', vendorIdentification: 'y', name: 'State' },
    { kind: 'vendor', vendorIdentification: 'x', name: 'Name' },
  ] as const)('tells it from %j', (reference) => {
    expect(isReferredTo(vendor, reference)).toBe(false);
  });
});
