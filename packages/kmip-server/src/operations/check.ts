/**
 * Check (1.4 §4.10, 2.1 §6.1.7): whether the object could be used so. What would be refused comes back in
 * the place of the identifier, and the ID Placeholder is emptied; in 2.x a usage that is not permitted is an
 * error (2.1 §6.1.7.1, BL-M-2).
 */

import { ClavigerError, isAtLeast, OPERATION_SCHEMAS } from '@claviger/kmip-protocol';
import { assertOnLine } from '../lifecycle/archive.ts';
import { attributeValue } from '../objects/managed-object.ts';
import { LEASE_SECONDS } from '../objects/new-object.ts';
import { handler } from './operation-handler.ts';

export const check = handler<'Check'>(OPERATION_SCHEMAS.Check, async (context, request) => {
  const { object, state } = await context.find(request.uniqueIdentifier);
  assertOnLine(object);
  if (object.objectType === 'Template') {
    throw new ClavigerError('illegal-operation', 'a Template is not used, so it cannot be checked');
  }
  const limits = attributeValue(object, 'UsageLimits');
  const left = limits?.usageLimitsCount ?? limits?.usageLimitsTotal;
  const mask = attributeValue(object, 'CryptographicUsageMask') ?? 0;
  const { usageLimitsCount, cryptographicUsageMask, leaseTime } = request;
  const refused = {
    ...(usageLimitsCount !== undefined &&
      left !== undefined &&
      usageLimitsCount > left && { usageLimitsCount }),
    ...(cryptographicUsageMask !== undefined &&
      (cryptographicUsageMask & ~mask) !== 0 && { cryptographicUsageMask }),
    ...(leaseTime !== undefined && leaseTime > LEASE_SECONDS && { leaseTime }),
  };
  if (refused.cryptographicUsageMask !== undefined && isAtLeast(context.version, '2.0')) {
    throw new ClavigerError(
      'usage-not-permitted',
      'the Cryptographic Usage Mask of the object does not permit this usage',
    );
  }
  const isAllowed = Object.keys(refused).length === 0;
  return {
    // 1.0 cannot answer without the identifier.
    response:
      isAllowed || context.version === '1.0'
        ? { uniqueIdentifier: object.id, ...refused }
        : { ...refused },
    audit: { subject: { id: object.id, objectType: object.objectType, state } },
    ...(!isAllowed && { idPlaceholder: null }),
  };
});
