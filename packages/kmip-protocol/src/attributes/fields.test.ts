/** Attributes in messages: one value in memory, two forms on the wire. */

import type { ItemType, TtlvItem } from '@claviger/ttlv-codec';
import { describe, expect, it } from 'vitest';
import { errorOf } from '../error-of.fixtures.ts';
import { KeyValue } from '../objects/key-block.ts';
import { AddAttribute } from '../operations/add-attribute.ts';
import { Create } from '../operations/create.ts';
import { GetAttributeList } from '../operations/get-attribute-list.ts';
import { GetAttributes } from '../operations/get-attributes.ts';
import { Locate } from '../operations/locate.ts';
import { DESCRIBED_PAYLOADS, DESCRIBED_STRUCTURES } from '../schema/all-structures.fixtures.ts';
import { decodeItem } from '../schema/decode.ts';
import { encodeItem } from '../schema/encode.ts';
import { anEnumeration, anInteger, anItem, aStructure, aText } from '../schema/items.fixtures.ts';
import type { StructureSchema } from '../schema/schema.ts';
import { TAGS, type TagName } from '../tables/tags.ts';
import { isWithin, VERSIONS, type Version } from '../tables/version.ts';
import { type Attribute, attribute } from './attribute.ts';

/** An attribute of 1.x. */
const indexed = (name: string, value: TtlvItem, index?: number) =>
  aStructure(
    'Attribute',
    aText('AttributeName', name),
    ...(index === undefined ? [] : [anInteger('AttributeIndex', index)]),
    value,
  );
const aValue = (value: string) => aText('AttributeValue', value);
const ofVendor = (vendor: string, name: string, value: TtlvItem) =>
  aStructure(
    'Attribute',
    aText('VendorIdentification', vendor),
    aText('AttributeName', name),
    value,
  );
const vendorAttribute = (
  vendorIdentification: string,
  name: string,
  value: TtlvItem,
  index = 0,
): Attribute => ({ kind: 'vendor', vendorIdentification, name, index, value });
const reference = (name: TagName) => anEnumeration('AttributeReference', TAGS[name]);

const LENGTH_1 = indexed('Cryptographic Length', anInteger('AttributeValue', 256));
const LENGTH_2 = anInteger('CryptographicLength', 256);
const LENGTH = attribute('CryptographicLength', 256);
const NAME_VALUE = { nameValue: 'a', nameType: 'UninterpretedTextString' } as const;
const NAME_FIELDS = [aText('NameValue', 'a'), anEnumeration('NameType', 1)];

