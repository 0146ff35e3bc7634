/** MAC (1.4 §4.33, 2.1 §6.1.32). */

import { OPERATION_SCHEMAS } from '@claviger/kmip-protocol';
import { openMacStream } from '../objects/mac-stream.ts';
import { computeWithKey } from './compute-with-key.ts';
import { handler } from './operation-handler.ts';

export const mac = handler<'MAC'>(OPERATION_SCHEMAS.MAC, async (context, request) => {
  const { uniqueIdentifier, part, effects } = await computeWithKey(context, request, {
    operation: 'MAC',
    bit: 'MACGenerate',
    purpose: 'protect',
    open: (object) => openMacStream(context, object, request.cryptographicParameters),
  });
  return {
    response: {
      uniqueIdentifier,
      macData: part.result,
      correlationValue: part.correlationValue,
    },
    ...effects,
  };
});
