/** MAC Verify (1.4 §4.34, 2.1 §6.1.33). */

import { CryptographicParameters } from '../attributes/structures.ts';
import { uniqueIdentifier } from '../attributes/unique-identifier.ts';
import { bytes, enumeration, optional, required } from '../schema/declare.ts';
import { data } from './data.ts';
import { operation } from './operation.ts';
import { streamFields } from './stream-fields.ts';

export const MACVerify = operation('MACVerify', {
  request: {
    uniqueIdentifier: optional(uniqueIdentifier('UniqueIdentifier')),
    cryptographicParameters: optional(CryptographicParameters),
    data: optional(data()),
    macData: optional(bytes('MACData'), { requiredUntil: '1.2' }),
    ...streamFields,
  },
  response: {
    uniqueIdentifier: required(uniqueIdentifier('UniqueIdentifier')),
    /** Present once all of the data is there. */
    validityIndicator: optional(enumeration('ValidityIndicator', 'ValidityIndicator')),
    /** Present while more of the data is to come. */
    correlationValue: optional(bytes('CorrelationValue'), { since: '1.3' }),
  },
});
