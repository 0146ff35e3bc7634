/** What Get brings, with the key material where callers look for it. */

import {
  ClavigerError,
  decodeItem,
  type KeyBlock,
  type ManagedObject,
  TRANSPARENT_KEYS,
} from '@claviger/kmip-protocol';
import type { TtlvItem } from '@claviger/ttlv-codec';
import type { ResponsePayload } from './payloads.ts';

export interface RetrievedObject {
  readonly objectType: ResponsePayload<'Get'>['objectType'];
  readonly uniqueIdentifier: string;
  /**
   * The key, the certificate or the data itself: a view of the answer, to be wiped by the caller when it
   * is a secret. Wrapped bytes when `isWrapped`. Undefined when the server sent none, or in a Transparent
   * format other than that of a symmetric key: see `object`.
   */
  readonly material: Uint8Array | undefined;
  readonly isWrapped: boolean;
  /** Undefined for objects without a Key Block, and the length where the server does not say. */
  readonly keyFormatType: KeyBlock['keyFormatType'] | undefined;
  readonly cryptographicAlgorithm: KeyBlock['cryptographicAlgorithm'];
  /** Bits. */
  readonly cryptographicLength: KeyBlock['cryptographicLength'];
  /** All of it, as the server sent it. */
  readonly object: ManagedObject;
}

/** Reads a response payload of Get. */
export function toRetrievedObject(
  payload: ResponsePayload<'Get'>,
  uniqueIdentifier: string,
): RetrievedObject {
  const { objectType, uniqueIdentifier: _, ...object } = payload;
  const block = keyBlockOf(object);
  return {
    objectType,
    uniqueIdentifier,
    material: block === undefined ? plainValueOf(object) : materialOf(block),
    isWrapped: block?.keyWrappingData !== undefined,
    keyFormatType: block?.keyFormatType,
    cryptographicAlgorithm: block?.cryptographicAlgorithm,
    cryptographicLength: block?.cryptographicLength,
    object,
  };
}

function keyBlockOf(object: ManagedObject): KeyBlock | undefined {
  const { symmetricKey, publicKey, privateKey, splitKey, secretData, pgpKey } = object;
  return (symmetricKey ?? publicKey ?? privateKey ?? splitKey ?? secretData ?? pgpKey)?.keyBlock;
}

function plainValueOf(object: ManagedObject): Uint8Array | undefined {
  const { certificate, certificateRequest, opaqueObject } = object;
  return (
    certificate?.certificateValue ??
    certificateRequest?.certificateRequestValue ??
    opaqueObject?.opaqueDataValue
  );
}

function materialOf({ keyFormatType, keyValue }: KeyBlock): Uint8Array | undefined {
  if (keyValue === undefined || keyValue instanceof Uint8Array) return keyValue;
  const { keyMaterial } = keyValue;
  if (keyMaterial instanceof Uint8Array) return keyMaterial;
  return keyFormatType === 'TransparentSymmetricKey' ? transparentKey(keyMaterial) : undefined;
}

/** Undefined when the item is none of the format: the caller finds it in `object`. */
function transparentKey(keyMaterial: TtlvItem): Uint8Array | undefined {
  try {
    // The format is the same in every version.
    return decodeItem(TRANSPARENT_KEYS.TransparentSymmetricKey, keyMaterial, '1.0').key;
  } catch (error) {
    if (error instanceof ClavigerError) return undefined;
    throw error;
  }
}
