/** The managed objects (1.4 §2.2, 2.1 §2), each under the tag of its type. */

import { encodeTtlv } from '@claviger/ttlv-codec';
import {
  bigInteger,
  bytes,
  enumeration,
  integer,
  optional,
  required,
  structure,
} from '../schema/declare.ts';
import { decodeItem } from '../schema/decode.ts';
import { decodeStored } from '../schema/decode-stored.ts';
import { encodeItem } from '../schema/encode.ts';
import type { Infer } from '../schema/schema.ts';
import { KeyBlock } from './key-block.ts';

export const Certificate = structure('Certificate', {
  certificateType: required(enumeration('CertificateType', 'CertificateType')),
  certificateValue: required(bytes('CertificateValue')),
});

export const SymmetricKey = structure('SymmetricKey', { keyBlock: required(KeyBlock) });

export const PublicKey = structure('PublicKey', { keyBlock: required(KeyBlock) });

export const PrivateKey = structure('PrivateKey', { keyBlock: required(KeyBlock) });

export const SplitKey = structure('SplitKey', {
  splitKeyParts: required(integer('SplitKeyParts')),
  keyPartIdentifier: required(integer('KeyPartIdentifier')),
  splitKeyThreshold: required(integer('SplitKeyThreshold')),
  splitKeyMethod: required(enumeration('SplitKeyMethod', 'SplitKeyMethod')),
  primeFieldSize: optional(bigInteger('PrimeFieldSize')),
  keyBlock: required(KeyBlock),
});

export const SecretData = structure('SecretData', {
  secretDataType: required(enumeration('SecretDataType', 'SecretDataType')),
  keyBlock: required(KeyBlock),
});

export const OpaqueObject = structure('OpaqueObject', {
  opaqueDataType: required(enumeration('OpaqueDataType', 'OpaqueDataType')),
  opaqueDataValue: required(bytes('OpaqueDataValue')),
});

export const PGPKey = structure('PGPKey', {
  pgpKeyVersion: required(integer('PGPKeyVersion')),
  keyBlock: required(KeyBlock),
});

/**
 * The fields by which a payload carries one managed object: exactly one of them is there.
 * Templates (1.x, deprecated since 1.3) and Certificate Requests (2.x) come with their operations.
 */
export const managedObjectFields = {
  certificate: optional(Certificate),
  symmetricKey: optional(SymmetricKey),
  publicKey: optional(PublicKey),
  privateKey: optional(PrivateKey),
  splitKey: optional(SplitKey),
  secretData: optional(SecretData),
  opaqueObject: optional(OpaqueObject),
  pgpKey: optional(PGPKey, { since: '1.2' }),
} as const;

/** Their keys: the rule that exactly one is there goes with them. */
export const MANAGED_OBJECT_KEYS = [
  'certificate',
  'symmetricKey',
  'publicKey',
  'privateKey',
  'splitKey',
  'secretData',
  'opaqueObject',
  'pgpKey',
] as const satisfies readonly (keyof typeof managedObjectFields)[];

/** The stored form needs some tag to hold the object; the specification has none for the purpose. */
const StoredObject = structure('KeyMaterial', managedObjectFields, { oneOf: MANAGED_OBJECT_KEYS });

/** One managed object: the field of its type is set, and no other. */
export type ManagedObject = Infer<typeof StoredObject>;

/**
 * A managed object as bytes to be sealed and kept.
 *
 * @returns a fresh buffer that holds key material: the caller wipes it.
 * @throws ClavigerError `internal` unless exactly one field is set, to a value of its type.
 */
export function encodeStoredObject(object: ManagedObject): Uint8Array {
  return encodeTtlv(encodeItem(StoredObject, object, '2.1'));
}

/**
 * Reads what {@link encodeStoredObject} wrote. Byte strings of the result are views of `stored`.
 *
 * @throws ClavigerError `internal` when the bytes are damaged; no byte of them is told.
 */
export function decodeStoredObject(stored: Uint8Array): ManagedObject {
  return decodeStored('object', stored, (root) => decodeItem(StoredObject, root, '2.1'));
}
