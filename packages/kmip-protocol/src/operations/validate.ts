/** Validate (1.4 §4.24, 2.1 §6.1.57). */

import { uniqueIdentifier } from '../attributes/unique-identifier.ts';
import { Certificate } from '../objects/managed-object.ts';
import { dateTime, enumeration, optional, repeated, required } from '../schema/declare.ts';
import { operation } from './operation.ts';

export const Validate = operation('Validate', {
  request: {
    certificate: repeated(Certificate),
    uniqueIdentifier: repeated(uniqueIdentifier('UniqueIdentifier')),
    /** At which time the chain is to be valid; absent: now. */
    validityDate: optional(dateTime('ValidityDate')),
  },
  response: { validityIndicator: required(enumeration('ValidityIndicator', 'ValidityIndicator')) },
});
