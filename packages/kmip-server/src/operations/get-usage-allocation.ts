/** Get Usage Allocation (1.4 §4.18, 2.1 §6.1.23): takes from the Usage Limits ahead of the use. */

import { ClavigerError, isAtLeast, OPERATION_SCHEMAS } from '@claviger/kmip-protocol';
import { assertOnLine } from '../lifecycle/archive.ts';
import { attributeValue, withValues } from '../objects/managed-object.ts';
import { handler } from './operation-handler.ts';

export const getUsageAllocation = handler<'GetUsageAllocation'>(
  OPERATION_SCHEMAS.GetUsageAllocation,
  async (context, request) => {
    const { object, state } = await context.find(request.uniqueIdentifier);
    assertOnLine(object);
    const limits = attributeValue(object, 'UsageLimits');
    if (limits === undefined) {
      // Every object can have some in 2.x; 1.x has an older reason for it (1.4 §11.19).
      const code = isAtLeast(context.version, '2.0') ? 'attribute-not-found' : 'illegal-operation';
      throw new ClavigerError(code, 'the object has no Usage Limits to take from');
    }
    if (request.usageLimitsCount < 0n) {
      throw new ClavigerError('invalid-field', 'the Usage Limits Count must not be negative');
    }
    if (state !== 'Active') {
      throw new ClavigerError(
        'wrong-state',
        `the object is ${state}; to be used it must be Active`,
      );
    }
    const stop = attributeValue(object, 'ProtectStopDate');
    if (stop !== undefined && stop <= context.nowSeconds) {
      throw new ClavigerError('wrong-state', 'the Protect Stop Date of the object has passed');
    }
    const left = (limits.usageLimitsCount ?? limits.usageLimitsTotal) - request.usageLimitsCount;
    if (left < 0n) {
      throw new ClavigerError('usage-limit-exceeded', 'the Usage Limits do not leave so much');
    }
    return {
      response: { uniqueIdentifier: object.id },
      save: [
        withValues(object, {
          UsageLimits: { ...limits, usageLimitsCount: left },
          LastChangeDate: context.nowSeconds,
        }),
      ],
      audit: { subject: { id: object.id, objectType: object.objectType, state } },
    };
  },
);
