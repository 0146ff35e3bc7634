/** Obtain Lease (1.4 §4.17, 2.1 §6.1.35). */

import { uniqueIdentifier } from '../attributes/unique-identifier.ts';
import { dateTime, interval, optional, required } from '../schema/declare.ts';
import { operation } from './operation.ts';

export const ObtainLease = operation('ObtainLease', {
  request: { uniqueIdentifier: optional(uniqueIdentifier('UniqueIdentifier')) },
  response: {
    uniqueIdentifier: required(uniqueIdentifier('UniqueIdentifier')),
    /** Seconds. */
    leaseTime: required(interval('LeaseTime')),
    lastChangeDate: required(dateTime('LastChangeDate')),
  },
});
