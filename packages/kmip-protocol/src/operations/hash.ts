/** Hash (1.4 §4.37, 2.1 §6.1.24). */

import { CryptographicParameters } from '../attributes/structures.ts';
import { bytes, optional, required } from '../schema/declare.ts';
import { data } from './data.ts';
import { operation } from './operation.ts';
import { streamFields } from './stream-fields.ts';

export const Hash = operation('Hash', {
  request: {
    cryptographicParameters: required(CryptographicParameters),
    data: optional(data(), { requiredUntil: '1.2' }),
    ...streamFields,
  },
  response: {
    data: optional(bytes('Data'), { requiredUntil: '1.2' }),
    /** Present while more of the data is to come. */
    correlationValue: optional(bytes('CorrelationValue'), { since: '1.3' }),
  },
});
