import type { TtlvItem } from '@claviger/ttlv-codec';
import { describe, expect, it } from 'vitest';
import { errorOf } from '../error-of.fixtures.ts';
import { AddAttribute } from '../operations/add-attribute.ts';
import { Notify } from '../operations/notify.ts';
import { decodeItem } from '../schema/decode.ts';
import { encodeItem } from '../schema/encode.ts';
import { anEnumeration, anInteger, aStructure, aText } from '../schema/items.fixtures.ts';
import { TAGS } from '../tables/tags.ts';
import type { Version } from '../tables/version.ts';
import { attribute } from './attribute.ts';
import type { NotifiedAttributes } from './notified-attributes.ts';

const ID = aText('UniqueIdentifier', '7');
const LENGTH = attribute('CryptographicLength', 256);
const notify = (...items: TtlvItem[]) => aStructure('RequestPayload', ID, ...items);
const gone = (index: number) => ({ kind: 'standard', name: 'Name', index }) as const;

describe('Notify', () => {
  it.each<[string, Version, TtlvItem, NotifiedAttributes]>([
    [
      'an Attribute without a value is one that is gone',
      '1.4',
      notify(
        aStructure(
          'Attribute',
          aText('AttributeName', 'Cryptographic Length'),
          anInteger('AttributeValue', 256),
        ),
        aStructure('Attribute', aText('AttributeName', 'Name'), anInteger('AttributeIndex', 1)),
      ),
      { changed: [LENGTH], deleted: [gone(1)] },
    ],
    [
      'an Attribute Reference names one that is gone',
      '2.1',
      notify(
        aStructure('Attributes', anInteger('CryptographicLength', 256)),
        anEnumeration('AttributeReference', TAGS.Name),
      ),
      { changed: [LENGTH], deleted: [gone(0)] },
    ],
    [
      'there may be nothing but what is gone',
      '2.0',
      notify(anEnumeration('AttributeReference', TAGS.Name)),
      { changed: [], deleted: [gone(0)] },
    ],
  ])('%s', (_, version, item, attributes) => {
    const value = { uniqueIdentifier: '7', attributes };
    expect(decodeItem(Notify.request, item, version)).toEqual(value);
    expect(encodeItem(Notify.request, value, version)).toEqual(item);
  });

  it('leaves out what the client cannot name', () => {
    const attributes = {
      changed: [LENGTH, attribute('RotateLatest', true)],
      deleted: [{ kind: 'standard', name: 'RotateLatest', index: 0 }],
    } as const;
    const item = encodeItem(Notify.request, { uniqueIdentifier: '7', attributes }, '1.4');
    expect(decodeItem(Notify.request, item, '1.4').attributes).toEqual({
      changed: [LENGTH],
      deleted: [],
    });
  });

  it('says where an attribute cannot be read', () => {
    const item = notify(aStructure('Attribute', aText('AttributeName', 'Colour')));
    expect(errorOf(() => decodeItem(Notify.request, item, '1.4'))).toEqual({
      code: 'invalid-attribute',
      message: 'RequestPayload/Attribute: KMIP 1.4 has no attribute "Colour".',
    });
  });
});

describe('an Attribute without a value', () => {
  it('is refused elsewhere', () => {
    const item = aStructure(
      'RequestPayload',
      aStructure('Attribute', aText('AttributeName', 'Name')),
    );
    expect(errorOf(() => decodeItem(AddAttribute.request, item, '1.4'))).toEqual({
      code: 'invalid-message',
      message: 'RequestPayload/Attribute: AttributeValue is missing.',
    });
  });
});
