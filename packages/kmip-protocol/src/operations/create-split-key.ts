/** Create Split Key (1.4 §4.38, 2.1 §6.1.10). */

import { attributeSet, templateAttribute } from '../attributes/fields.ts';
import { uniqueIdentifier } from '../attributes/unique-identifier.ts';
import {
  bigInteger,
  enumeration,
  integer,
  oneOrMore,
  optional,
  required,
} from '../schema/declare.ts';
import { operation } from './operation.ts';
import { ProtectionStorageMasks } from './protection-storage-masks.ts';

export const CreateSplitKey = operation('CreateSplitKey', {
  request: {
    objectType: required(enumeration('ObjectType', 'ObjectType')),
    /** The key to be split; absent: a new one is made. */
    uniqueIdentifier: optional(uniqueIdentifier('UniqueIdentifier')),
    splitKeyParts: required(integer('SplitKeyParts')),
    splitKeyThreshold: required(integer('SplitKeyThreshold')),
    splitKeyMethod: required(enumeration('SplitKeyMethod', 'SplitKeyMethod')),
    primeFieldSize: optional(bigInteger('PrimeFieldSize')),
    attributes: attributeSet('TemplateAttribute', 'Attributes'),
    protectionStorageMasks: optional(ProtectionStorageMasks, { since: '2.0' }),
  },
  response: {
    objectType: optional(enumeration('ObjectType', 'ObjectType'), { until: '1.2' }),
    uniqueIdentifier: oneOrMore(uniqueIdentifier('UniqueIdentifier')),
    /** What the server set beyond the request; 2.x has no place for it. */
    templateAttribute: optional(templateAttribute('TemplateAttribute'), { until: '1.4' }),
  },
});
