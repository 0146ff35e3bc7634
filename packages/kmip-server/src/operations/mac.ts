/** MAC (1.4 §4.33, 2.1 §6.1.32). */

import { OPERATION_SCHEMAS } from '@claviger/kmip-protocol';
import { assertUsable, countUse } from '../lifecycle/cryptographic-usage.ts';
import { openMacStream } from '../objects/mac-stream.ts';
import { bytesOf, takePart } from '../streams/in-parts.ts';
import { handler } from './operation-handler.ts';

export const mac = handler<'MAC'>(OPERATION_SCHEMAS.MAC, async (context, request) => {
  const found = await context.find(request.uniqueIdentifier);
  const { object, state } = found;
  assertUsable(found, { bit: 'MACGenerate', purpose: 'protect' }, context.nowSeconds);
  const part = await takePart(context, 'MAC', object.id, request, async () =>
    openMacStream(context, object, request.cryptographicParameters),
  );
  const isFirst = request.correlationValue === undefined;
  const used = isFirst ? countUse(object, bytesOf(request.data)?.length ?? 0) : undefined;
  return {
    response: {
      uniqueIdentifier: object.id,
      macData: part.result,
      correlationValue: part.correlationValue,
    },
    ...(used !== undefined && { save: [used] }),
    audit: { subject: { id: object.id, objectType: object.objectType, state } },
  };
});
