/** What the attributes of new objects are held to (2.1 §6.1.52). */

import { attributeList } from '../attributes/fields.ts';
import { optional, repeated, structure } from '../schema/declare.ts';
import type { Infer } from '../schema/schema.ts';
import { ObjectGroups, ObjectTypes } from './object-lists.ts';

/** 2.1 §7.6. */
export const Constraint = structure('Constraint', {
  objectTypes: optional(ObjectTypes),
  objectGroups: optional(ObjectGroups),
  attributes: attributeList('optional', 'refuse'),
});
export type Constraint = Infer<typeof Constraint>;

/** 2.1 §7.7. */
export const Constraints = structure('Constraints', { constraint: repeated(Constraint) });
export type Constraints = Infer<typeof Constraints>;
