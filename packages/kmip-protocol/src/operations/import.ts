/** Import (1.4 §4.41, 2.1 §6.1.25). */

import { attributeList } from '../attributes/fields.ts';
import { uniqueIdentifier } from '../attributes/unique-identifier.ts';
import { MANAGED_OBJECT_KEYS, managedObjectFields } from '../objects/managed-object.ts';
import { boolean, enumeration, optional, required } from '../schema/declare.ts';
import { operation } from './operation.ts';

export const Import = operation(
  'Import',
  {
    request: {
      uniqueIdentifier: required(uniqueIdentifier('UniqueIdentifier')),
      objectType: required(enumeration('ObjectType', 'ObjectType'), { since: '2.0' }),
      replaceExisting: optional(boolean('ReplaceExisting')),
      keyWrapType: optional(enumeration('KeyWrapType', 'KeyWrapType')),
      attributes: attributeList('required', 'refuse'),
      ...managedObjectFields,
    },
    response: { uniqueIdentifier: required(uniqueIdentifier('UniqueIdentifier')) },
  },
  { request: { oneOf: MANAGED_OBJECT_KEYS } },
);
