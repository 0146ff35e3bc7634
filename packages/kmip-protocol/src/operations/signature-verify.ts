/** Signature Verify (1.4 §4.32, 2.1 §6.1.56). */

import { CryptographicParameters } from '../attributes/structures.ts';
import { uniqueIdentifier } from '../attributes/unique-identifier.ts';
import { bytes, enumeration, optional, required } from '../schema/declare.ts';
import { data } from './data.ts';
import { operation } from './operation.ts';
import { streamFields } from './stream-fields.ts';

export const SignatureVerify = operation('SignatureVerify', {
  request: {
    uniqueIdentifier: optional(uniqueIdentifier('UniqueIdentifier')),
    cryptographicParameters: optional(CryptographicParameters),
    data: optional(data()),
    /** The hash of the data, where the client has made it. */
    digestedData: optional(bytes('DigestedData'), { since: '1.4' }),
    signatureData: optional(bytes('SignatureData'), { requiredUntil: '1.2' }),
    ...streamFields,
  },
  response: {
    uniqueIdentifier: required(uniqueIdentifier('UniqueIdentifier')),
    /** Present once all of the data is there. */
    validityIndicator: optional(enumeration('ValidityIndicator', 'ValidityIndicator')),
    /** Recovered from the signature, where the algorithm allows it. */
    data: optional(bytes('Data')),
    /** Present while more of the data is to come. */
    correlationValue: optional(bytes('CorrelationValue'), { since: '1.3' }),
  },
});
