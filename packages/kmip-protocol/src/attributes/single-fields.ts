/** The fields of messages that carry one attribute, or name some, in the forms of 1.x and 2.x. */

import type { TtlvItem } from '@claviger/ttlv-codec';
import { group, integer } from '../schema/declare.ts';
import { walk } from '../schema/decode.ts';
import { build } from '../schema/encode.ts';
import type { GroupField, GroupItem } from '../schema/schema.ts';
import { tagLabel } from '../schema/tag-label.ts';
import { Violation, withinItem } from '../schema/violation.ts';
import { TAGS } from '../tables/tags.ts';
import { isAtLeast, type Version } from '../tables/version.ts';
import type { Attribute, AttributeReference } from './attribute.ts';
import {
  decodeIndexedAttribute,
  decodeReference,
  encodeIndexedAttribute,
  encodeReference,
  unknownAttribute,
} from './codec.ts';
import {
  atMostOne,
  attributesItem,
  childrenOf,
  decodeTagged,
  encodeEach,
  exactlyOne,
  type Unnamed,
} from './field-items.ts';

/** One Attribute of 1.x; a structure with one attribute under its own tag in 2.x. */
export function singleAttribute(): GroupField<Attribute> {
  const items: GroupItem[] = [
    { tag: TAGS.Attribute, types: ['Structure'], cardinality: 'required', until: '1.4' },
    { tag: TAGS.NewAttribute, types: ['Structure'], cardinality: 'required', since: '2.0' },
  ];
  return group<Attribute>(items, {
    decode(found, version) {
      const item = exactlyOne(found, items, version);
      return withinItem(item, found, () => {
        if (!isAtLeast(version, '2.0')) return decodeIndexedAttribute(item, version);
        return onlyAttributeOf(item, version);
      });
    },
    encode: (value, version) =>
      isAtLeast(version, '2.0')
        ? [attributesItem(TAGS.NewAttribute, [value], 'refuse', version)]
        : encodeEach([value], encodeIndexedAttribute, 'refuse', version),
  });
}

function onlyAttributeOf(item: TtlvItem, version: Version): Attribute {
  const [attribute, ...others] = decodeTagged(childrenOf(item), version);
  if (attribute === undefined || others.length > 0) {
    throw new Violation('invalid-message', 'must hold exactly one attribute');
  }
  return attribute;
}

/** The value that an attribute has now, by which 2.x tells the instance to be changed (2.1 §6.1.34). */
export function currentAttribute(): GroupField<Attribute | undefined> {
  const items: GroupItem[] = [
    { tag: TAGS.CurrentAttribute, types: ['Structure'], cardinality: 'optional', since: '2.0' },
  ];
  return group<Attribute | undefined>(items, {
    decode(found, version) {
      const item = atMostOne(found);
      if (item === undefined) return undefined;
      return withinItem(item, found, () => onlyAttributeOf(item, version));
    },
    encode(value, version) {
      if (value === undefined) return [];
      if (isAtLeast(version, '2.0')) {
        return [attributesItem(TAGS.CurrentAttribute, [value], 'refuse', version)];
      }
      // Left out, another instance would be changed than the one that was meant.
      throw new Violation('invalid-field', `KMIP ${version} names instances by their index`);
    },
  });
}

/** The Attribute of a 1.x answer that 2.x no longer repeats (1.4 §4.14); there it is undefined. */
export function echoedAttribute(): GroupField<Attribute | undefined> {
  const items: GroupItem[] = [
    { tag: TAGS.Attribute, types: ['Structure'], cardinality: 'required', until: '1.4' },
  ];
  return group<Attribute | undefined>(items, {
    decode(found, version) {
      if (isAtLeast(version, '2.0')) return undefined;
      const item = exactlyOne(found, items, version);
      return withinItem(item, found, () => decodeIndexedAttribute(item, version));
    },
    encode: (value, version) =>
      isAtLeast(version, '2.0')
        ? []
        : encodeEach([value], encodeIndexedAttribute, 'refuse', version),
  });
}

/**
 * Repeated Attribute Names of 1.x, repeated Attribute References of 2.x.
 * A name that no version knows is decoded as `undefined`: there is no such attribute to be found.
 */
export function attributeReferences(
  unnamed: Unnamed,
): GroupField<readonly (AttributeReference | undefined)[]> {
  const items: GroupItem[] = [
    { tag: TAGS.AttributeName, types: ['TextString'], cardinality: 'repeated', until: '1.4' },
    {
      tag: TAGS.AttributeReference,
      types: ['Enumeration', 'Structure'],
      cardinality: 'repeated',
      since: '2.0',
    },
  ];
  return group<readonly (AttributeReference | undefined)[]>(items, {
    decode: (found, version) =>
      found.map((item) => withinItem(item, found, () => decodeReference(item, version))),
    encode(value, version) {
      // What nobody has is not listed in an answer either; in a request it would mean all attributes.
      const isOmitted = (reference: unknown) => reference === undefined && unnamed === 'omit';
      const named = Array.isArray(value) ? value.filter((each) => !isOmitted(each)) : value;
      return encodeEach(named, encodeReference, unnamed, version);
    },
  });
}

/**
 * One Attribute Name of 1.x, one Attribute Reference of 2.x. A name that no version knows is refused.
 *
 * @param cardinality2 - Of the reference of 2.x; the name of 1.x is required.
 */
export function attributeReference(
  cardinality2: 'required' | 'optional',
): GroupField<AttributeReference | undefined> {
  const items: GroupItem[] = [
    { tag: TAGS.AttributeName, types: ['TextString'], cardinality: 'required', until: '1.4' },
    {
      tag: TAGS.AttributeReference,
      types: ['Enumeration', 'Structure'],
      cardinality: cardinality2,
      since: '2.0',
    },
  ];
  return group<AttributeReference | undefined>(items, {
    decode(found, version) {
      const isOptional = cardinality2 === 'optional' && isAtLeast(version, '2.0');
      const item = isOptional ? atMostOne(found) : exactlyOne(found, items, version);
      return item && withinItem(item, found, () => knownReference(item, version));
    },
    encode(value, version) {
      const isOptional = cardinality2 === 'optional' && isAtLeast(version, '2.0');
      if (value === undefined && isOptional) return [];
      return encodeEach([value], encodeReference, 'refuse', version);
    },
  });
}

function knownReference(item: TtlvItem, version: Version): AttributeReference {
  const reference = decodeReference(item, version);
  if (reference !== undefined) return reference;
  // A Structure is never unknown: it names an attribute of a vendor.
  const name = item.type === 'Enumeration' ? tagLabel(item.value) : String(item.value);
  throw unknownAttribute(name, version);
}

/** Which instance of the attribute a 1.x request means (1.4 §4.16). */
export function attributeIndex(): GroupField<number | undefined> {
  const field = integer('AttributeIndex');
  const items: GroupItem[] = [
    { tag: field.tag, types: ['Integer'], cardinality: 'optional', until: '1.4' },
  ];
  return group<number | undefined>(items, {
    decode(found, version) {
      const item = atMostOne(found);
      if (item === undefined) return undefined;
      return withinItem(item, found, () => {
        const index = walk(field, item, version) as number; // as the schema of an Integer says
        if (index < 0) throw new Violation('invalid-field', 'must not be negative');
        return index;
      });
    },
    encode(value, version) {
      if (value === undefined) return [];
      if (!isAtLeast(version, '2.0')) return [build(field, value, version)];
      // Left out, all instances would be meant.
      throw new Violation('invalid-field', `KMIP ${version} names instances by their value`);
    },
  });
}
