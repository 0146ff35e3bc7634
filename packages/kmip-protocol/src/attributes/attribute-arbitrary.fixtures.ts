/** Random values of every schema, those included that keep their form in code: groups and customs. */

import fc from 'fast-check';
import { arbitraryOf, type GroupArbitrary, itemArbitrary } from '../schema/arbitrary.fixtures.ts';
import type { CustomSchema, GroupField, Infer, Schema } from '../schema/schema.ts';
import { tagNameOf } from '../schema/tag-label.ts';
import { ENUMERATIONS } from '../tables/enumerations.ts';
import { TAGS } from '../tables/tags.ts';
import { isAtLeast, isWithin, type Version } from '../tables/version.ts';
import {
  type Attribute,
  type AttributeReference,
  attribute,
  hasAttribute,
  isAttributeName,
} from './attribute.ts';
import { numberInstances } from './codec.ts';
import type { AttributeSet } from './fields.ts';
import type { NotifiedAttributes } from './notified-attributes.ts';
import { ATTRIBUTE_SCHEMAS, type AttributeName } from './schemas.ts';
import { Name } from './structures.ts';

const TEXT = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 });

/** Values of any schema, as {@link arbitraryOf} makes them. */
export function valueArbitrary<S extends Schema>(
  schema: S,
  version: Version,
): fc.Arbitrary<Infer<S>> {
  return arbitraryOf(schema, version, { custom: customArbitrary, group: groupArbitrary });
}

/** Any attribute that a version has; in 1.x with any index, in 2.x with 0, where 2.x has none. */
export function attributeArbitrary(version: Version): fc.Arbitrary<Attribute> {
  const names = Object.keys(ATTRIBUTE_SCHEMAS)
    .filter(isAttributeName)
    .filter((name) => hasAttribute(version, name));
  const index = isAtLeast(version, '2.0') ? fc.constant(0) : fc.nat({ max: 2 ** 31 - 1 });
  const standard = fc
    .constantFrom(...names)
    .chain((name) =>
      fc
        .tuple(valueArbitrary(ATTRIBUTE_SCHEMAS[name], version), index)
        .map(([value, at]): Attribute => attribute<AttributeName>(name, value, at)),
    );
  const vendor = fc.record(
    {
      kind: fc.constant('vendor' as const),
      vendorIdentification: vendorArbitrary(version),
      name: TEXT,
      index,
      value: itemArbitrary(1).map((item) => ({ ...item, tag: TAGS.AttributeValue })),
    },
    { noNullPrototype: true },
  );
  return fc.oneof({ weight: 3, arbitrary: standard }, { weight: 1, arbitrary: vendor });
}

function vendorArbitrary(version: Version): fc.Arbitrary<string> {
  const custom = fc.constantFrom('x', 'y');
  return isAtLeast(version, '2.0') ? fc.oneof(custom, fc.constant('ACME'), TEXT) : custom;
}

/** Several attributes, in 2.x numbered as their order says. */
export function attributesArbitrary(version: Version): fc.Arbitrary<readonly Attribute[]> {
  const attributes = fc.array(attributeArbitrary(version), { maxLength: 4 });
  return isAtLeast(version, '2.0') ? attributes.map(numberInstances) : attributes;
}

function attributeSetArbitrary(version: Version): fc.Arbitrary<AttributeSet> {
  const templateNames = isAtLeast(version, '2.0')
    ? fc.constant([])
    : fc.array(valueArbitrary(Name, version), { maxLength: 2 });
  return fc.record(
    { attributes: attributesArbitrary(version), templateNames },
    { noNullPrototype: true },
  );
}

function referenceArbitrary(version: Version): fc.Arbitrary<AttributeReference> {
  return attributeArbitrary(version).map((each) =>
    each.kind === 'standard'
      ? { kind: 'standard', name: each.name }
      : { kind: 'vendor', vendorIdentification: each.vendorIdentification, name: each.name },
  );
}

/** The values of a group; the tags it takes tell which it is. */
function groupArbitrary(group: GroupField, version: Version): GroupArbitrary | undefined {
  const items = group.items.filter((item) => isWithin(version, item));
  if (items.length === 0) return undefined;
  const isOptional = items.every(({ cardinality }) => cardinality === 'optional');
  const tags = group.items.map(({ tag }) => tagNameOf(tag)).join();
  switch (tags) {
    case 'TemplateAttribute,Attributes':
    case 'CommonTemplateAttribute,CommonAttributes':
    case 'PrivateKeyTemplateAttribute,PrivateKeyAttributes':
    case 'PublicKeyTemplateAttribute,PublicKeyAttributes':
      return { values: attributeSetArbitrary(version), isOptional };
    case 'Attribute,Attributes':
    case 'Attributes':
      return { values: attributesArbitrary(version) };
    case 'Attribute,Attributes,AttributeReference':
      return { values: notifiedArbitrary(version) };
    case 'Attribute,NewAttribute':
    case 'NewAttribute':
    case 'CurrentAttribute':
      return { values: attributeArbitrary(version), isOptional };
    case 'Attribute':
      return items[0]?.cardinality === 'one-or-more'
        ? { values: fc.array(attributeArbitrary(version), { minLength: 1, maxLength: 3 }) }
        : { values: attributeArbitrary(version) };
    case 'AttributeName,AttributeReference':
      return items[0]?.cardinality === 'repeated'
        ? { values: fc.array(referenceArbitrary(version), { maxLength: 4 }) }
        : { values: referenceArbitrary(version), isOptional };
    case 'AttributeIndex':
      return { values: fc.nat({ max: 2 ** 31 - 1 }), isOptional };
    case 'AttributeReference':
      return { values: referenceArbitrary(version) };
    default:
      throw new RangeError(`no arbitrary for a group of ${tags}`);
  }
}

function notifiedArbitrary(version: Version): fc.Arbitrary<NotifiedAttributes> {
  const index = isAtLeast(version, '2.0') ? fc.constant(0) : fc.nat({ max: 100 });
  const deleted = fc
    .tuple(referenceArbitrary(version), index)
    .map(([reference, at]) => ({ ...reference, index: at }));
  return fc.record(
    { changed: attributesArbitrary(version), deleted: fc.array(deleted, { maxLength: 2 }) },
    { noNullPrototype: true },
  );
}

/** The values of a custom schema; its tag tells which it is. */
function customArbitrary(schema: CustomSchema, version: Version): fc.Arbitrary<unknown> {
  switch (schema.tag) {
    case TAGS.UniqueIdentifier:
    case TAGS.LinkedObjectIdentifier:
      return fc.oneof(
        TEXT,
        fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }).map((batchIndex) => ({ batchIndex })),
        fc
          .constantFrom(...Object.keys(ENUMERATIONS.UniqueIdentifier.values), '0x8ABCDEF0')
          .map((placeholder) => ({ placeholder })),
      );
    case TAGS.Data:
      return fc.oneof(
        fc.uint8Array({ maxLength: 40 }).map((bytes) => Uint8Array.from(bytes)),
        fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }).map((batchIndex) => ({ batchIndex })),
        fc
          .constantFrom(...Object.keys(ENUMERATIONS.Data.values), '0x8ABCDEF0')
          .map((placeholder) => ({ placeholder })),
      );
    case TAGS.TimeStamp:
      return fc.maxSafeInteger();
    case TAGS.TemplateAttribute:
    case TAGS.PrivateKeyTemplateAttribute:
    case TAGS.PublicKeyTemplateAttribute:
      return attributeSetArbitrary(version);
    default:
      throw new RangeError(`no arbitrary for a custom ${tagNameOf(schema.tag)}`);
  }
}
