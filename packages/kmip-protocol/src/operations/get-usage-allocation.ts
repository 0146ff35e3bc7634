/** Get Usage Allocation (1.4 §4.18, 2.1 §6.1.23). */

import { uniqueIdentifier } from '../attributes/unique-identifier.ts';
import { longInteger, optional, required } from '../schema/declare.ts';
import { operation } from './operation.ts';

export const GetUsageAllocation = operation('GetUsageAllocation', {
  request: {
    uniqueIdentifier: optional(uniqueIdentifier('UniqueIdentifier')),
    usageLimitsCount: required(longInteger('UsageLimitsCount')),
  },
  response: { uniqueIdentifier: required(uniqueIdentifier('UniqueIdentifier')) },
});
