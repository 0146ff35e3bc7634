/** Delete Attribute (1.4 §4.16, 2.1 §6.1.13). */

import {
  attributeIndex,
  attributeReference,
  currentAttribute,
  echoedAttribute,
} from '../attributes/single-fields.ts';
import { uniqueIdentifier } from '../attributes/unique-identifier.ts';
import { optional, required } from '../schema/declare.ts';
import { operation } from './operation.ts';

export const DeleteAttribute = operation('DeleteAttribute', {
  request: {
    uniqueIdentifier: optional(uniqueIdentifier('UniqueIdentifier')),
    currentAttribute: currentAttribute(),
    attributeReference: attributeReference('optional'),
    /** Which instance; absent: the first. */
    attributeIndex: attributeIndex(),
  },
  response: {
    uniqueIdentifier: required(uniqueIdentifier('UniqueIdentifier')),
    attribute: echoedAttribute(),
  },
});
