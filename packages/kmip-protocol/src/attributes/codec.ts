/**
 * Attributes on the wire: Attribute { Name, Index, Value } in 1.x (1.4 §2.1.1), a child of Attributes
 * under its own tag in 2.x (2.1 §5.1).
 *
 * Everything here throws `Violation` and leaves the item's own step of the path to the caller.
 */

import type { TtlvItem } from '@claviger/ttlv-codec';
import { integer, opaque, optional, required, structure, text } from '../schema/declare.ts';
import { walk } from '../schema/decode.ts';
import { build, isRecord } from '../schema/encode.ts';
import type { Infer } from '../schema/schema.ts';
import { tagLabel, tagNameOf } from '../schema/tag-label.ts';
import { quoted, Violation, within } from '../schema/violation.ts';
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

/** 1.4 §2.1.1. The value is absent only in Notify, where the attribute is gone. */
export const IndexedAttribute = structure('Attribute', {
  attributeName: required(text('AttributeName')),
  attributeIndex: optional(integer('AttributeIndex')),
  attributeValue: optional(opaque('AttributeValue')),
});

/** An attribute of a vendor (2.1 §4.60). */
export const VendorAttributeItem = structure('Attribute', {
  vendorIdentification: required(text('VendorIdentification')),
  attributeName: required(text('AttributeName')),
  attributeValue: required(opaque('AttributeValue')),
});

/** 2.1 §5.5. */
export const VendorReference = structure('AttributeReference', {
  vendorIdentification: required(text('VendorIdentification')),
  attributeName: required(text('AttributeName')),
});

/**
 * Decodes one Attribute of KMIP 1.x.
 * @throws Violation `invalid-attribute` when the version has no attribute of that name.
 */
export function decodeIndexedAttribute(item: TtlvItem, version: Version): Attribute {
  const { reference, index, value: attributeValue } = readIndexed(item, version);
  if (attributeValue === undefined) {
    throw new Violation('invalid-message', 'AttributeValue is missing');
  }
  if (reference.kind === 'vendor') return { ...reference, index, value: attributeValue };
  const { name } = reference;
  return within(`AttributeValue(${name})`, () => decodeValue(name, index, attributeValue, version));
}

/** Decodes an Attribute of KMIP 1.x without a value. */
export function decodeIndexedReference(
  item: TtlvItem,
  version: Version,
): AttributeReference & { readonly index: number } {
  const { reference, index } = readIndexed(item, version);
  return { ...reference, index };
}

function readIndexed(item: TtlvItem, version: Version) {
  // `walk` builds what the schema says, here and below.
  const decoded = walk(IndexedAttribute, item, version) as Infer<typeof IndexedAttribute>;
  const { attributeName, attributeIndex: index = 0, attributeValue: value } = decoded;
  const reference = parseAttributeText(attributeName);
  if (reference === undefined || !canName(reference, version)) {
    throw unknownAttribute(attributeName, version);
  }
  if (index < 0) throw new Violation('invalid-field', 'AttributeIndex must not be negative');
  return { reference, index, value };
}

/** Decodes the value of a standard attribute, whatever tag it stands under. */
export function decodeValue(
  name: AttributeName,
  index: number,
  item: TtlvItem,
  version: Version,
): StandardAttribute {
  const schema = ATTRIBUTE_SCHEMAS[name];
  const value = walk(schema, { ...item, tag: schema.tag }, version);
  // `walk` built the value from the schema of this very name.
  return { kind: 'standard', name, index, value } as StandardAttribute;
}

/** Encodes one Attribute of KMIP 1.x; undefined when the version has no such attribute. */
export function encodeIndexedAttribute(value: unknown, version: Version): TtlvItem | undefined {
  const attribute = toAttribute(value);
  if (!canName(attribute, version)) return undefined;
  return build(
    IndexedAttribute,
    {
      attributeName: attributeText(attribute),
      attributeIndex: attribute.index === 0 ? undefined : attribute.index,
      attributeValue: { ...valueItem(attribute, version), tag: TAGS.AttributeValue },
    },
    version,
  );
}

/** Encodes an Attribute of KMIP 1.x without a value; undefined when the version has no such attribute. */
export function encodeIndexedReference(value: unknown, version: Version): TtlvItem | undefined {
  const reference = toReference(value);
  if (!canName(reference, version)) return undefined;
  const index = isRecord(value) ? value['index'] : undefined;
  return build(
    IndexedAttribute,
    { attributeName: attributeText(reference), attributeIndex: index === 0 ? undefined : index },
    version,
  );
}

/** Decodes a child of Attributes of KMIP 2.x. Instances are numbered by {@link numberInstances}. */
export function decodeTaggedAttribute(item: TtlvItem, version: Version): Attribute {
  if (item.tag === TAGS.Attribute) {
    const decoded = walk(VendorAttributeItem, item, version) as Infer<typeof VendorAttributeItem>;
    const { vendorIdentification, attributeName, attributeValue } = decoded;
    return {
      kind: 'vendor',
      vendorIdentification,
      name: attributeName,
      index: 0,
      value: attributeValue,
    };
  }
  const name = tagNameOf(item.tag);
  if (name === undefined || !isAttributeName(name) || !hasAttribute(version, name)) {
    throw unknownAttribute(tagLabel(item.tag), version);
  }
  return decodeValue(name, 0, item, version);
}

