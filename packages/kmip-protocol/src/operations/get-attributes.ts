/** Get Attributes (1.4 §4.12, 2.1 §6.1.20). */

import { attributeList } from '../attributes/fields.ts';
import { attributeReferences } from '../attributes/single-fields.ts';
import { uniqueIdentifier } from '../attributes/unique-identifier.ts';
import { optional, required } from '../schema/declare.ts';
import { operation } from './operation.ts';

export const GetAttributes = operation('GetAttributes', {
  request: {
    uniqueIdentifier: optional(uniqueIdentifier('UniqueIdentifier')),
    /** None: all attributes. */
    attributeReferences: attributeReferences('refuse'),
  },
  response: {
    uniqueIdentifier: required(uniqueIdentifier('UniqueIdentifier')),
    attributes: attributeList('required', 'omit'),
  },
});
