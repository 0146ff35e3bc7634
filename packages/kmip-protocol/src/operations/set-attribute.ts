/** Set Attribute (2.1 §6.1.51). */

import { singleAttribute } from '../attributes/single-fields.ts';
import { uniqueIdentifier } from '../attributes/unique-identifier.ts';
import { optional, required } from '../schema/declare.ts';
import { operation } from './operation.ts';

export const SetAttribute = operation('SetAttribute', {
  request: {
    uniqueIdentifier: optional(uniqueIdentifier('UniqueIdentifier')),
    attribute: singleAttribute(),
  },
  response: { uniqueIdentifier: required(uniqueIdentifier('UniqueIdentifier')) },
});
