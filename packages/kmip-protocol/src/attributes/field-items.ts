/** What the fields that carry attributes share: their items, one by one. */

import type { TtlvItem } from '@claviger/ttlv-codec';
import type { GroupItem } from '../schema/schema.ts';
import { tagLabel } from '../schema/tag-label.ts';
import { Violation, withinItem } from '../schema/violation.ts';
import { isWithin, type Version } from '../tables/version.ts';
import type { Attribute } from './attribute.ts';
import {
  decodeTaggedAttribute,
  encodeTaggedAttribute,
  nameOf,
  numberInstances,
  unknownAttribute,
} from './codec.ts';
import { inWordsOf } from './known-values.ts';

/**
 * What becomes of an attribute that the version cannot name: with `omit` also of one whose value the version does
 * not have, while `omit-unnamed` keeps every value, for what is stored too.
 */
export type Unnamed = 'refuse' | 'omit' | 'omit-unnamed';

/** Decodes the children of an Attributes structure of 2.x. */
export function decodeTagged(children: readonly TtlvItem[], version: Version): Attribute[] {
  return numberInstances(
    children.map((child) =>
      withinItem(child, children, () => decodeTaggedAttribute(child, version)),
    ),
  );
}

/** An Attributes structure of 2.x, under the tag that it has in its place. */
export function attributesItem(
  tag: number,
  value: unknown,
  unnamed: Unnamed,
  version: Version,
): TtlvItem {
  return {
    tag,
    type: 'Structure',
    value: encodeEach(value, encodeTaggedAttribute, unnamed, version),
  };
}

/** Encodes what should be an array of attributes or references. */
export function encodeEach(
  values: unknown,
  encode: (value: unknown, version: Version) => TtlvItem | undefined,
  unnamed: Unnamed,
  version: Version,
): TtlvItem[] {
  if (!Array.isArray(values)) throw new Violation('internal', 'attributes must be an array');
  const items: TtlvItem[] = [];
  for (const value of values) {
    const encoded = encode(value, version);
    if (encoded === undefined) {
      if (unnamed === 'refuse') throw unknownAttribute(nameOf(value), version);
      continue;
    }
    const item = unnamed === 'omit' ? inWordsOf(version, encoded) : encoded;
    if (item !== undefined) items.push(item);
  }
  return items;
}

/** The items in an item that must be a structure. */
export function childrenOf(item: TtlvItem): readonly TtlvItem[] {
  if (item.type !== 'Structure') {
    throw new Violation('invalid-message', `expected type Structure, found ${item.type}`);
  }
  return item.value;
}

/** The one item of a field, if it is there. */
export function atMostOne(found: readonly TtlvItem[]): TtlvItem | undefined {
  const [item, second] = found;
  if (second !== undefined) {
    throw new Violation('invalid-message', `${tagLabel(second.tag)} stands there twice`);
  }
  return item;
}

/** The one item of a field that must be there. */
export function exactlyOne(
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
