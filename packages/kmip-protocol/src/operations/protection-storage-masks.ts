/** Protection Storage Masks: what a client accepts, in the order of preference (2.1 §7.33). */

import { mask, repeated, structure } from '../schema/declare.ts';

export const ProtectionStorageMasks = structure('ProtectionStorageMasks', {
  protectionStorageMask: repeated(mask('ProtectionStorageMask', 'ProtectionStorageMask')),
});
