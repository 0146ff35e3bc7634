/** An attribute in memory: the same in every version and encoding. */

import type { TtlvItem } from '@claviger/ttlv-codec';
import { ATTRIBUTE_RULES } from '../tables/attributes.ts';
import { isWithin, type Version } from '../tables/version.ts';
import { ATTRIBUTE_SCHEMAS, type AttributeName, type AttributeValue } from './schemas.ts';

/** An attribute that the specification defines. `index` tells instances apart, from 0 (1.4 §2.1.1). */
export type StandardAttribute<N extends AttributeName = AttributeName> = {
  readonly [K in N]: {
    readonly kind: 'standard';
    readonly name: K;
    readonly index: number;
    readonly value: AttributeValue<K>;
  };
}[N];

/**
 * An attribute of a vendor or a client. KMIP 2.x names it by Vendor Identification and Attribute Name;
 * the Custom Attributes `x-NAME` and `y-NAME` of 1.x are the vendors `x` (set by the client) and `y`
 * (set by the server) (2.1 §4.60).
 */
export interface VendorAttribute {
  readonly kind: 'vendor';
  readonly vendorIdentification: string;
  readonly name: string;
  readonly index: number;
  /** An item of any type under the tag Attribute Value. */
  readonly value: TtlvItem;
}

export type Attribute = StandardAttribute | VendorAttribute;

/** Which attribute is meant, without an instance or a value. */
export type AttributeReference =
  | { readonly kind: 'standard'; readonly name: AttributeName }
  | { readonly kind: 'vendor'; readonly vendorIdentification: string; readonly name: string };

/** Makes a standard attribute. */
export function attribute<N extends AttributeName>(
  name: N,
  value: AttributeValue<N>,
  index = 0,
): StandardAttribute<N> {
  // The mapped union of StandardAttribute<N> is this object for every N; TypeScript cannot see it.
  return { kind: 'standard', name, index, value } as StandardAttribute<N>;
}

export function isAttributeName(name: string): name is AttributeName {
  return Object.hasOwn(ATTRIBUTE_SCHEMAS, name);
}

/** Whether a version has the attribute. */
export function hasAttribute(version: Version, name: AttributeName): boolean {
  return isWithin(version, ATTRIBUTE_RULES[name]);
}

/** The name that a KMIP 1.x message gives the attribute, e.g. `Cryptographic Algorithm`. */
export function attributeText(reference: AttributeReference): string {
  return reference.kind === 'standard'
    ? ATTRIBUTE_RULES[reference.name].name
    : `${reference.vendorIdentification}-${reference.name}`;
}

const byText = new Map<string, AttributeName>();

/**
 * Reads a KMIP 1.x Attribute Name. Names are compared exactly; undefined when it is neither an attribute of the
 * specification nor a custom name.
 */
export function parseAttributeText(name: string): AttributeReference | undefined {
  if (byText.size === 0) {
    for (const key of Object.keys(ATTRIBUTE_SCHEMAS)) {
      if (isAttributeName(key)) byText.set(ATTRIBUTE_RULES[key].name, key);
    }
  }
  const standard = byText.get(name);
  if (standard !== undefined) return { kind: 'standard', name: standard };
  const customName = /^([xy])-(.+)$/s.exec(name);
  if (customName?.[1] === undefined || customName[2] === undefined) return undefined;
  return { kind: 'vendor', vendorIdentification: customName[1], name: customName[2] };
}

/** Whether an attribute is the one that a reference means. */
export function isReferredTo(attribute: Attribute, reference: AttributeReference): boolean {
  return (
    attribute.kind === reference.kind &&
    attribute.name === reference.name &&
    (attribute.kind === 'standard' ||
      (reference.kind === 'vendor' &&
        attribute.vendorIdentification === reference.vendorIdentification))
  );
}
