/** What Create Key Pair and Re-key Key Pair have in common (1.4 §4.2 and §4.5, 2.1 §6.1.9 and §6.1.47). */

import { optionalAttributeSet, templateAttribute } from '../attributes/fields.ts';
import { optional, required, text } from '../schema/declare.ts';
import {
  CommonProtectionStorageMasks,
  PrivateProtectionStorageMasks,
  PublicProtectionStorageMasks,
} from './protection-storage-masks.ts';

/** What the request says of both keys, and of each. */
export const keyPairAttributes = {
  commonAttributes: optionalAttributeSet('CommonTemplateAttribute', 'CommonAttributes'),
  privateKeyAttributes: optionalAttributeSet('PrivateKeyTemplateAttribute', 'PrivateKeyAttributes'),
  publicKeyAttributes: optionalAttributeSet('PublicKeyTemplateAttribute', 'PublicKeyAttributes'),
  commonProtectionStorageMasks: optional(CommonProtectionStorageMasks, { since: '2.0' }),
  privateProtectionStorageMasks: optional(PrivateProtectionStorageMasks, { since: '2.0' }),
  publicProtectionStorageMasks: optional(PublicProtectionStorageMasks, { since: '2.0' }),
} as const;

/** The keys that were made, in 1.x with what the server set beyond the request. */
export const keyPairAnswer = {
  privateKeyUniqueIdentifier: required(text('PrivateKeyUniqueIdentifier')),
  publicKeyUniqueIdentifier: required(text('PublicKeyUniqueIdentifier')),
  privateKeyTemplateAttribute: optional(templateAttribute('PrivateKeyTemplateAttribute'), {
    until: '1.4',
  }),
  publicKeyTemplateAttribute: optional(templateAttribute('PublicKeyTemplateAttribute'), {
    until: '1.4',
  }),
} as const;
