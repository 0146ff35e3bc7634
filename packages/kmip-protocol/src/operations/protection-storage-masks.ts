/** Protection Storage Masks: what a client accepts, in the order of preference (2.1 §7.33). */

import { mask, repeated, structure } from '../schema/declare.ts';

const fields = {
  protectionStorageMask: repeated(mask('ProtectionStorageMask', 'ProtectionStorageMask')),
} as const;

export const ProtectionStorageMasks = structure('ProtectionStorageMasks', fields);

/** Of a key pair: of both keys, and of each where it differs (2.1 §6.1.9). */
export const CommonProtectionStorageMasks = structure('CommonProtectionStorageMasks', fields);
export const PrivateProtectionStorageMasks = structure('PrivateProtectionStorageMasks', fields);
export const PublicProtectionStorageMasks = structure('PublicProtectionStorageMasks', fields);
