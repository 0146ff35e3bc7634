/** Sign (1.4 §4.31, 2.1 §6.1.55). */

import { CryptographicParameters } from '../attributes/structures.ts';
import { uniqueIdentifier } from '../attributes/unique-identifier.ts';
import { bytes, optional, required } from '../schema/declare.ts';
import { data } from './data.ts';
import { operation } from './operation.ts';
import { streamFields } from './stream-fields.ts';

export const Sign = operation('Sign', {
  request: {
    uniqueIdentifier: optional(uniqueIdentifier('UniqueIdentifier')),
    cryptographicParameters: optional(CryptographicParameters),
    data: optional(data(), { requiredUntil: '1.2' }),
    /** The hash of the data, where the client has made it. */
    digestedData: optional(bytes('DigestedData'), { since: '1.4' }),
    ...streamFields,
  },
  response: {
    uniqueIdentifier: required(uniqueIdentifier('UniqueIdentifier')),
    signatureData: optional(bytes('SignatureData'), { requiredUntil: '1.2' }),
    /** Present while more of the data is to come. */
    correlationValue: optional(bytes('CorrelationValue'), { since: '1.3' }),
  },
});
