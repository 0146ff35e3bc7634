/** The form in which attributes are kept: a TTLV Attributes structure with names and indices. */

import { encodeTtlv, type TtlvItem } from '@claviger/ttlv-codec';
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
import { decodeStored } from '../schema/decode-stored.ts';
import { build } from '../schema/encode.ts';
import type { Infer } from '../schema/schema.ts';
import { quoted, reportViolations, Violation } from '../schema/violation.ts';
import { TAGS } from '../tables/tags.ts';
import type { Version } from '../tables/version.ts';
import { type Attribute, isAttributeName } from './attribute.ts';
import { decodeValue, valueItem } from './codec.ts';

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
