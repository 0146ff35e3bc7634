/**
 * RNG Seed (1.4 §4.36, 2.1 §6.1.50). The generator of the runtime seeds itself: what a client sends is not needed,
 * and none of it is used unless the settings say so. The answer tells how many bytes are.
 */

import { ClavigerError, OPERATION_SCHEMAS } from '@claviger/kmip-protocol';
import { bytesOf } from '../streams/in-parts.ts';
import { handler } from './operation-handler.ts';

export const rngSeed = handler<'RNGSeed'>(OPERATION_SCHEMAS.RNGSeed, async (context, request) => {
  const data = bytesOf(request.data);
  if (data === undefined || data.length === 0) {
    throw new ClavigerError('invalid-field', 'the Data of a seed must have at least one byte');
  }
  const dataLength = context.seedGenerator(data);
  if (dataLength === undefined) {
    throw new ClavigerError(
      'permission-denied',
      'clients may not seed the generator of this server',
    );
  }
  return { response: { dataLength }, audit: {} };
});
