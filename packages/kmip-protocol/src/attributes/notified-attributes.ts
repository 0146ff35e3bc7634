/** What Notify tells of an object: attributes that changed, and those that are gone (1.4 §5.1, 2.1 §6.2.2). */

import { group } from '../schema/declare.ts';
import { isRecord } from '../schema/encode.ts';
import type { GroupField, GroupItem } from '../schema/schema.ts';
import { Violation, withinItem } from '../schema/violation.ts';
import { TAGS } from '../tables/tags.ts';
import { isAtLeast } from '../tables/version.ts';
import type { Attribute, AttributeReference } from './attribute.ts';
import {
  decodeIndexedAttribute,
  decodeIndexedReference,
  decodeReference,
  encodeIndexedAttribute,
  encodeIndexedReference,
  encodeReference,
} from './codec.ts';
import { attributesItem, childrenOf, decodeTagged, encodeEach } from './field-items.ts';

export interface NotifiedAttributes {
  readonly changed: readonly Attribute[];
  /** The instance that is gone; 2.x names no instances, so that the index is 0 there. */
  readonly deleted: readonly (AttributeReference & { readonly index: number })[];
}

const ITEMS: readonly GroupItem[] = [
  { tag: TAGS.Attribute, types: ['Structure'], cardinality: 'repeated', until: '1.4' },
  { tag: TAGS.Attributes, types: ['Structure'], cardinality: 'optional', since: '2.0' },
  {
    tag: TAGS.AttributeReference,
    types: ['Enumeration', 'Structure'],
    cardinality: 'repeated',
    since: '2.0',
  },
];

/** In 1.x an Attribute without a value is one that is gone; 2.x names it by an Attribute Reference. */
export function notifiedAttributes(): GroupField<NotifiedAttributes> {
  return group<NotifiedAttributes>(ITEMS, {
    decode(found, version) {
      const changed: Attribute[] = [];
      const deleted: (AttributeReference & { readonly index: number })[] = [];
      for (const item of found) {
        withinItem(item, found, () => {
          if (item.tag === TAGS.Attributes) {
            changed.push(...decodeTagged(childrenOf(item), version));
          } else if (item.tag === TAGS.AttributeReference) {
            const reference = decodeReference(item, version);
            if (reference !== undefined) deleted.push({ ...reference, index: 0 });
          } else if (childrenOf(item).some(({ tag }) => tag === TAGS.AttributeValue)) {
            changed.push(decodeIndexedAttribute(item, version));
          } else deleted.push(decodeIndexedReference(item, version));
        });
      }
      return { changed, deleted };
    },
    encode(value, version) {
      if (!isRecord(value)) throw new Violation('internal', 'must be an object');
      const { changed, deleted } = value;
      if (!isAtLeast(version, '2.0')) {
        return [
          ...encodeEach(changed, encodeIndexedAttribute, 'omit', version),
          ...encodeEach(deleted, encodeIndexedReference, 'omit', version),
        ];
      }
      const references = encodeEach(deleted, encodeReference, 'omit', version);
      if (Array.isArray(changed) && changed.length === 0) return references;
      return [attributesItem(TAGS.Attributes, changed, 'omit', version), ...references];
    },
  });
}
