/** Links that the server sets between objects (1.4 §3.35, 2.1 §4.31). */

import { attribute, type EnumerationValue, type Version } from '@claviger/kmip-protocol';
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
