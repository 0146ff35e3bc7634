/** Decrypt (1.4 §4.30, 2.1 §6.1.11). */

import { CryptographicParameters } from '../attributes/structures.ts';
import { uniqueIdentifier } from '../attributes/unique-identifier.ts';
import { bytes, optional, required } from '../schema/declare.ts';
import { data } from './data.ts';
import { operation } from './operation.ts';
import { streamFields } from './stream-fields.ts';

export const Decrypt = operation('Decrypt', {
  request: {
    uniqueIdentifier: optional(uniqueIdentifier('UniqueIdentifier')),
    cryptographicParameters: optional(CryptographicParameters),
    data: optional(data(), { requiredUntil: '1.2' }),
    ivCounterNonce: optional(bytes('IVCounterNonce')),
    ...streamFields,
    authenticatedEncryptionAdditionalData: optional(
      bytes('AuthenticatedEncryptionAdditionalData'),
      { since: '1.4' },
    ),
    authenticatedEncryptionTag: optional(bytes('AuthenticatedEncryptionTag'), { since: '1.4' }),
  },
  response: {
    uniqueIdentifier: required(uniqueIdentifier('UniqueIdentifier')),
    data: optional(bytes('Data'), { requiredUntil: '1.2' }),
    /** Present while more of the data is to come. */
    correlationValue: optional(bytes('CorrelationValue'), { since: '1.3' }),
  },
});
