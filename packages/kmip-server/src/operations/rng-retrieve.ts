/** RNG Retrieve (1.4 §4.35, 2.1 §6.1.49). */

import { ClavigerError, OPERATION_SCHEMAS } from '@claviger/kmip-protocol';
import { handler } from './operation-handler.ts';

/** As many as anybody makes a key of, many times over. */
export const MAX_RANDOM_BYTES = 64 * 1024;

export const rngRetrieve = handler<'RNGRetrieve'>(
  OPERATION_SCHEMAS.RNGRetrieve,
  async (context, { dataLength }) => {
    if (dataLength < 1 || dataLength > MAX_RANDOM_BYTES) {
      throw new ClavigerError('invalid-field', `the Data Length must be 1 to ${MAX_RANDOM_BYTES}`);
    }
    return { response: { data: context.newKeyMaterial(dataLength) }, audit: {} };
  },
);
