/**
 * Attributes on the wire: Attribute { Name, Index, Value } in 1.x (1.4 §2.1.1), a child of Attributes
 * under its own tag in 2.x (2.1 §7.2), and the form in which they are stored.
 */

import { decodeTtlv, encodeTtlv, type TtlvItem } from '@claviger/ttlv-codec';
import { ClavigerError } from '../error.ts';
import { walk } from '../schema/decode.ts';
import { build } from '../schema/encode.ts';
import {
  type Infer,
  integer,
  opaque,
  optional,
  required,
  structure,
  text,
} from '../schema/schema.ts';
import { tagLabel, tagNameOf } from '../schema/tag-label.ts';
import { reportViolations, Violation, within } from '../schema/violation.ts';
import { TAGS } from '../tables/tags.ts';
import { isAtLeast, type Version } from '../tables/version.ts';
import {
  type Attribute,
  type AttributeReference,
  attributeText,
  hasAttribute,
  isAttributeName,
  parseAttributeText,
  type StandardAttribute,
} from './attribute.ts';
import { ATTRIBUTE_SCHEMAS, type AttributeName } from './schemas.ts';

const IndexedAttribute = structure('Attribute', {
  attributeName: required(text('AttributeName')),
  attributeIndex: optional(integer('AttributeIndex')),
  attributeValue: optional(opaque('AttributeValue')),
});

const VendorAttributeItem = structure('Attribute', {
  vendorIdentification: required(text('VendorIdentification')),
  attributeName: required(text('AttributeName')),
  attributeValue: optional(opaque('AttributeValue')),
});

const VendorReference = structure('AttributeReference', {
  vendorIdentification: required(text('VendorIdentification')),
  attributeName: required(text('AttributeName')),
});

/** The stored form keeps what the newest version can say. */
const STORED_VERSION: Version = '2.1';
/** What was stored was within the limits of a message when it came. */
const STORED_LIMITS = { maxMessageBytes: 64 * 1024 * 1024, maxItems: 1_000_000 };

/**
 * Decodes one Attribute of KMIP 1.x.
 * @throws Violation `invalid-attribute` when the version has no attribute of that name.
 */
export function decodeIndexedAttribute(item: TtlvItem, version: Version): Attribute {
  const decoded = walk(IndexedAttribute, item, version) as Infer<typeof IndexedAttribute>;
  return decodeIndexed(decoded, version, (name) => hasAttribute(version, name));
}

function decodeIndexed(
  decoded: Infer<typeof IndexedAttribute>,
  version: Version,
  isKnown: (name: AttributeName) => boolean,
): Attribute {
  const { attributeName, attributeIndex: index = 0, attributeValue } = decoded;
  const reference = parseAttributeText(attributeName);
  if (reference === undefined || (reference.kind === 'standard' && !isKnown(reference.name))) {
    throw unknownAttribute(attributeName, version);
  }
  if (attributeValue === undefined) {
    throw new Violation('invalid-message', `the attribute ${attributeName} has no Attribute Value`);
  }
  if (index < 0) throw new Violation('invalid-field', 'an Attribute Index must not be negative');
  if (reference.kind === 'vendor') return { ...reference, index, value: attributeValue };
  return decodeValue(reference.name, index, attributeValue, version);
}

function decodeValue(
  name: AttributeName,
  index: number,
  item: TtlvItem,
  version: Version,
): StandardAttribute {
  const schema = ATTRIBUTE_SCHEMAS[name];
  const value = within(name, () => walk(schema, { ...item, tag: schema.tag }, version));
  // `walk` built the value from the schema of this very name.
  return { kind: 'standard', name, index, value } as StandardAttribute;
}

/** Encodes one Attribute of KMIP 1.x; undefined when the version has no such attribute. */
export function encodeIndexedAttribute(
  attribute: Attribute,
  version: Version,
): TtlvItem | undefined {
  if (attribute.kind === 'standard') {
    if (!hasAttribute(version, attribute.name)) return undefined;
  } else if (!isCustom(attribute.vendorIdentification)) return undefined;
  return indexed(attribute, version);
}

function indexed(attribute: Attribute, version: Version): TtlvItem {
  const value = valueItem(attribute, version);
  return build(
    IndexedAttribute,
    {
      attributeName: attributeText(attribute),
      attributeIndex: attribute.index === 0 ? undefined : attribute.index,
      attributeValue: { ...value, tag: TAGS.AttributeValue },
    },
    version,
  );
}

/** Decodes a child of Attributes of KMIP 2.x. Instances are numbered by {@link numberInstances}. */
export function decodeTaggedAttribute(item: TtlvItem, version: Version): Attribute {
  if (item.tag === TAGS.Attribute) {
    const decoded = walk(VendorAttributeItem, item, version) as Infer<typeof VendorAttributeItem>;
    if (decoded.attributeValue === undefined) {
      throw new Violation(
        'invalid-message',
        `the vendor attribute ${decoded.attributeName} has no Attribute Value`,
      );
    }
    return {
      kind: 'vendor',
      vendorIdentification: decoded.vendorIdentification,
      name: decoded.attributeName,
      index: 0,
      value: decoded.attributeValue,
    };
  }
  const name = tagNameOf(item.tag);
  if (name === undefined || !isAttributeName(name) || !hasAttribute(version, name)) {
    throw unknownAttribute(tagLabel(item.tag), version);
  }
  return decodeValue(name, 0, item, version);
}

