/** What the holder of a delegated ticket may do (2.1 §6.1.12). */

import { UsageLimits } from '../attributes/structures.ts';
import { optional, repeated, structure } from '../schema/declare.ts';
import type { Infer } from '../schema/schema.ts';
import { ObjectGroups, Objects, Operations } from './object-lists.ts';

/** 2.1 §7.34. A field that is absent limits nothing. */
export const Right = structure('Right', {
  usageLimits: optional(UsageLimits),
  operations: optional(Operations),
  objects: optional(Objects),
  objectGroups: optional(ObjectGroups, { since: '2.1' }),
});
export type Right = Infer<typeof Right>;

/** 2.1 §7.35. */
export const Rights = structure('Rights', { right: repeated(Right) });
export type Rights = Infer<typeof Rights>;
