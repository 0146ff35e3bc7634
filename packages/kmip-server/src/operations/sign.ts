/** Sign (1.4 §4.31, 2.1 §6.1.55): by the private key of a pair. */

import { ClavigerError, OPERATION_SCHEMAS } from '@claviger/kmip-protocol';
import { openSignature, signatureScheme, signData, signDigest } from '../cryptography/signature.ts';
import { assertUsable, countUse } from '../lifecycle/cryptographic-usage.ts';
import { openKey, parametersFor } from '../objects/usable-key.ts';
import { atOnce, bytesOf, takePart } from '../streams/in-parts.ts';
import type { DataStream } from '../streams/open-streams.ts';
import { handler } from './operation-handler.ts';

export const sign = handler<'Sign'>(OPERATION_SCHEMAS.Sign, async (context, request) => {
  const found = await context.find(request.uniqueIdentifier);
  const { object, state } = found;
  assertUsable(found, { bit: 'Sign', purpose: 'protect' }, context.nowSeconds);
  const parameters = parametersFor(object, request.cryptographicParameters);
  const { digestedData } = request;

  function open(totalBytes: number | undefined): DataStream<Uint8Array> {
    const key = openKey(context, object);
    if (key.kind !== 'private') {
      throw new ClavigerError('unsuitable-key', 'only a private key signs');
    }
    const scheme = signatureScheme(key.key, parameters, {
      isDigest: digestedData !== undefined,
      purpose: 'sign',
    });
    if (digestedData !== undefined) {
      return atOnce(totalBytes, (digest) => signDigest(key.key, scheme, digest));
    }
    if (totalBytes !== undefined) {
      return atOnce(totalBytes, (data) => signData(key.key, scheme, data));
    }
    const signature = openSignature(key.key, scheme);
    return { update: signature.update, final: signature.sign };
  }

  const part = await takePart(
    context,
    'Sign',
    object.id,
    digestedData === undefined ? request : { ...request, data: digestedData },
    async (totalBytes) => open(totalBytes),
  );
  const isFirst = request.correlationValue === undefined;
  const used = isFirst ? countUse(object, bytesOf(request.data)?.length ?? 0) : undefined;
  return {
    response: {
      uniqueIdentifier: object.id,
      signatureData: part.result,
      correlationValue: part.correlationValue,
    },
    ...(used !== undefined && { save: [used] }),
    audit: { subject: { id: object.id, objectType: object.objectType, state } },
  };
});
