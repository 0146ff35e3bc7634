/** Links that the server sets between objects (1.4 §3.35, 2.1 §4.31). */

import {
  type Attribute,
  attribute,
  type EnumerationValue,
  type Version,
} from '@claviger/kmip-protocol';
import { addInstance, MAX_INSTANCES } from '../lifecycle/attribute-rules.ts';
import { instancesOf, type ManagedObject } from './managed-object.ts';

/**
 * The object with a Link more. One that has as many as an object can hold stays as it is: a key from which
 * many are derived must not become useless by it, and each of those still links back.
 */
export function withLink(
  object: ManagedObject,
  linkType: EnumerationValue<'LinkType'>,
  linkedObjectIdentifier: string,
  version: Version,
): ManagedObject {
  const link = attribute('Link', { linkType, linkedObjectIdentifier });
  if (instancesOf(object, link).length >= MAX_INSTANCES) return object;
  return addInstance(object, link, version).object;
}

/** The first object that is linked in this way. */
export function linkedId(
  { attributes }: Pick<ManagedObject, 'attributes'>,
  linkType: EnumerationValue<'LinkType'>,
): string | undefined {
  for (const each of attributes) {
    if (each.kind !== 'standard' || each.name !== 'Link') continue;
    const { linkType: type, linkedObjectIdentifier: id } = each.value;
    if (type === linkType && typeof id === 'string') return id;
  }
  return undefined;
}

/** The object without its Links of a type; the others keep their order, not their indices. */
export function withoutLinks(
  object: ManagedObject,
  linkType: EnumerationValue<'LinkType'>,
): ManagedObject {
  let index = 0;
  const attributes = object.attributes.flatMap((each): Attribute[] => {
    if (each.kind !== 'standard' || each.name !== 'Link') return [each];
    return each.value.linkType === linkType ? [] : [{ ...each, index: index++ }];
  });
  return { ...object, attributes };
}
