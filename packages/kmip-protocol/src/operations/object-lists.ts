/** Lists of what something pertains to: object types, object groups, operations, objects. */

import { uniqueIdentifier } from '../attributes/unique-identifier.ts';
import { enumeration, repeated, structure, text } from '../schema/declare.ts';

/** 2.1 §7.21. */
export const Objects = structure('Objects', {
  uniqueIdentifier: repeated(uniqueIdentifier('UniqueIdentifier')),
});

/** 2.1 §7.23. */
export const ObjectGroups = structure('ObjectGroups', {
  objectGroup: repeated(text('ObjectGroup')),
});

/** 2.1 §7.24. */
export const ObjectTypes = structure('ObjectTypes', {
  objectType: repeated(enumeration('ObjectType', 'ObjectType')),
});

/** 2.1 §7.25. */
export const Operations = structure('Operations', {
  operation: repeated(enumeration('Operation', 'Operation')),
});