describe('one attribute', () => {
  it.each<[string, Version, TtlvItem, Attribute]>([
    ['a primitive in 1.x', '1.4', aStructure('RequestPayload', LENGTH_1), LENGTH],
    [
      'a structure in 1.x',
      '1.0',
      aStructure('RequestPayload', indexed('Name', aStructure('AttributeValue', ...NAME_FIELDS))),
      attribute('Name', NAME_VALUE),
    ],
    [
      'a later instance in 1.x',
      '1.2',
      aStructure('RequestPayload', indexed('Object Group', aValue('a'), 3)),
      attribute('ObjectGroup', 'a', 3),
    ],
    [
      'a custom attribute of 1.x, which is one of vendor x',
      '1.1',
      aStructure('RequestPayload', indexed('x-Product', aValue('vCenter'), 1)),
      vendorAttribute('x', 'Product', aValue('vCenter'), 1),
    ],
    [
      'a primitive in 2.x',
      '2.1',
      aStructure('RequestPayload', aStructure('NewAttribute', LENGTH_2)),
      LENGTH,
    ],
    [
      'a structure in 2.x',
      '2.0',
      aStructure('RequestPayload', aStructure('NewAttribute', aStructure('Name', ...NAME_FIELDS))),
      attribute('Name', NAME_VALUE),
    ],
    [
      'an attribute of vendor x in 2.x, which is a custom one of 1.x',
      '2.0',
      aStructure(
        'RequestPayload',
        aStructure('NewAttribute', ofVendor('x', 'Product', aValue('vCenter'))),
      ),
      vendorAttribute('x', 'Product', aValue('vCenter')),
    ],
    [
      'an attribute of any vendor in 2.x',
      '2.1',
      aStructure(
        'RequestPayload',
        aStructure('NewAttribute', ofVendor('ACME', 'Zone', anInteger('AttributeValue', 7))),
      ),
      vendorAttribute('ACME', 'Zone', anInteger('AttributeValue', 7)),
    ],
  ])('is read and written: %s', (_, version, item, value) => {
    expect(decodeItem(AddAttribute.request, item, version).attribute).toEqual(value);
    expect(encodeItem(AddAttribute.request, { attribute: value }, version)).toEqual(item);
  });

  it('reads an Attribute Index of 0 as it reads none', () => {
    const item = aStructure('RequestPayload', indexed('Object Group', aValue('a'), 0));
    expect(decodeItem(AddAttribute.request, item, '1.4').attribute).toEqual(
      attribute('ObjectGroup', 'a'),
    );
  });

  it('of vendor x or y is the same in both generations', () => {
    const given = aStructure('RequestPayload', indexed('y-Zone', aValue('a')));
    const { attribute: value } = decodeItem(AddAttribute.request, given, '1.4');
    const taken = encodeItem(AddAttribute.request, { attribute: value }, '2.1');
    expect(taken).toEqual(
      aStructure('RequestPayload', aStructure('NewAttribute', ofVendor('y', 'Zone', aValue('a')))),
    );
    const { attribute: back } = decodeItem(AddAttribute.request, taken, '2.1');
    expect(encodeItem(AddAttribute.request, { attribute: back }, '1.4')).toEqual(given);
  });

  it('is echoed in 1.x only', () => {
    const response = { uniqueIdentifier: '1', attribute: LENGTH };
    const id = aText('UniqueIdentifier', '1');
    expect(encodeItem(AddAttribute.response, response, '1.4')).toEqual(
      aStructure('ResponsePayload', id, LENGTH_1),
    );
    expect(encodeItem(AddAttribute.response, response, '2.0')).toEqual(
      aStructure('ResponsePayload', id),
    );
    expect(decodeItem(AddAttribute.response, aStructure('ResponsePayload', id), '2.0')).toEqual({
      uniqueIdentifier: '1',
      attribute: undefined,
    });
  });
});

describe('the attributes of a new object', () => {
  const objectType = anEnumeration('ObjectType', 2);

  it('come in a Template-Attribute in 1.x, with the names of templates before them', () => {
    const item = aStructure(
      'RequestPayload',
      objectType,
      aStructure(
        'TemplateAttribute',
        aStructure('Name', ...NAME_FIELDS),
        LENGTH_1,
        indexed('x-a', aValue('b')),
      ),
    );
    const value = {
      objectType: 'SymmetricKey',
      attributes: {
        templateNames: [NAME_VALUE],
        attributes: [LENGTH, vendorAttribute('x', 'a', aValue('b'))],
      },
    } as const;
    expect(decodeItem(Create.request, item, '1.1')).toEqual(value);
    expect(encodeItem(Create.request, value, '1.1')).toEqual(item);
  });

  it('come in Attributes in 2.x, where instances are numbered as they stand', () => {
    const item = aStructure(
      'RequestPayload',
      objectType,
      aStructure(
        'Attributes',
        aText('ObjectGroup', 'a'),
        ofVendor('x', 'b', aValue('1')),
        LENGTH_2,
        aText('ObjectGroup', 'c'),
        ofVendor('x', 'b', aValue('2')),
      ),
    );
    const value = {
      objectType: 'SymmetricKey',
      attributes: {
        templateNames: [],
        attributes: [
          attribute('ObjectGroup', 'a'),
          vendorAttribute('x', 'b', aValue('1')),
          LENGTH,
          attribute('ObjectGroup', 'c', 1),
          vendorAttribute('x', 'b', aValue('2'), 1),
        ],
      },
    } as const;
    expect(decodeItem(Create.request, item, '2.1')).toEqual(value);
    expect(encodeItem(Create.request, value, '2.1')).toEqual(item);
  });

  it('number the attributes of two vendors apart, however their names are put together', () => {
    const item = aStructure(
      'RequestPayload',
      aStructure(
        'Attributes',
        ofVendor('a-b', 'c', aValue('1')),
        ofVendor('a', 'b-c', aValue('2')),
      ),
    );
    const { attributes } = decodeItem(Locate.request, item, '2.1');
    expect(attributes.map(({ index }) => index)).toEqual([0, 0]);
  });
});

