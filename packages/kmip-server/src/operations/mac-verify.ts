/** MAC Verify (1.4 §4.34, 2.1 §6.1.33). */

import { ClavigerError, OPERATION_SCHEMAS } from '@claviger/kmip-protocol';
import { macsEqual } from '../cryptography/mac.ts';
import { assertUsable } from '../lifecycle/cryptographic-usage.ts';
import { openMacStream } from '../objects/mac-stream.ts';
import { takePart } from '../streams/in-parts.ts';
import { handler } from './operation-handler.ts';

export const macVerify = handler<'MACVerify'>(
  OPERATION_SCHEMAS.MACVerify,
  async (context, request) => {
    const found = await context.find(request.uniqueIdentifier);
    const { object, state } = found;
    assertUsable(found, { bit: 'MACVerify', purpose: 'process' }, context.nowSeconds);
    const part = await takePart(context, 'MACVerify', object.id, request, async () => {
      const { update, final } = openMacStream(context, object, request.cryptographicParameters);
      // The code comes with the first part or with the last one.
      return {
        update,
        final: () => (last: Uint8Array | undefined) => validity(final(), last ?? request.macData),
      };
    });
    return {
      response: {
        uniqueIdentifier: object.id,
        validityIndicator: part.result?.(request.macData),
        correlationValue: part.correlationValue,
      },
      audit: { subject: { id: object.id, objectType: object.objectType, state } },
    };
  },
);

function validity(expected: Uint8Array, given: Uint8Array | undefined): 'Valid' | 'Invalid' {
  if (given === undefined) throw new ClavigerError('invalid-field', 'the MAC Data is missing');
  return macsEqual(expected, given) ? 'Valid' : 'Invalid';
}
