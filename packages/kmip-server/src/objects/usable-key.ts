/** The key of an object in the form in which the runtime computes with it. */

import type { KeyObject } from 'node:crypto';
import {
  ClavigerError,
  type CryptographicParameters,
  type KeyBlock,
  type ManagedObject as ProtocolObject,
} from '@claviger/kmip-protocol';
import {
  publicKeyOfCertificate,
  readPrivateKey,
  readPublicKey,
} from '../cryptography/asymmetric-keys.ts';
import type { OperationContext } from '../operations/operation-handler.ts';
import { isWrapped, keyBlockOf, keyBytes } from './key-material.ts';
import { attributeValue, type ManagedObject } from './managed-object.ts';

export type UsableKey =
  | { readonly kind: 'secret'; readonly bytes: Uint8Array }
  | { readonly kind: 'private'; readonly key: KeyObject }
  | { readonly kind: 'public'; readonly key: KeyObject };

/**
 * Opens the material of an object for a computation.
 * @throws ClavigerError `unsuitable-key` for an object that has no key, or one that is wrapped.
 */
export function openKey(context: Pick<OperationContext, 'open'>, object: ManagedObject): UsableKey {
  const content = context.open(object);
  if (content.certificate !== undefined) {
    return { kind: 'public', key: publicKeyOfCertificate(content.certificate.certificateValue) };
  }
  const block = keyBlockOf(content);
  if (block === undefined || isWrapped(block)) {
    throw new ClavigerError(
      'unsuitable-key',
      block === undefined
        ? `an object of type ${object.objectType} has no key to compute with`
        : 'the key is wrapped; register it unwrapped to compute with it',
    );
  }
  return keyOfBlock(content, block);
}

function keyOfBlock(content: ProtocolObject, block: KeyBlock): UsableKey {
  if (block.keyValue === undefined) {
    throw new ClavigerError('key-value-not-present', 'the key is held elsewhere; use it there');
  }
  const bytes = keyBytes(block);
  if (bytes === undefined) {
    throw new ClavigerError('key-format-not-supported', 'the key has no material to compute with');
  }
  if (content.privateKey !== undefined) {
    return { kind: 'private', key: readPrivateKey(block.keyFormatType, bytes) };
  }
  if (content.publicKey !== undefined) {
    return { kind: 'public', key: readPublicKey(block.keyFormatType, bytes) };
  }
  return { kind: 'secret', bytes };
}

/** What the request says, else what the key says first (1.4 §4.29). */
export function parametersFor(
  object: ManagedObject,
  asked: CryptographicParameters | undefined,
): CryptographicParameters {
  return asked ?? attributeValue(object, 'CryptographicParameters') ?? {};
}
