/** Re-key (1.4 §4.4, 2.1 §6.1.46). */

import { optionalAttributeSet, templateAttribute } from '../attributes/fields.ts';
import { uniqueIdentifier } from '../attributes/unique-identifier.ts';
import { interval, optional, required } from '../schema/declare.ts';
import { operation } from './operation.ts';
import { ProtectionStorageMasks } from './protection-storage-masks.ts';

export const ReKey = operation('ReKey', {
  request: {
    uniqueIdentifier: optional(uniqueIdentifier('UniqueIdentifier')),
    /** From Initial Date to Activation Date of the new key, in seconds. */
    offset: optional(interval('Offset')),
    attributes: optionalAttributeSet('TemplateAttribute', 'Attributes'),
    protectionStorageMasks: optional(ProtectionStorageMasks, { since: '2.0' }),
  },
  response: {
    uniqueIdentifier: required(uniqueIdentifier('UniqueIdentifier')),
    /** What the server set beyond the request; 2.x has no place for it. */
    templateAttribute: optional(templateAttribute('TemplateAttribute'), { until: '1.4' }),
  },
});
