/** Secrets: bytes that no algorithm is tied to. */

import {
  type Attribute,
  attribute,
  ClavigerError,
  type EnumerationValue,
} from '@claviger/kmip-protocol';
import type { OperationContext } from '../operations/operation-handler.ts';
import { attributeValue } from './managed-object.ts';
import type { NewMaterial } from './symmetric-key.ts';

/** Longest secret that the server makes, in bits. */
const MAX_SECRET_BITS = 4096;

/** A password of random bytes. @throws ClavigerError `invalid-field` for a length that there is not. */
export function newSecret(
  context: Pick<OperationContext, 'newKeyMaterial'>,
  asked: readonly Attribute[],
): NewMaterial {
  const bits = attributeValue({ attributes: asked }, 'CryptographicLength') ?? 0;
  if (bits < 8 || bits > MAX_SECRET_BITS || bits % 8 !== 0) {
    throw new ClavigerError(
      'invalid-field',
      `a secret has a Cryptographic Length of 8 to ${MAX_SECRET_BITS} bits in steps of 8`,
    );
  }
  const secret = secretOf('Password', context.newKeyMaterial(bits / 8));
  return { ...secret, implied: [attribute('CryptographicLength', bits)] };
}

/** A secret of bytes that are there already. */
export function secretOf(
  secretDataType: EnumerationValue<'SecretDataType'>,
  bytes: Uint8Array,
): NewMaterial {
  return {
    implied: [],
    content: {
      secretData: {
        secretDataType,
        keyBlock: {
          keyFormatType: 'Opaque',
          keyValue: { keyMaterial: bytes, attributes: [] },
        },
      },
    },
  };
}
