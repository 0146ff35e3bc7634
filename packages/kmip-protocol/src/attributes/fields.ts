/**
 * The fields of messages that carry attributes. Their form on the wire changed with 2.0; a handler
 * sees the same value in every version.
 *
 * An attribute that the version cannot name is omitted from an answer, as everything is that a version
 * does not know. From a request it must not be: a search would find more, a key be less protected than
 * the caller asked for. A request that cannot be said in the version is refused.
 */

import type { TtlvItem } from '@claviger/ttlv-codec';
import { custom, group } from '../schema/declare.ts';
import { walk } from '../schema/decode.ts';
import { build, isRecord } from '../schema/encode.ts';
import type { CustomSchema, GroupField, GroupItem } from '../schema/schema.ts';
import { Violation, withinItem } from '../schema/violation.ts';
import { TAGS, type TagName } from '../tables/tags.ts';
import { isAtLeast, type Version } from '../tables/version.ts';
import type { Attribute } from './attribute.ts';
import { decodeIndexedAttribute, encodeIndexedAttribute } from './codec.ts';
import {
  atMostOne,
  attributesItem,
  childrenOf,
  decodeTagged,
  encodeEach,
  exactlyOne,
  type Unnamed,
} from './field-items.ts';
import { Name } from './structures.ts';

/** The attributes of a new object, with the names of 1.x Templates that add to them. */
export interface AttributeSet {
  readonly attributes: readonly Attribute[];
  readonly templateNames: readonly Name[];
}

/** A Template-Attribute of 1.x (1.4 §2.1.8), an Attributes structure of 2.x; of a request. */
export function attributeSet(tag1: TagName, tag2: TagName): GroupField<AttributeSet> {
  const items = setItems(tag1, tag2, 'required');
  return group<AttributeSet>(items, {
    decode: (found, version) => decodeSet(exactlyOne(found, items, version), found, version),
    encode: (value, version) => [setItem(tag1, tag2, value, version)],
  });
}

/** As {@link attributeSet}, where a request may do without; absent and empty are not told apart by meaning. */
export function optionalAttributeSet(
  tag1: TagName,
  tag2: TagName,
): GroupField<AttributeSet | undefined> {
  return group<AttributeSet | undefined>(setItems(tag1, tag2, 'optional'), {
    decode(found, version) {
      const item = atMostOne(found);
      return item === undefined ? undefined : decodeSet(item, found, version);
    },
    encode: (value, version) => (value === undefined ? [] : [setItem(tag1, tag2, value, version)]),
  });
}

function setItems(tag1: TagName, tag2: TagName, cardinality: 'required' | 'optional'): GroupItem[] {
  return [
    { tag: TAGS[tag1], types: ['Structure'], cardinality, until: '1.4' },
    { tag: TAGS[tag2], types: ['Structure'], cardinality, since: '2.0' },
  ];
}

function decodeSet(item: TtlvItem, found: readonly TtlvItem[], version: Version): AttributeSet {
  return withinItem(item, found, () =>
    isAtLeast(version, '2.0')
      ? { attributes: decodeTagged(childrenOf(item), version), templateNames: [] }
      : decodeTemplateAttribute(item, version),
  );
}

function setItem(tag1: TagName, tag2: TagName, value: unknown, version: Version): TtlvItem {
  if (!isAtLeast(version, '2.0'))
    return templateAttributeItem(TAGS[tag1], value, 'refuse', version);
  const { attributes, templateNames } = toSet(value);
  if (templateNames.length > 0) {
    throw new Violation('invalid-field', `KMIP ${version} has no templates`);
  }
  return attributesItem(TAGS[tag2], attributes, 'refuse', version);
}

/** A Template-Attribute on its own, where only 1.x has one; of an answer. */
export function templateAttribute(name: TagName): CustomSchema<AttributeSet> {
  return custom(name, ['Structure'], {
    decode: decodeTemplateAttribute,
    encode: (value, version) => templateAttributeItem(TAGS[name], value, 'omit', version),
  });
}

function decodeTemplateAttribute(item: TtlvItem, version: Version): AttributeSet {
  const children = childrenOf(item);
  const templateNames: Name[] = [];
  const attributes: Attribute[] = [];
  for (const child of children) {
    withinItem(child, children, () => {
      // `walk` with the schema Name builds a Name.
      if (child.tag === TAGS.Name) templateNames.push(walk(Name, child, version) as Name);
      else attributes.push(decodeIndexedAttribute(child, version));
    });
  }
  return { attributes, templateNames };
}

function templateAttributeItem(
  tag: number,
  value: unknown,
  unnamed: Unnamed,
  version: Version,
): TtlvItem {
  const { attributes, templateNames } = toSet(value);
  const names = templateNames.map((name) => build(Name, name, version));
  const items = encodeEach(attributes, encodeIndexedAttribute, unnamed, version);
  return { tag, type: 'Structure', value: [...names, ...items] };
}

/** Repeated Attribute items of 1.x standing in the payload itself, an Attributes structure of 2.x. */
export function attributeList(
  cardinality2: 'required' | 'optional',
  unnamed: Unnamed,
): GroupField<readonly Attribute[]> {
  const items: GroupItem[] = [
    { tag: TAGS.Attribute, types: ['Structure'], cardinality: 'repeated', until: '1.4' },
    { tag: TAGS.Attributes, types: ['Structure'], cardinality: cardinality2, since: '2.0' },
  ];
  return group<readonly Attribute[]>(items, {
    decode(found, version) {
      if (!isAtLeast(version, '2.0')) return decodeIndexed(found, version);
      const item = atMostOne(found);
      if (item === undefined) return []; // absent and empty mean the same
      return withinItem(item, found, () => decodeTagged(childrenOf(item), version));
    },
    encode(value, version) {
      if (!isAtLeast(version, '2.0')) {
        return encodeEach(value, encodeIndexedAttribute, unnamed, version);
      }
      const item = attributesItem(TAGS.Attributes, value, unnamed, version);
      const isEmpty = item.type === 'Structure' && item.value.length === 0;
      return isEmpty && cardinality2 === 'optional' ? [] : [item];
    },
  });
}

/** The attributes of a Template (1.4 §2.2.6): at least one, and in 1.x only. */
export function templateAttributes(): GroupField<readonly Attribute[]> {
  const items: GroupItem[] = [
    { tag: TAGS.Attribute, types: ['Structure'], cardinality: 'one-or-more', until: '1.4' },
  ];
  return group<readonly Attribute[]>(items, {
    decode(found, version) {
      if (found.length === 0) throw new Violation('invalid-message', 'Attribute is missing');
      return decodeIndexed(found, version);
    },
    encode: (value, version) => encodeEach(value, encodeIndexedAttribute, 'omit', version),
  });
}

function decodeIndexed(found: readonly TtlvItem[], version: Version): Attribute[] {
  return found.map((item) => withinItem(item, found, () => decodeIndexedAttribute(item, version)));
}

function toSet(value: unknown): { attributes: unknown; templateNames: readonly unknown[] } {
  if (isRecord(value) && Array.isArray(value['templateNames'])) {
    return { attributes: value['attributes'], templateNames: value['templateNames'] };
  }
  throw new Violation('internal', 'must be an object with attributes and templateNames');
}
