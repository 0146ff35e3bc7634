/**
 * Unique Identifier values. A text in 1.x; since 2.0 also an Enumeration that names an object of the
 * same batch by the operation that made it, or an Integer that names it by its place (2.1 §4.58).
 */

import { text } from '../schema/declare.ts';
import type { VersionedSchema } from '../schema/schema.ts';
import type { TagName } from '../tables/tags.ts';
import { type BatchReference, orBatchReference } from './batch-reference.ts';

export type UniqueIdentifierValue = string | BatchReference<'UniqueIdentifier'>;

/** A Unique Identifier under the given tag. */
export function uniqueIdentifier(name: TagName): VersionedSchema<UniqueIdentifierValue> {
  return orBatchReference(name, text(name), 'UniqueIdentifier');
}
