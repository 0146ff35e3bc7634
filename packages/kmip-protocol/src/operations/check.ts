/** Check (1.4 §4.10, 2.1 §6.1.7). */

import { uniqueIdentifier } from '../attributes/unique-identifier.ts';
import { interval, longInteger, mask, optional } from '../schema/declare.ts';
import { operation } from './operation.ts';

export const Check = operation('Check', {
  request: {
    uniqueIdentifier: optional(uniqueIdentifier('UniqueIdentifier')),
    usageLimitsCount: optional(longInteger('UsageLimitsCount')),
    cryptographicUsageMask: optional(mask('CryptographicUsageMask', 'CryptographicUsageMask')),
    /** Seconds. */
    leaseTime: optional(interval('LeaseTime')),
  },
  response: {
    /** Absent when the server did not look at the object. */
    uniqueIdentifier: optional(uniqueIdentifier('UniqueIdentifier'), { requiredUntil: '1.0' }),
    /** What follows would not be allowed. */
    usageLimitsCount: optional(longInteger('UsageLimitsCount')),
    cryptographicUsageMask: optional(mask('CryptographicUsageMask', 'CryptographicUsageMask')),
    /** Seconds. */
    leaseTime: optional(interval('LeaseTime')),
  },
});
