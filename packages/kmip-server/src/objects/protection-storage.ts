/** How objects are protected where they are stored (Protection Storage Mask: 2.1 §4.44, §7.33). */

import { ClavigerError, MASKS } from '@claviger/kmip-protocol';

const { Software, OnPremises, SelfManaged } = MASKS.ProtectionStorageMask.bits;

/** What is true of every object of this server. */
export const PROTECTION_STORAGE_MASK = Software | OnPremises | SelfManaged;

/**
 * Checks the alternatives that a client accepts: all bits of one of them must be met.
 *
 * @returns the first one that is met, to be recorded; without alternatives, the kind of storage.
 * @throws ClavigerError `feature-not-supported`: the object would be less protected than was asked for.
 */
export function chooseProtectionStorage(alternatives: readonly number[]): number {
  if (alternatives.length === 0) return Software;
  const met = alternatives.find((mask) => (mask & ~PROTECTION_STORAGE_MASK) === 0);
  if (met !== undefined) return met;
  throw new ClavigerError(
    'feature-not-supported',
    'none of the Protection Storage Masks can be met: keys are kept in software, on premises, self-managed',
  );
}
