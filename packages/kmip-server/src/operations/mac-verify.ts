/** MAC Verify (1.4 §4.34, 2.1 §6.1.33). */

import { ClavigerError, OPERATION_SCHEMAS } from '@claviger/kmip-protocol';
import { macsEqual } from '../cryptography/mac.ts';
import { openMacStream } from '../objects/mac-stream.ts';
import { computeWithKey } from './compute-with-key.ts';
import { handler } from './operation-handler.ts';

export const macVerify = handler<'MACVerify'>(
  OPERATION_SCHEMAS.MACVerify,
  async (context, request) => {
    const { uniqueIdentifier, part, effects } = await computeWithKey(context, request, {
      operation: 'MACVerify',
      bit: 'MACVerify',
      purpose: 'process',
      open(object) {
        const { update, final } = openMacStream(context, object, request.cryptographicParameters);
        // The code comes with the first part or with the last one; the bytes of a request end with it.
        const first = request.macData?.slice();
        return {
          update,
          final: () => (last: Uint8Array | undefined) => validity(final(), last ?? first),
        };
      },
    });
    return {
      response: {
        uniqueIdentifier,
        validityIndicator: part.result?.(request.macData),
        correlationValue: part.correlationValue,
      },
      ...effects,
    };
  },
);

function validity(expected: Uint8Array, given: Uint8Array | undefined): 'Valid' | 'Invalid' {
  if (given === undefined) throw new ClavigerError('invalid-field', 'the MAC Data is missing');
  return macsEqual(expected, given) ? 'Valid' : 'Invalid';
}
