/** Modify Attribute (1.4 §4.15, 2.1 §6.1.34). */

import { currentAttribute, echoedAttribute, singleAttribute } from '../attributes/single-fields.ts';
import { uniqueIdentifier } from '../attributes/unique-identifier.ts';
import { optional, required } from '../schema/declare.ts';
import { operation } from './operation.ts';

export const ModifyAttribute = operation('ModifyAttribute', {
  request: {
    uniqueIdentifier: optional(uniqueIdentifier('UniqueIdentifier')),
    currentAttribute: currentAttribute(),
    attribute: singleAttribute(),
  },
  response: {
    uniqueIdentifier: required(uniqueIdentifier('UniqueIdentifier')),
    attribute: echoedAttribute(),
  },
});
