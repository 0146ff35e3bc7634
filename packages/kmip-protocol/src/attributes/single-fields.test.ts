/** Requests about one attribute: by index in 1.x, by value in 2.x. */

import type { TtlvItem } from '@claviger/ttlv-codec';
import { describe, expect, it } from 'vitest';
import { errorOf } from '../error-of.fixtures.ts';
import { AdjustAttribute } from '../operations/adjust-attribute.ts';
import { DeleteAttribute } from '../operations/delete-attribute.ts';
import { ModifyAttribute } from '../operations/modify-attribute.ts';
import type { RequestOf } from '../operations/operation.ts';
import { decodeItem } from '../schema/decode.ts';
import { encodeItem } from '../schema/encode.ts';
import { anEnumeration, anInteger, aStructure, aText } from '../schema/items.fixtures.ts';
import { TAGS } from '../tables/tags.ts';
import type { Version } from '../tables/version.ts';
import { attribute } from './attribute.ts';

const request = (...items: TtlvItem[]) => aStructure('RequestPayload', ...items);
const LENGTH = { kind: 'standard', name: 'CryptographicLength' } as const;
const LENGTH_REFERENCE = anEnumeration('AttributeReference', TAGS.CryptographicLength);
const OLD = attribute('CryptographicLength', 128);
const NEW = attribute('CryptographicLength', 256);

describe('Modify Attribute', () => {
  it('tells the instance by its value in 2.x', () => {
    const item = request(
      aStructure('CurrentAttribute', anInteger('CryptographicLength', 128)),
      aStructure('NewAttribute', anInteger('CryptographicLength', 256)),
    );
    const value = { currentAttribute: OLD, attribute: NEW };
    expect(decodeItem(ModifyAttribute.request, item, '2.1')).toEqual(value);
    expect(encodeItem(ModifyAttribute.request, value, '2.1')).toEqual(item);
  });

  it('does not need the value', () => {
    const item = request(aStructure('NewAttribute', anInteger('CryptographicLength', 256)));
    expect(decodeItem(ModifyAttribute.request, item, '2.0')).toStrictEqual({ attribute: NEW });
    expect(encodeItem(ModifyAttribute.request, { attribute: NEW }, '2.0')).toEqual(item);
  });

  it('cannot tell the instance by its value in 1.x: another one would be changed', () => {
    const value = { currentAttribute: OLD, attribute: NEW };
    expect(errorOf(() => encodeItem(ModifyAttribute.request, value, '1.4'))).toEqual({
      code: 'invalid-field',
      message: 'RequestPayload/currentAttribute: KMIP 1.4 names instances by their index.',
    });
  });

  it('takes one value only', () => {
    const two = aStructure(
      'CurrentAttribute',
      anInteger('CryptographicLength', 128),
      anInteger('CryptographicLength', 192),
    );
    const item = request(two, aStructure('NewAttribute', anInteger('CryptographicLength', 256)));
    expect(errorOf(() => decodeItem(ModifyAttribute.request, item, '2.1'))).toEqual({
      code: 'invalid-message',
      message: 'RequestPayload/CurrentAttribute: must hold exactly one attribute.',
    });
  });
});

describe('Delete Attribute', () => {
  it.each<[Version, TtlvItem, RequestOf<typeof DeleteAttribute>]>([
    [
      '1.4',
      request(aText('AttributeName', 'Cryptographic Length'), anInteger('AttributeIndex', 2)),
      { attributeReference: LENGTH, attributeIndex: 2 },
    ],
    [
      '1.0',
      request(aText('AttributeName', 'Cryptographic Length')),
      { attributeReference: LENGTH },
    ],
    ['2.1', request(LENGTH_REFERENCE), { attributeReference: LENGTH }],
    [
      '2.0',
      request(aStructure('CurrentAttribute', anInteger('CryptographicLength', 128))),
      { currentAttribute: OLD },
    ],
  ])('in %s comes back as it was', (version, item, value) => {
    expect(decodeItem(DeleteAttribute.request, item, version)).toStrictEqual(value);
    expect(encodeItem(DeleteAttribute.request, value, version)).toEqual(item);
  });

  it.each<[string, Version, TtlvItem, string, string]>([
    [
      'an attribute that nobody has',
      '1.4',
      request(aText('AttributeName', 'Colour')),
      'invalid-attribute',
      'RequestPayload/AttributeName: KMIP 1.4 has no attribute "Colour".',
    ],
    [
      'a reference to what is no attribute',
      '2.1',
      request(anEnumeration('AttributeReference', TAGS.KeyBlock)),
      'invalid-attribute',
      'RequestPayload/AttributeReference: KMIP 2.1 has no attribute "KeyBlock".',
    ],
    [
      'no name in 1.x',
      '1.4',
      request(),
      'invalid-message',
      'RequestPayload: AttributeName is missing.',
    ],
    [
      'a negative index',
      '1.4',
      request(aText('AttributeName', 'Name'), anInteger('AttributeIndex', -1)),
      'invalid-field',
      'RequestPayload/AttributeIndex: must not be negative.',
    ],
    [
      'two indices',
      '1.4',
      request(
        aText('AttributeName', 'Name'),
        anInteger('AttributeIndex', 0),
        anInteger('AttributeIndex', 1),
      ),
      'invalid-message',
      'RequestPayload: AttributeIndex stands there twice.',
    ],
  ])('refuses %s', (_, version, item, code, message) => {
    expect(errorOf(() => decodeItem(DeleteAttribute.request, item, version))).toEqual({
      code,
      message,
    });
  });

  it('cannot name an instance by its index in 2.x: all of them would be deleted', () => {
    const value = { attributeReference: LENGTH, attributeIndex: 1 };
    expect(errorOf(() => encodeItem(DeleteAttribute.request, value, '2.1'))).toMatchObject({
      code: 'invalid-field',
    });
  });
});

describe('Adjust Attribute', () => {
  it('carries a value of the type of the attribute', () => {
    const item = request(
      LENGTH_REFERENCE,
      anEnumeration('AdjustmentType', 1),
      anInteger('AdjustmentValue', 64),
    );
    const value = decodeItem(AdjustAttribute.request, item, '2.1');
    expect(value).toEqual({
      attributeReference: LENGTH,
      adjustmentType: 'Increment',
      adjustmentValue: anInteger('AdjustmentValue', 64),
    });
    expect(encodeItem(AdjustAttribute.request, value, '2.1')).toEqual(item);
  });

  it('needs the attribute', () => {
    const item = request(anEnumeration('AdjustmentType', 1));
    expect(errorOf(() => decodeItem(AdjustAttribute.request, item, '2.1'))).toEqual({
      code: 'invalid-message',
      message: 'RequestPayload: AttributeReference is missing.',
    });
  });
});