describe('a list of attributes', () => {
  it('stands in the payload itself in 1.x, in Attributes in 2.x', () => {
    const value = { attributes: [LENGTH] };
    const in1 = aStructure('RequestPayload', LENGTH_1);
    const in2 = aStructure('RequestPayload', aStructure('Attributes', LENGTH_2));
    expect(encodeItem(Locate.request, value, '1.4')).toEqual(in1);
    expect(encodeItem(Locate.request, value, '2.0')).toEqual(in2);
    expect(decodeItem(Locate.request, in1, '1.4')).toEqual(value);
    expect(decodeItem(Locate.request, in2, '2.0')).toEqual(value);
  });

  it('may be left out in 2.x, and is written where it is required', () => {
    const empty = { attributes: [] };
    expect(decodeItem(Locate.request, aStructure('RequestPayload'), '2.0')).toEqual(empty);
    expect(encodeItem(Locate.request, empty, '2.0')).toEqual(
      aStructure('RequestPayload', aStructure('Attributes')),
    );
  });

  it('is not written where it is optional and empty', () => {
    const keyMaterial = new Uint8Array([1]);
    const item = aStructure('KeyValue', anItem('KeyMaterial', 'ByteString', keyMaterial));
    expect(encodeItem(KeyValue, { keyMaterial, attributes: [] }, '2.1')).toEqual(item);
    expect(encodeItem(KeyValue, { keyMaterial, attributes: [] }, '1.4')).toEqual(item);
  });
});

describe('references to attributes', () => {
  it.each<[string, Version, TtlvItem, unknown]>([
    ['a name of 1.x', '1.0', aText('AttributeName', 'State'), { kind: 'standard', name: 'State' }],
    [
      'a custom name of 1.x',
      '1.1',
      aText('AttributeName', 'x-Vendor'),
      { kind: 'vendor', vendorIdentification: 'x', name: 'Vendor' },
    ],
    ['a tag of 2.x', '2.0', reference('State'), { kind: 'standard', name: 'State' }],
    [
      'a vendor and a name of 2.x',
      '2.1',
      aStructure(
        'AttributeReference',
        aText('VendorIdentification', 'ACME'),
        aText('AttributeName', 'Zone'),
      ),
      { kind: 'vendor', vendorIdentification: 'ACME', name: 'Zone' },
    ],
  ])('are read and written: %s', (_, version, item, value) => {
    const payload = aStructure('RequestPayload', item);
    const request = decodeItem(GetAttributes.request, payload, version);
    expect(request.attributeReferences).toEqual([value]);
    expect(encodeItem(GetAttributes.request, request, version)).toEqual(payload);
  });

  it.each<[string, Version, TtlvItem]>([
    ['a name that nobody has', '1.4', aText('AttributeName', 'No Such Attribute')],
    ['a tag that is no attribute', '2.1', reference('RequestPayload')],
    ['a number that is no tag', '2.1', anEnumeration('AttributeReference', 0x8abcdef0)],
  ])('are undefined for %s', (_, version, item) => {
    const payload = aStructure('RequestPayload', item, item);
    expect(decodeItem(GetAttributes.request, payload, version).attributeReferences).toEqual([
      undefined,
      undefined,
    ]);
  });

  it('know an attribute that only another version has', () => {
    const payload = aStructure('RequestPayload', aText('AttributeName', 'Sensitive'));
    expect(decodeItem(GetAttributes.request, payload, '1.0').attributeReferences).toEqual([
      { kind: 'standard', name: 'Sensitive' },
    ]);
  });
});

