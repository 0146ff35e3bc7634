/** Adjust Attribute (2.1 §6.1.3). */

import { attributeReference } from '../attributes/single-fields.ts';
import { uniqueIdentifier } from '../attributes/unique-identifier.ts';
import { enumeration, opaque, optional, required } from '../schema/declare.ts';
import { operation } from './operation.ts';

export const AdjustAttribute = operation('AdjustAttribute', {
  request: {
    uniqueIdentifier: optional(uniqueIdentifier('UniqueIdentifier')),
    attributeReference: attributeReference('required'),
    adjustmentType: required(enumeration('AdjustmentType', 'AdjustmentType')),
    /** Its type is that of the attribute. */
    adjustmentValue: optional(opaque('AdjustmentValue')),
  },
  response: { uniqueIdentifier: required(uniqueIdentifier('UniqueIdentifier')) },
});
