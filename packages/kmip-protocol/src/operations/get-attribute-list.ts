/** Get Attribute List (1.4 §4.13, 2.1 §6.1.21). */

import { attributeReferences } from '../attributes/single-fields.ts';
import { uniqueIdentifier } from '../attributes/unique-identifier.ts';
import { optional, required } from '../schema/declare.ts';
import { operation } from './operation.ts';

export const GetAttributeList = operation('GetAttributeList', {
  request: { uniqueIdentifier: optional(uniqueIdentifier('UniqueIdentifier')) },
  response: {
    uniqueIdentifier: required(uniqueIdentifier('UniqueIdentifier')),
    attributeReferences: attributeReferences('omit'),
  },
});
