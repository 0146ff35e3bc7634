/** A message authentication code by the key of an object, over data that comes in parts. */

import { ClavigerError, type CryptographicParameters } from '@claviger/kmip-protocol';
import { openMac } from '../cryptography/mac.ts';
import type { OperationContext } from '../operations/operation-handler.ts';
import type { DataStream } from '../streams/open-streams.ts';
import { attributeValue, type ManagedObject } from './managed-object.ts';
import { openKey, parametersFor } from './usable-key.ts';

/** @throws ClavigerError `unsuitable-key`, `invalid-field` for a key that makes no code. */
export function openMacStream(
  context: Pick<OperationContext, 'open'>,
  object: ManagedObject,
  asked: CryptographicParameters | undefined,
): DataStream<Uint8Array> {
  const key = openKey(context, object);
  if (key.kind !== 'secret') {
    throw new ClavigerError('unsuitable-key', 'a key pair makes signatures; use a symmetric key');
  }
  const parameters = parametersFor(object, asked);
  const algorithm =
    parameters.cryptographicAlgorithm ?? attributeValue(object, 'CryptographicAlgorithm');
  const code = openMac(algorithm, key.bytes);
  return {
    update(data) {
      code.update(data);
      return undefined;
    },
    final: () => code.digest(),
  };
}