/** Encodes a child of Attributes of KMIP 2.x; undefined when the version has no such attribute. */
export function encodeTaggedAttribute(value: unknown, version: Version): TtlvItem | undefined {
  const attribute = toAttribute(value);
  if (attribute.kind === 'standard') {
    return hasAttribute(version, attribute.name) ? valueItem(attribute, version) : undefined;
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

/** The item of an attribute's value: under its own tag, or under Attribute Value for a vendor's. */
export function valueItem(attribute: Attribute, version: Version): TtlvItem {
  return attribute.kind === 'vendor'
    ? attribute.value
    : build(ATTRIBUTE_SCHEMAS[attribute.name], attribute.value, version);
}

/** Gives attributes of one name the indices 0, 1, 2 ... in their order, where 2.x has none. */
export function numberInstances(attributes: readonly Attribute[]): Attribute[] {
  const counts = new Map<string, number>();
  return attributes.map((attribute) => {
    const key =
      attribute.kind === 'standard'
        ? attribute.name
        : JSON.stringify([attribute.vendorIdentification, attribute.name]);
    const index = counts.get(key) ?? 0;
    counts.set(key, index + 1);
    return index === attribute.index ? attribute : { ...attribute, index };
  });
}

/** Decodes an Attribute Name of 1.x or an Attribute Reference of 2.x; undefined when nobody has it. */
export function decodeReference(item: TtlvItem, version: Version): AttributeReference | undefined {
  if (item.tag === TAGS.AttributeName) {
    if (item.type === 'TextString') return parseAttributeText(item.value);
    throw new Violation('invalid-message', `expected type TextString, found ${item.type}`);
  }
  if (item.type === 'Enumeration') {
    const name = tagNameOf(item.value);
    return name !== undefined && isAttributeName(name) ? { kind: 'standard', name } : undefined;
  }
  if (item.type !== 'Structure') {
    const expected = 'expected type Enumeration or Structure';
    throw new Violation('invalid-message', `${expected}, found ${item.type}`);
  }
  const decoded = walk(VendorReference, item, version) as Infer<typeof VendorReference>;
  const { vendorIdentification, attributeName } = decoded;
  return { kind: 'vendor', vendorIdentification, name: attributeName };
}

/** Encodes a reference; undefined when the version cannot name it. */
export function encodeReference(value: unknown, version: Version): TtlvItem | undefined {
  const reference = toReference(value);
  if (!canName(reference, version)) return undefined;
  if (!isAtLeast(version, '2.0')) {
    return { tag: TAGS.AttributeName, type: 'TextString', value: attributeText(reference) };
  }
  if (reference.kind === 'standard') {
    const { tag } = ATTRIBUTE_SCHEMAS[reference.name];
    return { tag: TAGS.AttributeReference, type: 'Enumeration', value: tag };
  }
  return build(
    VendorReference,
    { vendorIdentification: reference.vendorIdentification, attributeName: reference.name },
    version,
  );
}

/** Whether a version has words for an attribute: 1.x knows only custom names, `x-NAME` and `y-NAME`. */
function canName(reference: AttributeReference, version: Version): boolean {
  if (reference.kind === 'standard') return hasAttribute(version, reference.name);
  if (isAtLeast(version, '2.0')) return true;
  return /^[xy]$/.test(reference.vendorIdentification) && reference.name !== '';
}

/** The name by which a message speaks of what a caller's type says is an attribute or a reference. */
export function nameOf(value: unknown): string {
  return attributeText(toReference(value));
}

/** Takes a value that a caller's type says is an attribute. */
function toAttribute(value: unknown): Attribute {
  const name = nameOf(value);
  // `nameOf` has seen an object with kind and name; the value itself is checked by its schema.
  const attribute = value as Attribute;
  if (!Number.isInteger(attribute.index) || attribute.index < 0) {
    throw new Violation('internal', `the attribute ${quoted(name)} must have an index from 0`);
  }
  return attribute;
}

function toReference(value: unknown): AttributeReference {
  if (isRecord(value)) {
    const { kind, name, vendorIdentification } = value;
    if (kind === 'standard' && typeof name === 'string' && isAttributeName(name)) {
      return { kind, name };
    }
    if (kind === 'vendor' && typeof name === 'string' && typeof vendorIdentification === 'string') {
      return { kind, name, vendorIdentification };
    }
  }
  throw new Violation(
    'internal',
    'an attribute must be of kind standard or vendor and have a name',
  );
}

/** The refusal of an attribute that a version does not have. */
export function unknownAttribute(name: string, version: Version): Violation {
  return new Violation('invalid-attribute', `KMIP ${version} has no attribute ${quoted(name)}`);
}