/** Encodes a child of Attributes of KMIP 2.x; undefined when the version has no such attribute. */
export function encodeTaggedAttribute(
  attribute: Attribute,
  version: Version,
): TtlvItem | undefined {
  if (attribute.kind === 'standard') {
    if (!hasAttribute(version, attribute.name)) return undefined;
    return build(ATTRIBUTE_SCHEMAS[attribute.name], attribute.value, version);
  }
  return build(
    VendorAttributeItem,
    {
      vendorIdentification: attribute.vendorIdentification,
      attributeName: attribute.name,
      attributeValue: attribute.value,
    },
    version,
  );
}

/** Gives attributes of one name the indices 0, 1, 2 ... in their order, where 2.x has none. */
export function numberInstances(attributes: readonly Attribute[]): Attribute[] {
  const counts = new Map<string, number>();
  return attributes.map((attribute) => {
    const key = attributeText(attribute);
    const index = counts.get(key) ?? 0;
    counts.set(key, index + 1);
    return index === attribute.index ? attribute : { ...attribute, index };
  });
}

/** Decodes an Attribute Name of 1.x or an Attribute Reference of 2.x; undefined when nobody has it. */
export function decodeReference(item: TtlvItem, version: Version): AttributeReference | undefined {
  if (item.tag === TAGS.AttributeName && item.type === 'TextString') {
    return parseAttributeText(item.value);
  }
  if (item.tag === TAGS.AttributeReference && item.type === 'Enumeration') {
    const name = tagNameOf(item.value);
    return name !== undefined && isAttributeName(name) ? { kind: 'standard', name } : undefined;
  }
  if (item.tag === TAGS.AttributeReference && item.type === 'Structure') {
    const decoded = walk(VendorReference, item, version) as Infer<typeof VendorReference>;
    return {
      kind: 'vendor',
      vendorIdentification: decoded.vendorIdentification,
      name: decoded.attributeName,
    };
  }
  throw new Violation('invalid-message', `${tagLabel(item.tag)} must not be of type ${item.type}`);
}

/** Encodes a reference; undefined when the version cannot name it. */
export function encodeReference(
  reference: AttributeReference,
  version: Version,
): TtlvItem | undefined {
  if (reference.kind === 'standard' && !hasAttribute(version, reference.name)) return undefined;
  if (!isAtLeast(version, '2.0')) {
    if (reference.kind === 'vendor' && !isCustom(reference.vendorIdentification)) return undefined;
    return { tag: TAGS.AttributeName, type: 'TextString', value: attributeText(reference) };
  }
  if (reference.kind === 'standard') {
    const value = ATTRIBUTE_SCHEMAS[reference.name].tag;
    return { tag: TAGS.AttributeReference, type: 'Enumeration', value };
  }
  return build(
    VendorReference,
    { vendorIdentification: reference.vendorIdentification, attributeName: reference.name },
    version,
  );
}

const StoredAttribute = structure('Attribute', {
  /** Absent for the attributes of the specification. */
  vendorIdentification: optional(text('VendorIdentification')),
  attributeName: required(text('AttributeName')),
  attributeIndex: required(integer('AttributeIndex')),
  attributeValue: required(opaque('AttributeValue')),
});

/** The attributes of an object as bytes to be kept: a TTLV Attributes structure with names and indices. */
export function encodeStoredAttributes(attributes: readonly Attribute[]): Uint8Array {
  const value = attributes.map((attribute) =>
    build(
      StoredAttribute,
      {
        ...(attribute.kind === 'vendor' && {
          vendorIdentification: attribute.vendorIdentification,
        }),
        attributeName: attribute.name,
        attributeIndex: attribute.index,
        attributeValue: { ...valueItem(attribute, STORED_VERSION), tag: TAGS.AttributeValue },
      },
      STORED_VERSION,
    ),
  );
  return encodeTtlv({ tag: TAGS.Attributes, type: 'Structure', value });
}

/**
 * Reads what {@link encodeStoredAttributes} wrote. Byte strings of the result are views of `stored`.
 * @throws TtlvError or ClavigerError `internal` when the bytes are damaged.
 */
export function decodeStoredAttributes(stored: Uint8Array): Attribute[] {
  const root = decodeTtlv(stored, STORED_LIMITS);
  if (root.type !== 'Structure') throw damaged();
  return reportViolations(() => root.value.map(decodeStored));
}

function decodeStored(item: TtlvItem): Attribute {
  const decoded = walk(StoredAttribute, item, STORED_VERSION) as Infer<typeof StoredAttribute>;
  const { vendorIdentification, attributeName: name, attributeIndex: index } = decoded;
  const value = decoded.attributeValue;
  if (vendorIdentification !== undefined) {
    return { kind: 'vendor', vendorIdentification, name, index, value };
  }
  if (!isAttributeName(name)) throw damaged();
  return decodeValue(name, index, value, STORED_VERSION);
}

function damaged(): ClavigerError {
  return new ClavigerError('internal', 'The stored attributes of the object are damaged.');
}

function valueItem(attribute: Attribute, version: Version): TtlvItem {
  return attribute.kind === 'vendor'
    ? attribute.value
    : build(ATTRIBUTE_SCHEMAS[attribute.name], attribute.value, version);
}

function isCustom(vendorIdentification: string): boolean {
  return vendorIdentification === 'x' || vendorIdentification === 'y';
}

function unknownAttribute(name: string, version: Version): Violation {
  return new Violation(
    'invalid-attribute',
    `KMIP ${version} has no attribute ${JSON.stringify(name)}`,
  );
}
