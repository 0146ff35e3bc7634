/** A fresh symmetric key, by the attributes that a client asks for. */

import {
  type Attribute,
  type AttributeValue,
  attribute,
  ClavigerError,
  type ManagedObject as ProtocolObject,
  type StandardAttribute,
} from '@claviger/kmip-protocol';
import type { OperationContext } from '../operations/operation-handler.ts';
import { attributeValue } from './managed-object.ts';
import { finishKey, keyLengthBytes } from './symmetric-algorithms.ts';

export interface NewMaterial {
  /** What the material says of its object. */
  readonly implied: readonly StandardAttribute[];
  readonly content: ProtocolObject;
}

/** @throws ClavigerError `invalid-field` for an algorithm or a length that there is not. */
export function newSymmetricKey(
  context: Pick<OperationContext, 'newKeyMaterial'>,
  asked: readonly Attribute[],
): NewMaterial {
  const { algorithm, lengthBits, lengthBytes } = keyParameters({ attributes: asked });
  const key = context.newKeyMaterial(lengthBytes);
  finishKey(algorithm, key);
  return symmetricKeyOf(algorithm, lengthBits, key);
}

/** A symmetric key of bytes that are there already. */
export function symmetricKeyOf(
  algorithm: AttributeValue<'CryptographicAlgorithm'>,
  lengthBits: number,
  key: Uint8Array,
): NewMaterial {
  return {
    implied: [
      attribute('CryptographicAlgorithm', algorithm),
      attribute('CryptographicLength', lengthBits),
    ],
    content: {
      symmetricKey: {
        keyBlock: {
          keyFormatType: 'Raw',
          keyValue: { keyMaterial: key, attributes: [] },
          cryptographicAlgorithm: algorithm,
          cryptographicLength: lengthBits,
        },
      },
    },
  };
}

/** What a new key must be asked for with. @throws ClavigerError `invalid-field`. */
export function keyParameters(asked: { readonly attributes: readonly Attribute[] }): {
  readonly algorithm: AttributeValue<'CryptographicAlgorithm'>;
  readonly lengthBits: number;
  readonly lengthBytes: number;
} {
  const algorithm = attributeValue(asked, 'CryptographicAlgorithm');
  const lengthBits = attributeValue(asked, 'CryptographicLength');
  if (algorithm === undefined) throw lacks('Cryptographic Algorithm');
  if (lengthBits === undefined) throw lacks('Cryptographic Length');
  const length = keyLengthBytes(algorithm, lengthBits);
  if (length.kind === 'unsupported') throw new ClavigerError('invalid-field', length.why);
  return { algorithm, lengthBits, lengthBytes: length.count };
}

function lacks(name: string): ClavigerError {
  return new ClavigerError('invalid-field', `a new key needs the attribute ${name}`);
}
