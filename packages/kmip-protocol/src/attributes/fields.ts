/**
 * The fields of messages that carry attributes. Their form on the wire changed with 2.0; a handler
 * sees the same value in every version.
 */

import type { TtlvItem } from '@claviger/ttlv-codec';
import { walk } from '../schema/decode.ts';
import { build } from '../schema/encode.ts';
import { custom, type GroupField, type GroupItem, group } from '../schema/schema.ts';
import { tagLabel } from '../schema/tag-label.ts';
import { Violation, within } from '../schema/violation.ts';
import { TAGS, type TagName } from '../tables/tags.ts';
import { isAtLeast, type Version } from '../tables/version.ts';
import type { Attribute, AttributeReference } from './attribute.ts';
import {
  decodeIndexedAttribute,
  decodeReference,
  decodeTaggedAttribute,
  encodeIndexedAttribute,
  encodeReference,
  encodeTaggedAttribute,
  numberInstances,
} from './codec.ts';
import { Name } from './structures.ts';

/** The attributes of a new object, with the names of 1.x Templates that add to them. */
export interface AttributeSet {
  readonly attributes: readonly Attribute[];
  readonly templateNames: readonly Name[];
}

/** A Template-Attribute of 1.x (1.4 §2.1.8), an Attributes structure of 2.x. */
export function attributeSet(
  tag1: TagName,
  tag2: TagName,
  cardinality: 'required' | 'optional',
): GroupField<AttributeSet> {
  const items: GroupItem[] = [
    { tag: TAGS[tag1], cardinality, until: '1.4' },
    { tag: TAGS[tag2], cardinality, since: '2.0' },
  ];
  return group<AttributeSet>(items, {
    decode(found, version) {
      const item = single(found);
      if (item === undefined) {
        if (cardinality === 'required') throw missing(items, version);
        return { attributes: [], templateNames: [] };
      }
      return within(tagLabel(item.tag), () => decodeSet(item, version));
    },
    encode(value, version) {
      if (
        cardinality === 'optional' &&
        value.attributes.length + value.templateNames.length === 0
      ) {
        return [];
      }
      return isAtLeast(version, '2.0')
        ? [attributesItem(TAGS[tag2], value.attributes, version)]
        : [templateAttributeItem(TAGS[tag1], value, version)];
    },
  });
}

function templateAttributeItem(tag: number, set: AttributeSet, version: Version): TtlvItem {
  const names = set.templateNames.map((name) => build(Name, name, version));
  const attributes = set.attributes.map((attribute) => encodeIndexedAttribute(attribute, version));
  return { tag, type: 'Structure', value: [...names, ...defined(attributes)] };
}

function decodeSet(item: TtlvItem, version: Version): AttributeSet {
  const children = childrenOf(item);
  if (isAtLeast(version, '2.0')) {
    return { attributes: decodeTagged(children, version), templateNames: [] };
  }
  const isName = (child: TtlvItem) => child.tag === TAGS.Name;
  return {
    // `walk` with the schema Name builds a Name.
    templateNames: children.filter(isName).map((child) => walk(Name, child, version) as Name),
    attributes: children
      .filter((child) => !isName(child))
      .map((child) => decodeIndexedAttribute(child, version)),
  };
}

/** A Template-Attribute on its own, where only 1.x has one. */
export const TemplateAttribute = custom<AttributeSet>('TemplateAttribute', ['Structure'], {
  decode: decodeSet,
  encode: (value, version) => templateAttributeItem(TAGS.TemplateAttribute, value, version),
});