describe('an answer', () => {
  it('leaves out attributes that the version cannot name', () => {
    const answer = {
      uniqueIdentifier: '1',
      attributes: [
        LENGTH,
        attribute('Sensitive', true),
        vendorAttribute('ACME', 'Zone', aValue('a')),
        vendorAttribute('x', '', aValue('a')),
      ],
    };
    expect(encodeItem(GetAttributes.response, answer, '1.3')).toEqual(
      aStructure('ResponsePayload', aText('UniqueIdentifier', '1'), LENGTH_1),
    );
  });

  it('leaves out references that the version cannot name', () => {
    const answer = {
      uniqueIdentifier: '1',
      attributeReferences: [
        { kind: 'standard', name: 'State' },
        { kind: 'standard', name: 'Sensitive' },
        { kind: 'vendor', vendorIdentification: 'ACME', name: 'Zone' },
        undefined,
      ],
    } as const;
    expect(encodeItem(GetAttributeList.response, answer, '1.3')).toEqual(
      aStructure(
        'ResponsePayload',
        aText('UniqueIdentifier', '1'),
        aText('AttributeName', 'State'),
      ),
    );
  });
});

describe('a request that the version cannot say is refused', () => {
  const sensitive = attribute('Sensitive', true);

  it.each<[string, StructureSchema, unknown, Version, string, string]>([
    [
      'a search by an attribute that came later',
      Locate.request,
      { attributes: [sensitive] },
      '1.3',
      'invalid-attribute',
      'RequestPayload/attributes: KMIP 1.3 has no attribute "Sensitive".',
    ],
    [
      'a new object with an attribute of a vendor in 1.x',
      Create.request,
      {
        objectType: 'SymmetricKey',
        attributes: {
          attributes: [vendorAttribute('ACME', 'Zone', aValue('a'))],
          templateNames: [],
        },
      },
      '1.4',
      'invalid-attribute',
      'RequestPayload/attributes: KMIP 1.4 has no attribute "ACME-Zone".',
    ],
    [
      'templates in 2.x',
      Create.request,
      { objectType: 'SymmetricKey', attributes: { attributes: [], templateNames: [NAME_VALUE] } },
      '2.0',
      'invalid-field',
      'RequestPayload/attributes: KMIP 2.0 has no templates.',
    ],
    [
      'an attribute to add that is gone',
      AddAttribute.request,
      { attribute: attribute('OperationPolicyName', 'default') },
      '2.1',
      'invalid-attribute',
      'RequestPayload/attribute: KMIP 2.1 has no attribute "Operation Policy Name".',
    ],
    [
      'a question for an attribute that came later, which would mean all attributes',
      GetAttributes.request,
      { attributeReferences: [{ kind: 'standard', name: 'Sensitive' }] },
      '1.0',
      'invalid-attribute',
      'RequestPayload/attributeReferences: KMIP 1.0 has no attribute "Sensitive".',
    ],
    [
      'a question for nothing, which would mean all attributes',
      GetAttributes.request,
      { attributeReferences: [undefined] },
      '2.0',
      'internal',
      'RequestPayload/attributeReferences: an attribute must be of kind standard or vendor and have a name.',
    ],
    [
      'an index below 0',
      AddAttribute.request,
      { attribute: attribute('ObjectGroup', 'a', -1) },
      '1.4',
      'internal',
      'RequestPayload/attribute: the attribute "Object Group" must have an index from 0.',
    ],
    [
      'a value of another type than the attribute has',
      AddAttribute.request,
      { attribute: { ...LENGTH, value: 'hunter2' } },
      '1.4',
      'internal',
      'RequestPayload/attribute: CryptographicLength must be a value for Integer.',
    ],
    [
      'no attributes at all',
      Create.request,
      { objectType: 'SymmetricKey' },
      '1.4',
      'internal',
      'RequestPayload/attributes: must be an object with attributes and templateNames.',
    ],
  ])('%s', (_, schema, value, version, code, message) => {
    expect(errorOf(() => encodeItem(schema, value, version))).toEqual({ code, message });
  });
});

