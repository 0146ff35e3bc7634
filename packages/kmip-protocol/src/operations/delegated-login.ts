/** Delegated Login (2.1 §6.1.12). */

import { UsageLimits } from '../attributes/structures.ts';
import { Ticket } from '../messages/credentials.ts';
import { integer, interval, optional, required } from '../schema/declare.ts';
import { operation } from './operation.ts';
import { Rights } from './rights.ts';

export const DelegatedLogin = operation('DelegatedLogin', {
  request: {
    /** How long the ticket is to be valid, in seconds. */
    leaseTime: optional(interval('LeaseTime')),
    /** How many requests it is to be good for. */
    requestCount: optional(integer('RequestCount')),
    usageLimits: optional(UsageLimits),
    rights: required(Rights),
  },
  response: { ticket: required(Ticket) },
});
