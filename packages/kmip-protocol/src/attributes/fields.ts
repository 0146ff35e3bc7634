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
import type { GroupField, GroupItem } from '../schema/schema.ts';
import { tagLabel } from '../schema/tag-label.ts';
import { Violation, withinItem } from '../schema/violation.ts';
import { TAGS, type TagName } from '../tables/tags.ts';
import { isAtLeast, isWithin, type Version } from '../tables/version.ts';
import type { Attribute, AttributeReference } from './attribute.ts';
import {
  decodeIndexedAttribute,
  decodeReference,
  decodeTaggedAttribute,
  encodeIndexedAttribute,
  encodeReference,
  encodeTaggedAttribute,
  nameOf,
  numberInstances,
  unknownAttribute,
} from './codec.ts';
import { Name } from './structures.ts';

/** What becomes of an attribute that the version cannot name. */
type Unnamed = 'refuse' | 'omit';

/** The attributes of a new object, with the names of 1.x Templates that add to them. */
export interface AttributeSet {
  readonly attributes: readonly Attribute[];
  readonly templateNames: readonly Name[];
}

/** A Template-Attribute of 1.x (1.4 §2.1.8), an Attributes structure of 2.x; of a request. */
export function attributeSet(tag1: TagName, tag2: TagName): GroupField<AttributeSet> {
  const items: GroupItem[] = [
    { tag: TAGS[tag1], types: ['Structure'], cardinality: 'required', until: '1.4' },
    { tag: TAGS[tag2], types: ['Structure'], cardinality: 'required', since: '2.0' },
  ];
  return group<AttributeSet>(items, {
    decode(found, version) {
      const item = exactlyOne(found, items, version);
      return withinItem(item, found, () =>
        isAtLeast(version, '2.0')
          ? { attributes: decodeTagged(childrenOf(item), version), templateNames: [] }
          : decodeTemplateAttribute(item, version),
      );
    },
    encode(value, version) {
      if (!isAtLeast(version, '2.0')) {
        return [templateAttributeItem(TAGS[tag1], value, 'refuse', version)];
      }
      const { attributes, templateNames } = toSet(value);
      if (templateNames.length > 0) {
        throw new Violation('invalid-field', `KMIP ${version} has no templates`);
      }
      return [attributesItem(TAGS[tag2], attributes, 'refuse', version)];
    },
  });
}

/** A Template-Attribute on its own, where only 1.x has one; of an answer. */
export const TemplateAttribute = custom('TemplateAttribute', ['Structure'], {
  decode: decodeTemplateAttribute,
  encode: (value, version) => templateAttributeItem(TAGS.TemplateAttribute, value, 'omit', version),
});

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
      if (!isAtLeast(version, '2.0')) {
        return found.map((item) =>
          withinItem(item, found, () => decodeIndexedAttribute(item, version)),
        );
      }
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

/** One Attribute of 1.x; a structure with one attribute under its own tag in 2.x. */
export function singleAttribute(tag2: 'NewAttribute' | 'CurrentAttribute'): GroupField<Attribute> {
  const items: GroupItem[] = [
    { tag: TAGS.Attribute, types: ['Structure'], cardinality: 'required', until: '1.4' },
    { tag: TAGS[tag2], types: ['Structure'], cardinality: 'required', since: '2.0' },
  ];
  return group<Attribute>(items, {
    decode(found, version) {
      const item = exactlyOne(found, items, version);
      return withinItem(item, found, () => {
        if (!isAtLeast(version, '2.0')) return decodeIndexedAttribute(item, version);
        const [attribute, ...others] = decodeTagged(childrenOf(item), version);
        if (attribute === undefined || others.length > 0) {
          throw new Violation('invalid-message', 'must hold exactly one attribute');
        }
        return attribute;
      });
    },
    encode: (value, version) =>
      isAtLeast(version, '2.0')
        ? [attributesItem(TAGS[tag2], [value], 'refuse', version)]
        : encodeEach([value], encodeIndexedAttribute, 'refuse', version),
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

function decodeTagged(children: readonly TtlvItem[], version: Version): Attribute[] {
  return numberInstances(
    children.map((child) =>
      withinItem(child, children, () => decodeTaggedAttribute(child, version)),
    ),
  );
}

function attributesItem(tag: number, value: unknown, unnamed: Unnamed, version: Version): TtlvItem {
  return {
    tag,
    type: 'Structure',
    value: encodeEach(value, encodeTaggedAttribute, unnamed, version),
  };
}

/** Encodes what should be an array of attributes or references. */
function encodeEach(
  values: unknown,
  encode: (value: unknown, version: Version) => TtlvItem | undefined,
  unnamed: Unnamed,
  version: Version,
): TtlvItem[] {
  if (!Array.isArray(values)) throw new Violation('internal', 'attributes must be an array');
  const items: TtlvItem[] = [];
  for (const value of values) {
    const item = encode(value, version);
    if (item !== undefined) items.push(item);
    else if (unnamed === 'refuse') throw unknownAttribute(nameOf(value), version);
  }
  return items;
}

function toSet(value: unknown): { attributes: unknown; templateNames: readonly unknown[] } {
  if (isRecord(value) && Array.isArray(value['templateNames'])) {
    return { attributes: value['attributes'], templateNames: value['templateNames'] };
  }
  throw new Violation('internal', 'must be an object with attributes and templateNames');
}

function childrenOf(item: TtlvItem): readonly TtlvItem[] {
  if (item.type !== 'Structure') {
    throw new Violation('invalid-message', `expected type Structure, found ${item.type}`);
  }
  return item.value;
}

function atMostOne(found: readonly TtlvItem[]): TtlvItem | undefined {
  const [item, second] = found;
  if (second !== undefined) {
    throw new Violation('invalid-message', `${tagLabel(second.tag)} stands there twice`);
  }
  return item;
}

function exactlyOne(
  found: readonly TtlvItem[],
  items: readonly GroupItem[],
  version: Version,
): TtlvItem {
  const item = atMostOne(found);
  if (item !== undefined) return item;
  const wanted = items.filter((candidate) => isWithin(version, candidate));
  const labels = wanted.map(({ tag }) => tagLabel(tag)).join(' or ');
  throw new Violation('invalid-message', `${labels} is missing`);
}
