/** What the material of an object is, whatever object carries it: its Key Block and the bytes in it. */

import {
  ClavigerError,
  decodeItem,
  isTransparentKeyFormat,
  type KeyBlock,
  type ManagedObject as ProtocolObject,
  TRANSPARENT_KEYS,
  type Version,
} from '@claviger/kmip-protocol';
import type { TtlvItem } from '@claviger/ttlv-codec';
import { encodeTtlv } from '@claviger/ttlv-codec';

/** The kinds of object that have a Key Block. */
const HOLDERS = [
  'symmetricKey',
  'publicKey',
  'privateKey',
  'splitKey',
  'secretData',
  'pgpKey',
] as const;

/** The Key Block of an object that has one. */
export function keyBlockOf(object: ProtocolObject): KeyBlock | undefined {
  for (const name of HOLDERS) {
    const holder = object[name];
    if (holder !== undefined) return holder.keyBlock;
  }
  return undefined;
}

/** The object with another Key Block in its place. */
export function withKeyBlock(object: ProtocolObject, keyBlock: KeyBlock): ProtocolObject {
  const name = HOLDERS.find((candidate) => object[candidate] !== undefined);
  return name === undefined ? object : { ...object, [name]: { ...object[name], keyBlock } };
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

/**
 * The bytes that a Digest is over (1.4 §3.17): of certificates and opaque objects their value.
 *
 * @param wipeLater - takes them where they are written for it: the numbers of a Transparent key.
 */
export function digestedBytes(
  object: ProtocolObject,
  wipeLater: (bytes: Uint8Array) => Uint8Array,
): Uint8Array | undefined {
  const block = keyBlockOf(object);
  if (block === undefined) {
    return object.certificate?.certificateValue ?? object.opaqueObject?.opaqueDataValue;
  }
  if (isWrapped(block)) return undefined;
  const material = materialOf(block);
  if (material === undefined || material instanceof Uint8Array) return material;
  return wipeLater(encodeTtlv(material));
}

/** Whether there is a key, and not its attributes alone (1.4 §3.41). */
export function hasKeyValue(object: ProtocolObject): boolean {
  const block = keyBlockOf(object);
  return block === undefined || block.keyValue !== undefined;
}

/**
 * Checks that Key Material has the form of its Key Format Type; what is wrapped cannot be looked at.
 * @throws ClavigerError `invalid-field`.
 */
export function assertKeyMaterial(object: ProtocolObject, version: Version): void {
  const block = keyBlockOf(object);
  const material = block === undefined || isWrapped(block) ? undefined : materialOf(block);
  if (block === undefined || material === undefined) return;
  const format = block.keyFormatType;
  const isTransparent = isTransparentKeyFormat(format);
  if (isTransparent === material instanceof Uint8Array) {
    throw new ClavigerError(
      'invalid-field',
      `Key Material in the format ${format} is ${isTransparent ? 'a structure' : 'a byte string'}`,
    );
  }
  if (isTransparent && !(material instanceof Uint8Array)) {
    decodeItem(TRANSPARENT_KEYS[format], material, version);
  }
}
