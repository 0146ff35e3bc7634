/** The attributes that new objects get when the client says nothing of them (2.1 §6.1.53). */

import { attributeList } from '../attributes/fields.ts';
import { enumeration, optional, repeated, structure } from '../schema/declare.ts';
import type { Infer } from '../schema/schema.ts';
import { ObjectGroups, ObjectTypes } from './object-lists.ts';

/** 2.1 §7.22. */
export const ObjectDefaults = structure(
  'ObjectDefaults',
  {
    objectType: optional(enumeration('ObjectType', 'ObjectType')),
    objectTypes: optional(ObjectTypes, { since: '2.1' }),
    attributes: attributeList('required', 'refuse'),
    /** Absent: objects of every group. */
    objectGroups: optional(ObjectGroups, { since: '2.1' }),
  },
  { oneOf: ['objectType', 'objectTypes'] },
);
export type ObjectDefaults = Infer<typeof ObjectDefaults>;

/** 2.1 §7.11. */
export const DefaultsInformation = structure('DefaultsInformation', {
  objectDefaults: repeated(ObjectDefaults),
});
export type DefaultsInformation = Infer<typeof DefaultsInformation>;
