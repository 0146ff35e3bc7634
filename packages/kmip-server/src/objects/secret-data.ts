/** A secret of bytes that are there already. */

import type { EnumerationValue } from '@claviger/kmip-protocol';
import type { NewMaterial } from './symmetric-key.ts';

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
