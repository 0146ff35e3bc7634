/** Put (1.4 §5.2, 2.1 §6.2.3): from the server to a client. */

import { attributeList } from '../attributes/fields.ts';
import { uniqueIdentifier } from '../attributes/unique-identifier.ts';
import { MANAGED_OBJECT_KEYS, managedObjectFields } from '../objects/managed-object.ts';
import { enumeration, optional, required, text } from '../schema/declare.ts';
import { operation } from './operation.ts';

export const Put = operation(
  'Put',
  {
    request: {
      uniqueIdentifier: required(uniqueIdentifier('UniqueIdentifier')),
      putFunction: required(enumeration('PutFunction', 'PutFunction')),
      /** Present when the object replaces another. */
      replacedUniqueIdentifier: optional(text('ReplacedUniqueIdentifier')),
      ...managedObjectFields,
      attributes: attributeList('optional', 'omit'),
    },
    response: {},
  },
  { request: { oneOf: MANAGED_OBJECT_KEYS } },
);
