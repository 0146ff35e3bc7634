/** Hash (1.4 §4.37, 2.1 §6.1.24). */

import { ClavigerError, OPERATION_SCHEMAS } from '@claviger/kmip-protocol';
import { openHash } from '../cryptography/digest.ts';
import { takePart } from '../streams/in-parts.ts';
import { handler } from './operation-handler.ts';

export const hash = handler<'Hash'>(OPERATION_SCHEMAS.Hash, async (context, request) => {
  const { hashingAlgorithm } = request.cryptographicParameters;
  if (hashingAlgorithm === undefined) {
    throw new ClavigerError(
      'invalid-field',
      'name a Hashing Algorithm in the Cryptographic Parameters',
    );
  }
  const part = await takePart(context, 'Hash', undefined, request, async () => {
    const digest = openHash(hashingAlgorithm);
    return {
      update(data) {
        digest.update(data);
        return undefined;
      },
      final: (): Uint8Array => digest.digest(),
    };
  });
  return {
    response: { data: part.result, correlationValue: part.correlationValue },
    audit: {},
  };
});
