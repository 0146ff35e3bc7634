/** Join Split Key (1.4 §4.39, 2.1 §6.1.27). */

import { optionalAttributeSet, templateAttribute } from '../attributes/fields.ts';
import { uniqueIdentifier } from '../attributes/unique-identifier.ts';
import { enumeration, oneOrMore, optional, required } from '../schema/declare.ts';
import { operation } from './operation.ts';
import { ProtectionStorageMasks } from './protection-storage-masks.ts';

export const JoinSplitKey = operation('JoinSplitKey', {
  request: {
    objectType: required(enumeration('ObjectType', 'ObjectType')),
    uniqueIdentifier: oneOrMore(uniqueIdentifier('UniqueIdentifier')),
    /** Present when the object is Secret Data. */
    secretDataType: optional(enumeration('SecretDataType', 'SecretDataType')),
    attributes: optionalAttributeSet('TemplateAttribute', 'Attributes'),
    protectionStorageMasks: optional(ProtectionStorageMasks, { since: '2.0' }),
  },
  response: {
    objectType: optional(enumeration('ObjectType', 'ObjectType'), { until: '1.2' }),
    uniqueIdentifier: required(uniqueIdentifier('UniqueIdentifier')),
    /** What the server set beyond the request; 2.x has no place for it. */
    templateAttribute: optional(templateAttribute('TemplateAttribute'), { until: '1.4' }),
  },
});
