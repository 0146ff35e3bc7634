/** Decrypt (1.4 §4.30, 2.1 §6.1.11): by a symmetric key, or by the private key of a pair. */

import { ClavigerError, OPERATION_SCHEMAS } from '@claviger/kmip-protocol';
import { decryptWithPrivateKey } from '../cryptography/asymmetric-cipher.ts';
import { openDecryption } from '../cryptography/cipher.ts';
import { assertUsable } from '../lifecycle/cryptographic-usage.ts';
import { attributeValue } from '../objects/managed-object.ts';
import { openKey, parametersFor } from '../objects/usable-key.ts';
import { atOnce, dataOf, takePart } from '../streams/in-parts.ts';
import type { DataStream } from '../streams/open-streams.ts';
import { handler } from './operation-handler.ts';

export const decrypt = handler<'Decrypt'>(OPERATION_SCHEMAS.Decrypt, async (context, request) => {
  const found = await context.find(request.uniqueIdentifier);
  const { object, state } = found;
  assertUsable(found, { bit: 'Decrypt', purpose: 'process' }, context.nowSeconds);
  const parameters = parametersFor(object, request.cryptographicParameters);

  const part = await takePart(
    context,
    'Decrypt',
    object.id,
    request,
    async (totalBytes): Promise<DataStream<{ readonly data: Uint8Array }>> => {
      const key = openKey(context, object);
      if (key.kind === 'secret') {
        return openDecryption(
          {
            algorithm: attributeValue(object, 'CryptographicAlgorithm'),
            parameters,
            key: key.bytes,
            iv: request.ivCounterNonce,
            additionalData: request.authenticatedEncryptionAdditionalData,
            tag: request.authenticatedEncryptionTag,
          },
          { totalBytes },
        );
      }
      if (key.kind === 'public') {
        throw new ClavigerError('unsuitable-key', 'a public key does not decrypt; use the private');
      }
      return atOnce(totalBytes, (data) => ({
        data: decryptWithPrivateKey(key.key, parameters, data),
      }));
    },
  );
  return {
    response: {
      uniqueIdentifier: object.id,
      data: dataOf(part),
      correlationValue: part.correlationValue,
    },
    audit: { subject: { id: object.id, objectType: object.objectType, state } },
  };
});