/** Repeated Attribute items of 1.x standing in the payload itself, an Attributes structure of 2.x. */
export function attributeList(
  cardinality2: 'required' | 'optional',
): GroupField<readonly Attribute[]> {
  const items: GroupItem[] = [
    { tag: TAGS.Attribute, cardinality: 'repeated', until: '1.4' },
    { tag: TAGS.Attributes, cardinality: cardinality2, since: '2.0' },
  ];
  return group<readonly Attribute[]>(items, {
    decode(found, version) {
      if (!isAtLeast(version, '2.0')) {
        return found.map((item) =>
          within(tagLabel(item.tag), () => decodeIndexedAttribute(item, version)),
        );
      }
      const item = single(found);
      if (item === undefined) return []; // absent and empty mean the same
      return within(tagLabel(item.tag), () => decodeTagged(childrenOf(item), version));
    },
    encode: (value, version) =>
      isAtLeast(version, '2.0')
        ? [attributesItem(TAGS.Attributes, value, version)]
        : defined(value.map((attribute) => encodeIndexedAttribute(attribute, version))),
  });
}

/** One Attribute of 1.x; a structure with one attribute under its own tag in 2.x. */
export function singleAttribute(tag2: 'NewAttribute' | 'CurrentAttribute'): GroupField<Attribute> {
  const items: GroupItem[] = [
    { tag: TAGS.Attribute, cardinality: 'required', until: '1.4' },
    { tag: TAGS[tag2], cardinality: 'required', since: '2.0' },
  ];
  return group<Attribute>(items, {
    decode(found, version) {
      const item = single(found);
      if (item === undefined) throw missing(items, version);
      return within(tagLabel(item.tag), () => {
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
        ? [attributesItem(TAGS[tag2], [value], version)]
        : defined([encodeIndexedAttribute(value, version)]),
  });
}

/** The Attribute of a 1.x answer that 2.x no longer repeats (1.4 §4.14). */
export function echoedAttribute(): GroupField<Attribute | undefined> {
  return group<Attribute | undefined>(
    [{ tag: TAGS.Attribute, cardinality: 'required', until: '1.4' }],
    {
      decode(found, version) {
        const item = single(found);
        return item === undefined ? undefined : decodeIndexedAttribute(item, version);
      },
      encode: (value, version) =>
        value === undefined || isAtLeast(version, '2.0')
          ? []
          : defined([encodeIndexedAttribute(value, version)]),
    },
  );
}

/**
 * Repeated Attribute Names of 1.x, repeated Attribute References of 2.x.
 * A name that no version knows is decoded as `undefined`: there is no such attribute to be found.
 */
export function attributeReferences(): GroupField<readonly (AttributeReference | undefined)[]> {
  return group<readonly (AttributeReference | undefined)[]>(
    [
      { tag: TAGS.AttributeName, cardinality: 'repeated', until: '1.4' },
      { tag: TAGS.AttributeReference, cardinality: 'repeated', since: '2.0' },
    ],
    {
      decode: (found, version) =>
        found.map((item) => within(tagLabel(item.tag), () => decodeReference(item, version))),
      encode: (value, version) =>
        defined(
          value.map((reference) =>
            reference === undefined ? undefined : encodeReference(reference, version),
          ),
        ),
    },
  );
}

function decodeTagged(children: readonly TtlvItem[], version: Version): Attribute[] {
  return numberInstances(
    children.map((child) =>
      within(tagLabel(child.tag), () => decodeTaggedAttribute(child, version)),
    ),
  );
}

function attributesItem(tag: number, attributes: readonly Attribute[], version: Version): TtlvItem {
  const value = defined(attributes.map((attribute) => encodeTaggedAttribute(attribute, version)));
  return { tag, type: 'Structure', value };
}

function childrenOf(item: TtlvItem): readonly TtlvItem[] {
  if (item.type !== 'Structure') {
    throw new Violation('invalid-message', `expected type Structure, found ${item.type}`);
  }
  return item.value;
}

function single(found: readonly TtlvItem[]): TtlvItem | undefined {
  const [item, second] = found;
  if (second !== undefined) {
    throw new Violation('invalid-message', `${tagLabel(second.tag)} stands there twice`);
  }
  return item;
}

function missing(items: readonly GroupItem[], version: Version): Violation {
  const wanted = items.find((item) => (item.since === '2.0') === isAtLeast(version, '2.0'));
  return new Violation('invalid-message', `${tagLabel(wanted?.tag ?? 0)} is missing`);
}

function defined<T>(values: readonly (T | undefined)[]): T[] {
  return values.filter((value) => value !== undefined);
}
