/** The form in which attributes are kept: a TTLV Attributes structure with names and indices. */

import { encodeTtlv, endOfItem, ITEM_TYPES, type TtlvItem } from '@claviger/ttlv-codec';
import {
  integer,
  opaque,
  optional,
  repeated,
  required,
  structure,
  text,
} from '../schema/declare.ts';
import { walk } from '../schema/decode.ts';
import { decodeStored, decodeStoredItem, readingStored } from '../schema/decode-stored.ts';
import { build } from '../schema/encode.ts';
import type { Infer } from '../schema/schema.ts';
import { quoted, reportViolations, Violation } from '../schema/violation.ts';
import { TAGS } from '../tables/tags.ts';
import type { Version } from '../tables/version.ts';
import { type Attribute, isAttributeName } from './attribute.ts';
import { decodeValue, valueItem } from './codec.ts';
import type { AttributeName, AttributeValue } from './schemas.ts';

/** It keeps what the newest version can say. */
const STORED_VERSION: Version = '2.1';

const StoredAttribute = structure('Attribute', {
  /** Absent for the attributes of the specification. */
  vendorIdentification: optional(text('VendorIdentification')),
  /** The normalised name. */
  attributeName: required(text('AttributeName')),
  attributeIndex: required(integer('AttributeIndex')),
  attributeValue: required(opaque('AttributeValue')),
});

/** Of each item. */
const HEADER_BYTES = 8;

/** How the name of an attribute of the specification begins. */
const NAME_HEADER = TAGS.AttributeName * 0x100 + ITEM_TYPES.TextString;

const StoredAttributes = structure('Attributes', { attribute: repeated(StoredAttribute) });

/**
 * The attributes of an object as bytes to be kept.
 *
 * @returns a fresh buffer.
 * @throws ClavigerError `internal` when an attribute's value is not of its type.
 */
export function encodeStoredAttributes(attributes: readonly Attribute[]): Uint8Array {
  const item = reportViolations(() => {
    const attribute = attributes.map((each) => ({
      ...(each.kind === 'vendor' && { vendorIdentification: each.vendorIdentification }),
      attributeName: each.name,
      attributeIndex: each.index,
      attributeValue: { ...valueItem(each, STORED_VERSION), tag: TAGS.AttributeValue },
    }));
    return build(StoredAttributes, { attribute }, STORED_VERSION);
  });
  return encodeTtlv(item);
}

/**
 * Reads what {@link encodeStoredAttributes} wrote. Byte strings of the result are views of `stored`.
 *
 * @throws ClavigerError `internal` when the bytes are damaged.
 */
export function decodeStoredAttributes(stored: Uint8Array): Attribute[] {
  return decodeStored('attributes', stored, (root: TtlvItem) => {
    // `walk` builds what the schema says.
    const { attribute } = walk(StoredAttributes, root, STORED_VERSION) as Infer<
      typeof StoredAttributes
    >;
    return attribute.map(toAttribute);
  });
}

/**
 * The value of the first instance of an attribute, without reading the others: whoever needs a few of many
 * pays for these alone. Byte strings of the result are views of `stored`.
 *
 * @returns undefined when the object does not have the attribute.
 * @throws ClavigerError `internal` when the bytes are damaged where it looks.
 */
export function decodeStoredValue<N extends AttributeName>(
  stored: Uint8Array,
  name: N,
): AttributeValue<N> | undefined {
  return readingStored('attributes', () => {
    const value = findStoredValue(stored, name);
    if (value === undefined) return undefined;
    const decoded = decodeValue(name, 0, decodeStoredItem(value), STORED_VERSION);
    // `decodeValue` answers the attribute of this very name.
    return decoded.value as AttributeValue<N>;
  });
}

/** The bytes of an Attribute Value. Names are ASCII; those of vendors stand behind the vendor's. */
function findStoredValue(stored: Uint8Array, name: AttributeName): Uint8Array | undefined {
  const view = new DataView(stored.buffer, stored.byteOffset, stored.byteLength);
  const isNameAt = (offset: number) => {
    if (view.getUint32(offset) !== NAME_HEADER) return false;
    if (view.getUint32(offset + 4) !== name.length) return false;
    const text = offset + HEADER_BYTES;
    for (let at = 0; at < name.length; at++) {
      if (stored[text + at] !== name.charCodeAt(at)) return false;
    }
    return true;
  };
  // What was cut off must not read as an attribute that is not there.
  if (endOfItem(view, 0) !== stored.byteLength) throw new RangeError('The attributes are cut off.');
  for (let at = HEADER_BYTES; at < stored.byteLength; at = endOfItem(view, at)) {
    const nameAt = at + HEADER_BYTES;
    if (!isNameAt(nameAt)) continue;
    const valueAt = endOfItem(view, endOfItem(view, nameAt)); // behind name and index
    return stored.subarray(valueAt, endOfItem(view, valueAt));
  }
  return undefined;
}

function toAttribute(stored: Infer<typeof StoredAttribute>): Attribute {
  const { vendorIdentification, attributeName: name, attributeIndex: index } = stored;
  const value = stored.attributeValue;
  if (vendorIdentification !== undefined) {
    return { kind: 'vendor', vendorIdentification, name, index, value };
  }
  if (!isAttributeName(name)) {
    throw new Violation('internal', `${quoted(name)} is not the name of an attribute`);
  }
  return decodeValue(name, index, value, STORED_VERSION);
}
