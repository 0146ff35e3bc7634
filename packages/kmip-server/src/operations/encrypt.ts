/** Encrypt (1.4 §4.29, 2.1 §6.1.17): by a symmetric key, or by the public key of a pair. */

import { ClavigerError, OPERATION_SCHEMAS } from '@claviger/kmip-protocol';
import { encryptWithPublicKey } from '../cryptography/asymmetric-cipher.ts';
import { openEncryption } from '../cryptography/cipher.ts';
import { attributeValue } from '../objects/managed-object.ts';
import { openKey, parametersFor } from '../objects/usable-key.ts';
import { atOnce, dataOf } from '../streams/in-parts.ts';
import type { DataStream } from '../streams/open-streams.ts';
import { computeWithKey } from './compute-with-key.ts';
import { handler } from './operation-handler.ts';

/** The end of an encryption; a tag for the modes that have one. */
interface Sealed {
  readonly data: Uint8Array;
  readonly tag?: Uint8Array | undefined;
}

export const encrypt = handler<'Encrypt'>(OPERATION_SCHEMAS.Encrypt, async (context, request) => {
  let chosenIv: Uint8Array | undefined;
  const { uniqueIdentifier, part, effects } = await computeWithKey<Sealed>(context, request, {
    operation: 'Encrypt',
    bit: 'Encrypt',
    purpose: 'protect',
    open(object, totalBytes): DataStream<Sealed> {
      const parameters = parametersFor(object, request.cryptographicParameters);
      const key = openKey(context, object);
      if (key.kind === 'private') {
        throw new ClavigerError('unsuitable-key', 'a private key does not encrypt; use the public');
      }
      if (key.kind === 'public') {
        return atOnce(totalBytes, (data) => ({
          data: encryptWithPublicKey(key.key, parameters, data, context.randomBytes),
        }));
      }
      const cipher = openEncryption(
        {
          algorithm: attributeValue(object, 'CryptographicAlgorithm'),
          parameters,
          key: key.bytes,
          iv: request.ivCounterNonce,
          additionalData: request.authenticatedEncryptionAdditionalData,
        },
        { totalBytes },
        context.randomBytes,
      );
      chosenIv = cipher.chosenIv;
      return cipher;
    },
  });
  return {
    response: {
      uniqueIdentifier,
      data: dataOf(part),
      ivCounterNonce: chosenIv,
      correlationValue: part.correlationValue,
      authenticatedEncryptionTag: part.result?.tag,
    },
    ...effects,
  };
});
