/** Sign (1.4 §4.31, 2.1 §6.1.55): by the private key of a pair. */

import { ClavigerError, OPERATION_SCHEMAS } from '@claviger/kmip-protocol';
import { openSignature, signatureScheme, signData, signDigest } from '../cryptography/signature.ts';
import { openKey, parametersFor } from '../objects/usable-key.ts';
import { atOnce } from '../streams/in-parts.ts';
import type { DataStream } from '../streams/open-streams.ts';
import { computeWithKey } from './compute-with-key.ts';
import { handler } from './operation-handler.ts';

export const sign = handler<'Sign'>(OPERATION_SCHEMAS.Sign, async (context, request) => {
  const { digestedData } = request;
  const { uniqueIdentifier, part, effects } = await computeWithKey(context, request, {
    operation: 'Sign',
    bit: 'Sign',
    purpose: 'protect',
    input: digestedData ?? request.data,
    open(object, totalBytes): DataStream<Uint8Array> {
      const parameters = parametersFor(object, request.cryptographicParameters);
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
    },
  });
  return {
    response: {
      uniqueIdentifier,
      signatureData: part.result,
      correlationValue: part.correlationValue,
    },
    ...effects,
  };
});
