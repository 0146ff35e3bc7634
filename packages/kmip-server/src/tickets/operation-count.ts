/** How many operations a ticket is good for, from the Usage Limits that a client asks for. */

import { ClavigerError, type UsageLimits } from '@claviger/kmip-protocol';

/**
 * Of the unit Object each batch item is one operation; bytes and blocks belong to a key, not to a ticket.
 *
 * @throws ClavigerError `feature-not-supported` for another unit.
 */
export function operationCountOf(limits: UsageLimits | undefined): bigint | undefined {
  if (limits === undefined) return undefined;
  if (limits.usageLimitsUnit !== 'Object') {
    throw new ClavigerError(
      'feature-not-supported',
      'a ticket is bounded by Lease Time, Request Count, and Usage Limits of the unit Object',
    );
  }
  return limits.usageLimitsTotal;
}
