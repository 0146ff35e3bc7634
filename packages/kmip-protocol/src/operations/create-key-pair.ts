/** Create Key Pair (1.4 §4.2, 2.1 §6.1.9). */

import { keyPairAnswer, keyPairAttributes } from './key-pair-fields.ts';
import { operation } from './operation.ts';

export const CreateKeyPair = operation('CreateKeyPair', {
  request: { ...keyPairAttributes },
  response: { ...keyPairAnswer },
});
