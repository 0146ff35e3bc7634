/** Encrypt (1.4 §4.29, 2.1 §6.1.17): by a symmetric key, or by the public key of a pair. */

import { ClavigerError, OPERATION_SCHEMAS } from '@claviger/kmip-protocol';
import { encryptWithPublicKey } from '../cryptography/asymmetric-cipher.ts';
import { openEncryption } from '../cryptography/cipher.ts';
import { assertUsable, countUse } from '../lifecycle/cryptographic-usage.ts';
import { attributeValue } from '../objects/managed-object.ts';
import { openKey, parametersFor } from '../objects/usable-key.ts';
import { atOnce, bytesOf, dataOf, takePart } from '../streams/in-parts.ts';
import type { DataStream } from '../streams/open-streams.ts';
import { handler } from './operation-handler.ts';

/** The end of an encryption; a tag for the modes that have one. */
interface Sealed {
  readonly data: Uint8Array;
  readonly tag?: Uint8Array | undefined;
}

export const encrypt = handler<'Encrypt'>(OPERATION_SCHEMAS.Encrypt, async (context, request) => {
  const found = await context.find(request.uniqueIdentifier);
  const { object, state } = found;
  assertUsable(found, { bit: 'Encrypt', purpose: 'protect' }, context.nowSeconds);
  const parameters = parametersFor(object, request.cryptographicParameters);
  let chosenIv: Uint8Array | undefined;

  const part = await takePart(
    context,
    'Encrypt',
    object.id,
    request,
    async (totalBytes): Promise<DataStream<Sealed>> => {
      const key = openKey(context, object);
      if (key.kind === 'secret') {
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
      }
      if (key.kind === 'private') {
        throw new ClavigerError('unsuitable-key', 'a private key does not encrypt; use the public');
      }
      return atOnce(
        totalBytes,
        (data): Sealed => ({
          data: encryptWithPublicKey(key.key, parameters, data, context.randomBytes),
        }),
      );
    },
  );
  // Only the first part changes the object: a later one is never computed twice.
  const isFirst = request.correlationValue === undefined;
  const used = isFirst ? countUse(object, bytesOf(request.data)?.length ?? 0) : undefined;
  return {
    response: {
      uniqueIdentifier: object.id,
      data: dataOf(part),
      ivCounterNonce: chosenIv,
      correlationValue: part.correlationValue,
      authenticatedEncryptionTag: part.result?.tag,
    },
    ...(used !== undefined && { save: [used] }),
    audit: { subject: { id: object.id, objectType: object.objectType, state } },
  };
});
