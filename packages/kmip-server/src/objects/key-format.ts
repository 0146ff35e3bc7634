/** An object in the Key Format Type that a client asks for (1.4 §4.11). */

import type { KeyObject } from 'node:crypto';
import {
  ClavigerError,
  decodeItem,
  type EnumerationValue,
  encodeItem,
  isTransparentKeyFormat,
  type KeyBlock,
  type ManagedObject as ProtocolObject,
  TRANSPARENT_KEYS,
} from '@claviger/kmip-protocol';
import { readPrivateKey, readPublicKey, writeKey } from '../cryptography/asymmetric-keys.ts';
import { readTransparentKey, writeTransparentKey } from '../cryptography/transparent-keys.ts';
import { isWrapped, keyBlockOf, withKeyBlock } from './key-material.ts';

type KeyFormatType = EnumerationValue<'KeyFormatType'>;

/**
 * @param wipeLater - takes the bytes of keys that are written.
 * @throws ClavigerError `key-format-not-supported`.
 */
export function inKeyFormat(
  content: ProtocolObject,
  asked: KeyFormatType | undefined,
  wipeLater: (bytes: Uint8Array) => Uint8Array,
): ProtocolObject {
  const block = keyBlockOf(content);
  if (asked === undefined || block?.keyFormatType === asked) return content;
  if (block === undefined) {
    // The one form that a certificate has.
    if (content.certificate?.certificateType === asked) return content;
    throw notSupported('the object', asked);
  }
  if (block.keyValue === undefined || isWrapped(block)) throw notSupported('this key', asked);
  const keyMaterial = convert(content, block, asked);
  if (keyMaterial instanceof Uint8Array) wipeLater(keyMaterial);
  return withKeyBlock(content, {
    ...block,
    keyFormatType: asked,
    keyValue: { keyMaterial, attributes: [] },
  });
}

/** The key of a Private Key or a Public Key. @throws ClavigerError `key-format-not-supported`, `invalid-field`. */
export function keyObjectOf(content: ProtocolObject, block: KeyBlock): KeyObject {
  const { keyFormatType: format, keyValue } = block;
  const material = keyValue instanceof Uint8Array ? undefined : keyValue?.keyMaterial;
  if (material === undefined) throw notSupported('this key', format);
  if (!(material instanceof Uint8Array)) {
    if (isTransparentKeyFormat(format)) return readTransparentKey(format, material);
    throw notSupported('this key', format);
  }
  return content.privateKey === undefined
    ? readPublicKey(format, material)
    : readPrivateKey(format, material);
}

function convert(content: ProtocolObject, block: KeyBlock, asked: KeyFormatType) {
  if (content.symmetricKey !== undefined) return convertSymmetric(block, asked);
  if (content.privateKey === undefined && content.publicKey === undefined) {
    throw notSupported('the object', asked);
  }
  const key = keyObjectOf(content, block);
  return isTransparentKeyFormat(asked) ? writeTransparentKey(key, asked) : writeKey(key, asked);
}

function convertSymmetric({ keyFormatType, keyValue }: KeyBlock, asked: KeyFormatType) {
  const schema = TRANSPARENT_KEYS.TransparentSymmetricKey;
  const material = keyValue instanceof Uint8Array ? undefined : keyValue?.keyMaterial;
  if (material instanceof Uint8Array && asked === 'TransparentSymmetricKey') {
    return encodeItem(schema, { key: material }, '2.1');
  }
  const isTransparent = keyFormatType === 'TransparentSymmetricKey' && asked === 'Raw';
  if (isTransparent && material !== undefined && !(material instanceof Uint8Array)) {
    return decodeItem(schema, material, '2.1').key;
  }
  throw notSupported('a symmetric key', asked);
}

function notSupported(what: string, asked: string): ClavigerError {
  return new ClavigerError(
    'key-format-not-supported',
    `${what} cannot be given in the Key Format Type ${asked}; ask for none to get it as it is kept`,
  );
}
