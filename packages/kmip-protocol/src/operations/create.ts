/** Create (1.4 §4.1, 2.1 §6.1.8). */

import { attributeSet, templateAttribute } from '../attributes/fields.ts';
import { uniqueIdentifier } from '../attributes/unique-identifier.ts';
import { enumeration, optional, required } from '../schema/declare.ts';
import { operation } from './operation.ts';
import { ProtectionStorageMasks } from './protection-storage-masks.ts';

export const Create = operation('Create', {
  request: {
    objectType: required(enumeration('ObjectType', 'ObjectType')),
    attributes: attributeSet('TemplateAttribute', 'Attributes'),
    protectionStorageMasks: optional(ProtectionStorageMasks, { since: '2.0' }),
  },
  response: {
    objectType: required(enumeration('ObjectType', 'ObjectType')),
    uniqueIdentifier: required(uniqueIdentifier('UniqueIdentifier')),
    /** What the server set beyond the request; 2.x has no place for it. */
    templateAttribute: optional(templateAttribute('TemplateAttribute'), { until: '1.4' }),
  },
});
