/** Revoke (1.4 §4.20, 2.1 §6.1.44). */

import { RevocationReason } from '../attributes/structures.ts';
import { uniqueIdentifier } from '../attributes/unique-identifier.ts';
import { dateTime, optional, required } from '../schema/declare.ts';
import { operation } from './operation.ts';

export const Revoke = operation('Revoke', {
  request: {
    uniqueIdentifier: optional(uniqueIdentifier('UniqueIdentifier')),
    revocationReason: required(RevocationReason),
    compromiseOccurrenceDate: optional(dateTime('CompromiseOccurrenceDate')),
  },
  response: { uniqueIdentifier: required(uniqueIdentifier('UniqueIdentifier')) },
});
