import { type AttributeReference, attributeText } from '@claviger/kmip-protocol';

/**
 * Tells attributes apart. The text of 1.x does not: vendor `a-b` with name `c` and vendor `a` with name
 * `b-c` read alike.
 */
export function attributeKey(reference: AttributeReference): string {
  return reference.kind === 'standard'
    ? attributeText(reference)
    : `${JSON.stringify(reference.vendorIdentification)}-${reference.name}`;
}
