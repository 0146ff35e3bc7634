/** RNG Seed (1.4 §4.36, 2.1 §6.1.50). */

import { integer, required } from '../schema/declare.ts';
import { data } from './data.ts';
import { operation } from './operation.ts';

export const RNGSeed = operation('RNGSeed', {
  request: { data: required(data()) },
  response: {
    /** How many bytes were taken. */
    dataLength: required(integer('DataLength')),
  },
});
