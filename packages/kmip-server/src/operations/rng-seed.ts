/**
 * RNG Seed (1.4 §4.36, 2.1 §6.1.50). The generator of the runtime seeds itself: what a client sends is
 * not needed, and none of it is used (the answer says so: 0 bytes were taken).
 */

import { ClavigerError, OPERATION_SCHEMAS } from '@claviger/kmip-protocol';
import { bytesOf } from '../streams/in-parts.ts';
import { handler } from './operation-handler.ts';

export const rngSeed = handler<'RNGSeed'>(OPERATION_SCHEMAS.RNGSeed, async (_, request) => {
  const data = bytesOf(request.data);
  if (data === undefined || data.length === 0) {
    throw new ClavigerError('invalid-field', 'the Data of a seed must have at least one byte');
  }
  return { response: { dataLength: 0 }, audit: {} };
});
