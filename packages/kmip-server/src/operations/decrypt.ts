/** Decrypt (1.4 §4.30, 2.1 §6.1.11): by a symmetric key, or by the private key of a pair. */

import { ClavigerError, OPERATION_SCHEMAS } from '@claviger/kmip-protocol';
import { decryptWithPrivateKey } from '../cryptography/asymmetric-cipher.ts';
import { openDecryption } from '../cryptography/cipher.ts';
import { attributeValue } from '../objects/managed-object.ts';
import { openKey, parametersFor } from '../objects/usable-key.ts';
import { atOnce, dataOf } from '../streams/in-parts.ts';
import type { DataStream } from '../streams/open-streams.ts';
import { computeWithKey } from './compute-with-key.ts';
import { handler } from './operation-handler.ts';

interface Opened {
  readonly data: Uint8Array;
}

export const decrypt = handler<'Decrypt'>(OPERATION_SCHEMAS.Decrypt, async (context, request) => {
  const { uniqueIdentifier, part, effects } = await computeWithKey<Opened>(context, request, {
    operation: 'Decrypt',
    bit: 'Decrypt',
    purpose: 'process',
    open(object, totalBytes): DataStream<Opened> {
      const parameters = parametersFor(object, request.cryptographicParameters);
      const key = openKey(context, object);
      if (key.kind === 'public') {
        throw new ClavigerError('unsuitable-key', 'a public key does not decrypt; use the private');
      }
      if (key.kind === 'private') {
        return atOnce(totalBytes, (data) => ({
          data: decryptWithPrivateKey(key.key, parameters, data),
        }));
      }
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
    },
  });
  // What was encrypted may be a key.
  const data = dataOf(part);
  if (data !== undefined) context.wipeLater(data);
  return {
    response: { uniqueIdentifier, data, correlationValue: part.correlationValue },
    ...effects,
  };
});
