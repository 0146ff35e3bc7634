/** Certify (1.4 §4.7, 2.1 §6.1.6). */

import { optionalAttributeSet, templateAttribute } from '../attributes/fields.ts';
import { uniqueIdentifier } from '../attributes/unique-identifier.ts';
import { optional, required } from '../schema/declare.ts';
import { certificateRequestFields } from './certificate-request-fields.ts';
import { operation } from './operation.ts';
import { ProtectionStorageMasks } from './protection-storage-masks.ts';

export const Certify = operation('Certify', {
  request: {
    uniqueIdentifier: optional(uniqueIdentifier('UniqueIdentifier')),
    ...certificateRequestFields,
    attributes: optionalAttributeSet('TemplateAttribute', 'Attributes'),
    protectionStorageMasks: optional(ProtectionStorageMasks, { since: '2.0' }),
  },
  response: {
    uniqueIdentifier: required(uniqueIdentifier('UniqueIdentifier')),
    /** What the server set beyond the request; 2.x has no place for it. */
    templateAttribute: optional(templateAttribute('TemplateAttribute'), { until: '1.4' }),
  },
});
