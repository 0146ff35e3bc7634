/** What an object made of others has to keep of their protection. */

import { attribute, type StandardAttribute } from '@claviger/kmip-protocol';
import { attributeValue, type ManagedObject } from './managed-object.ts';

/**
 * Sensitive or not extractable as soon as one of the sources is: splitting a key, and joining it again,
 * is no way to get at what nobody may have.
 */
export function protectionOf(sources: readonly ManagedObject[]): readonly StandardAttribute[] {
  const isSensitive = sources.some((source) => attributeValue(source, 'Sensitive') === true);
  const isKept = sources.some((source) => attributeValue(source, 'Extractable') === false);
  return [
    ...(isSensitive ? [attribute('Sensitive', true)] : []),
    ...(isKept ? [attribute('Extractable', false)] : []),
  ];
}
