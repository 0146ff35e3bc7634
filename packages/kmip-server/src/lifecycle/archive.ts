/** Objects off line: their material stays where it is and is not used until they are recovered (1.4 §4.22). */

import { type Attribute, ClavigerError } from '@claviger/kmip-protocol';
import { attributeValue } from '../objects/managed-object.ts';

interface WithAttributes {
  readonly attributes: readonly Attribute[];
}

/** Recover takes the date away again. */
export function isArchived(object: WithAttributes): boolean {
  return attributeValue(object, 'ArchiveDate') !== undefined;
}

/** @throws ClavigerError `object-archived`. */
export function assertOnLine(object: WithAttributes): void {
  if (!isArchived(object)) return;
  throw new ClavigerError('object-archived', 'the object is archived; recover it first');
}
