/** RNG Retrieve (1.4 §4.35, 2.1 §6.1.49). */

import { bytes, integer, required } from '../schema/declare.ts';
import { operation } from './operation.ts';

export const RNGRetrieve = operation('RNGRetrieve', {
  request: {
    /** Bytes. */
    dataLength: required(integer('DataLength')),
  },
  response: { data: required(bytes('Data')) },
});
