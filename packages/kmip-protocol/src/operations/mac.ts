/** MAC (1.4 §4.33, 2.1 §6.1.32). */

import { CryptographicParameters } from '../attributes/structures.ts';
import { uniqueIdentifier } from '../attributes/unique-identifier.ts';
import { bytes, optional, required } from '../schema/declare.ts';
import { data } from './data.ts';
import { operation } from './operation.ts';
import { streamFields } from './stream-fields.ts';

export const MAC = operation('MAC', {
  request: {
    uniqueIdentifier: optional(uniqueIdentifier('UniqueIdentifier')),
    cryptographicParameters: optional(CryptographicParameters),
    data: optional(data(), { requiredUntil: '1.2' }),
    ...streamFields,
  },
  response: {
    uniqueIdentifier: required(uniqueIdentifier('UniqueIdentifier')),
    macData: optional(bytes('MACData'), { requiredUntil: '1.2' }),
    /** Present while more of the data is to come. */
    correlationValue: optional(bytes('CorrelationValue'), { since: '1.3' }),
  },
});
