/** What the material of an object is, whatever object carries it: its Key Block and the bytes in it. */

import {
  decodeItem,
  isTransparentKeyFormat,
  type KeyBlock,
  type ManagedObject as ProtocolObject,
  TRANSPARENT_KEYS,
} from '@claviger/kmip-protocol';
import type { TtlvItem } from '@claviger/ttlv-codec';
import { encodeTtlv } from '@claviger/ttlv-codec';

/** The Key Block of an object that has one. */
export function keyBlockOf(object: ProtocolObject): KeyBlock | undefined {
  const holder =
    object.symmetricKey ??
    object.publicKey ??
    object.privateKey ??
    object.splitKey ??
    object.secretData ??
    object.pgpKey;
  return holder?.keyBlock;
}

/** The Key Material as it stands: bytes, or the structure of a Transparent format. */
function materialOf({ keyValue }: KeyBlock): Uint8Array | TtlvItem | undefined {
  // Bytes in the place of the Key Value are wrapped.
  return keyValue === undefined || keyValue instanceof Uint8Array ? keyValue : keyValue.keyMaterial;
}

/** Whether the Key Value is wrapped: only its bytes are known, not the key. */
export function isWrapped({ keyValue, keyWrappingData }: KeyBlock): boolean {
  return keyWrappingData !== undefined || keyValue instanceof Uint8Array;
}

/**
 * The bytes of a symmetric key or of a secret, also from the transparent format; those of a key pair in
 * its encoding. Undefined when there are none, or when they are wrapped.
 */
export function keyBytes(block: KeyBlock): Uint8Array | undefined {
  if (isWrapped(block)) return undefined;
  const material = materialOf(block);
  if (material === undefined || material instanceof Uint8Array) return material;
  if (block.keyFormatType !== 'TransparentSymmetricKey') return undefined;
  return decodeItem(TRANSPARENT_KEYS.TransparentSymmetricKey, material, '2.1').key;
}

/** The bytes that a Digest is over (1.4 §3.17): of certificates and opaque objects their value. */
export function digestedBytes(object: ProtocolObject): Uint8Array | undefined {
  const block = keyBlockOf(object);
  if (block === undefined) {
    return object.certificate?.certificateValue ?? object.opaqueObject?.opaqueDataValue;
  }
  if (isWrapped(block)) return undefined;
  const material = materialOf(block);
  return material === undefined || material instanceof Uint8Array ? material : encodeTtlv(material);
}

/** Whether the format is one of numbers by name. */
export function isTransparent({ keyFormatType }: KeyBlock): boolean {
  return isTransparentKeyFormat(keyFormatType);
}