describe('a group of items', () => {
  const groups = [...DESCRIBED_PAYLOADS, ...DESCRIBED_STRUCTURES].flatMap(({ name, schema }) =>
    Object.entries(schema.fields).flatMap(([key, field]) =>
      field.kind === 'group' ? [{ name: `${name}, ${key}`, field }] : [],
    ),
  );

  it.each(groups)('takes only the types that its declaration states: $name', ({ field }) => {
    for (const { tag, types, ...gate } of field.items) {
      const others = Object.keys(A_VALUE).filter((type) => !types.includes(type as ItemType));
      expect(others.length + types.length).toBe(Object.keys(A_VALUE).length);
      for (const version of VERSIONS.filter((each) => isWithin(each, gate))) {
        for (const type of others) {
          // The table pairs each type with a value of it.
          const item = { tag, type, value: A_VALUE[type as ItemType] } as TtlvItem;
          expect(() => field.decode([item], version)).toThrow('expected type');
        }
      }
    }
  });
});

const A_VALUE: Readonly<Record<ItemType, TtlvItem['value']>> = {
  Structure: [],
  Integer: 0,
  LongInteger: 0n,
  BigInteger: 0n,
  Enumeration: 0,
  Boolean: false,
  TextString: 'State',
  ByteString: new Uint8Array(),
  DateTime: 0n,
  Interval: 0,
  DateTimeExtended: 0n,
};

