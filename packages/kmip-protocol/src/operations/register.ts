/** Register (1.4 §4.3, 2.1 §6.1.43). */

import { attributeSet, templateAttribute } from '../attributes/fields.ts';
import { uniqueIdentifier } from '../attributes/unique-identifier.ts';
import { MANAGED_OBJECT_KEYS, managedObjectFields } from '../objects/managed-object.ts';
import { enumeration, optional, required } from '../schema/declare.ts';
import { operation } from './operation.ts';
import { ProtectionStorageMasks } from './protection-storage-masks.ts';

export const Register = operation(
  'Register',
  {
    request: {
      objectType: required(enumeration('ObjectType', 'ObjectType')),
      attributes: attributeSet('TemplateAttribute', 'Attributes'),
      ...managedObjectFields,
      protectionStorageMasks: optional(ProtectionStorageMasks, { since: '2.0' }),
    },
    response: {
      uniqueIdentifier: required(uniqueIdentifier('UniqueIdentifier')),
      /** What the server set beyond the request; 2.x has no place for it. */
      templateAttribute: optional(templateAttribute('TemplateAttribute'), { until: '1.4' }),
    },
  },
  { request: { oneOf: MANAGED_OBJECT_KEYS } },
);
