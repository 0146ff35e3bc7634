/** Re-key Key Pair (1.4 §4.5, 2.1 §6.1.47). */

import { interval, optional, text } from '../schema/declare.ts';
import { keyPairAnswer, keyPairAttributes } from './key-pair-fields.ts';
import { operation } from './operation.ts';

export const ReKeyKeyPair = operation('ReKeyKeyPair', {
  request: {
    privateKeyUniqueIdentifier: optional(text('PrivateKeyUniqueIdentifier')),
    /** From Initial Date to Activation Date of the new keys, in seconds. */
    offset: optional(interval('Offset')),
    ...keyPairAttributes,
  },
  response: { ...keyPairAnswer },
});