describe('attributes that cannot be read are refused', () => {
  const create = (...attributes: TtlvItem[]) =>
    aStructure(
      'RequestPayload',
      anEnumeration('ObjectType', 2),
      aStructure('TemplateAttribute', ...attributes),
    );
  const create2 = (...attributes: TtlvItem[]) =>
    aStructure(
      'RequestPayload',
      anEnumeration('ObjectType', 2),
      aStructure('Attributes', ...attributes),
    );

  it.each<[string, StructureSchema, TtlvItem, Version, string, string]>([
    [
      'an unknown name',
      Create.request,
      create(LENGTH_1, indexed('No Such', aValue('a'))),
      '1.4',
      'invalid-attribute',
      'RequestPayload/TemplateAttribute/Attribute[1]: KMIP 1.4 has no attribute "No Such".',
    ],
    [
      'an unknown name of any length',
      Create.request,
      create(indexed('n'.repeat(100_000), aValue('a'))),
      '1.4',
      'invalid-attribute',
      `RequestPayload/TemplateAttribute/Attribute: KMIP 1.4 has no attribute "${'n'.repeat(64)}...".`,
    ],
    [
      'a name that came later',
      Create.request,
      create(indexed('Sensitive', anItem('AttributeValue', 'Boolean', true))),
      '1.3',
      'invalid-attribute',
      'RequestPayload/TemplateAttribute/Attribute: KMIP 1.3 has no attribute "Sensitive".',
    ],
    [
      'a tag that is no attribute',
      Create.request,
      create2(LENGTH_2, aText('NameValue', 'a')),
      '2.0',
      'invalid-attribute',
      'RequestPayload/Attributes/NameValue: KMIP 2.0 has no attribute "NameValue".',
    ],
    [
      'a tag of an attribute that is gone',
      Create.request,
      create2(aText('OperationPolicyName', 'a')),
      '2.0',
      'invalid-attribute',
      'RequestPayload/Attributes/OperationPolicyName: KMIP 2.0 has no attribute "OperationPolicyName".',
    ],
    [
      'a tag without a name',
      Create.request,
      create2({ tag: 0x54abcd, type: 'Boolean', value: true }),
      '2.0',
      'invalid-attribute',
      'RequestPayload/Attributes/0x54ABCD: KMIP 2.0 has no attribute "0x54ABCD".',
    ],
    [
      'a value of the wrong type in 1.x',
      Create.request,
      create(indexed('Cryptographic Length', aValue('hunter2'))),
      '1.4',
      'invalid-message',
      'RequestPayload/TemplateAttribute/Attribute/AttributeValue(CryptographicLength): expected type Integer, found TextString.',
    ],
    [
      'a value of the wrong type in 2.x, naming the one of several of a tag',
      Create.request,
      create2(LENGTH_2, aText('ObjectGroup', 'a'), aText('CryptographicLength', 'hunter2')),
      '2.1',
      'invalid-message',
      'RequestPayload/Attributes/CryptographicLength[1]: expected type Integer, found TextString.',
    ],
    [
      'a value that lacks a field',
      Create.request,
      create(indexed('Name', aStructure('AttributeValue', aText('NameValue', 'a')))),
      '1.4',
      'invalid-message',
      'RequestPayload/TemplateAttribute/Attribute/AttributeValue(Name): NameType is missing.',
    ],
    [
      'no value',
      Create.request,
      create(aStructure('Attribute', aText('AttributeName', 'x-a'))),
      '1.4',
      'invalid-message',
      'RequestPayload/TemplateAttribute/Attribute: AttributeValue is missing.',
    ],
    [
      'no name',
      Create.request,
      create(aStructure('Attribute', aValue('a'))),
      '1.4',
      'invalid-message',
      'RequestPayload/TemplateAttribute/Attribute: AttributeName is missing.',
    ],
    [
      'an index below 0',
      Create.request,
      create(indexed('Object Group', aValue('a'), -1)),
      '1.4',
      'invalid-field',
      'RequestPayload/TemplateAttribute/Attribute: AttributeIndex must not be negative.',
    ],
    [
      'the form of 1.x in 2.x',
      Create.request,
      create(LENGTH_1),
      '2.0',
      'invalid-field',
      'RequestPayload: TemplateAttribute is not a field of RequestPayload in KMIP 2.0.',
    ],
    [
      'an index in 2.x',
      Create.request,
      create2(indexed('x-a', aValue('a'), 1)),
      '2.0',
      'invalid-field',
      'RequestPayload/Attributes/Attribute: AttributeIndex is not a field of Attribute in KMIP 2.0.',
    ],
    [
      'attributes that are missing in 1.x',
      Create.request,
      aStructure('RequestPayload', anEnumeration('ObjectType', 2)),
      '1.4',
      'invalid-message',
      'RequestPayload: TemplateAttribute is missing.',
    ],
    [
      'attributes that are missing in 2.x',
      Create.request,
      aStructure('RequestPayload', anEnumeration('ObjectType', 2)),
      '2.0',
      'invalid-message',
      'RequestPayload: Attributes is missing.',
    ],
    [
      'attributes that are no structure',
      Create.request,
      aStructure('RequestPayload', anEnumeration('ObjectType', 2), anInteger('Attributes', 1)),
      '2.0',
      'invalid-message',
      'RequestPayload/Attributes: expected type Structure, found Integer.',
    ],
    [
      'attributes twice',
      Locate.request,
      aStructure('RequestPayload', aStructure('Attributes'), aStructure('Attributes')),
      '2.0',
      'invalid-message',
      'RequestPayload: Attributes stands there twice.',
    ],
    [
      'two attributes where one is to be added',
      AddAttribute.request,
      aStructure('RequestPayload', aStructure('NewAttribute', LENGTH_2, LENGTH_2)),
      '2.0',
      'invalid-message',
      'RequestPayload/NewAttribute: must hold exactly one attribute.',
    ],
    [
      'no attribute where one is to be added',
      AddAttribute.request,
      aStructure('RequestPayload', aStructure('NewAttribute')),
      '2.0',
      'invalid-message',
      'RequestPayload/NewAttribute: must hold exactly one attribute.',
    ],
    [
      'an echo that is missing',
      AddAttribute.response,
      aStructure('ResponsePayload', aText('UniqueIdentifier', '1')),
      '1.4',
      'invalid-message',
      'ResponsePayload: Attribute is missing.',
    ],
    [
      'a reference of a wrong type in 1.x',
      GetAttributes.request,
      aStructure('RequestPayload', aText('AttributeName', 'a'), anInteger('AttributeName', 1)),
      '1.4',
      'invalid-message',
      'RequestPayload/AttributeName[1]: expected type TextString, found Integer.',
    ],
    [
      'a reference of a wrong type in 2.x',
      GetAttributes.request,
      aStructure('RequestPayload', aText('AttributeReference', 'a')),
      '2.0',
      'invalid-message',
      'RequestPayload/AttributeReference: expected type Enumeration or Structure, found TextString.',
    ],
  ])('%s', (_, schema, item, version, code, message) => {
    expect(errorOf(() => decodeItem(schema, item, version))).toEqual({ code, message });
  });
});
