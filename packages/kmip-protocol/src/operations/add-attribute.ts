/** Add Attribute (1.4 §4.14, 2.1 §6.1.2). */

import { echoedAttribute, singleAttribute } from '../attributes/single-fields.ts';
import { uniqueIdentifier } from '../attributes/unique-identifier.ts';
import { optional, required } from '../schema/declare.ts';
import { operation } from './operation.ts';

export const AddAttribute = operation('AddAttribute', {
  request: {
    uniqueIdentifier: optional(uniqueIdentifier('UniqueIdentifier')),
    attribute: singleAttribute(),
  },
  response: {
    uniqueIdentifier: required(uniqueIdentifier('UniqueIdentifier')),
    attribute: echoedAttribute(),
  },
});
