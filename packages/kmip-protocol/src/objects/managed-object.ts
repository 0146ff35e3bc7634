/** The managed objects (1.4 §2.2, 2.1 §2), each under the tag of its type. */

import { encodeTtlv } from '@claviger/ttlv-codec';
import { templateAttributes } from '../attributes/fields.ts';
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
import { TAGS } from '../tables/tags.ts';
import type { Version } from '../tables/version.ts';
import { KeyBlock } from './key-block.ts';

export const Certificate = structure('Certificate', {
  certificateType: required(enumeration('CertificateType', 'CertificateType')),
  certificateValue: required(bytes('CertificateValue')),
});
export type Certificate = Infer<typeof Certificate>;

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
export type SplitKey = Infer<typeof SplitKey>;

/** Attributes for new objects to take over; deprecated since 1.3. */
export const Template = structure('Template', { attributes: templateAttributes() });

export const SecretData = structure('SecretData', {
  secretDataType: required(enumeration('SecretDataType', 'SecretDataType')),
  keyBlock: required(KeyBlock),
});
export type SecretData = Infer<typeof SecretData>;

export const OpaqueObject = structure('OpaqueObject', {
  opaqueDataType: required(enumeration('OpaqueDataType', 'OpaqueDataType')),
  opaqueDataValue: required(bytes('OpaqueDataValue')),
});

export const CertificateRequest = structure('CertificateRequest', {
  certificateRequestType: required(enumeration('CertificateRequestType', 'CertificateRequestType')),
  certificateRequestValue: required(bytes('CertificateRequestValue')),
});
export type CertificateRequest = Infer<typeof CertificateRequest>;

export const PGPKey = structure('PGPKey', {
  pgpKeyVersion: required(integer('PGPKeyVersion')),
  keyBlock: required(KeyBlock),
});

/**
 * The fields by which a payload carries one managed object: exactly one of them is there.
 */
export const managedObjectFields = {
  certificate: optional(Certificate),
  symmetricKey: optional(SymmetricKey),
  publicKey: optional(PublicKey),
  privateKey: optional(PrivateKey),
  splitKey: optional(SplitKey),
  template: optional(Template, { until: '1.4' }),
  secretData: optional(SecretData),
  opaqueObject: optional(OpaqueObject),
  pgpKey: optional(PGPKey, { since: '1.2' }),
  certificateRequest: optional(CertificateRequest, { since: '2.0' }),
} as const;

/** Their keys: the rule that exactly one is there goes with them. */
export const MANAGED_OBJECT_KEYS = [
  'certificate',
  'symmetricKey',
  'publicKey',
  'privateKey',
  'splitKey',
  'template',
  'secretData',
  'opaqueObject',
  'pgpKey',
  'certificateRequest',
] as const satisfies readonly (keyof typeof managedObjectFields)[];

/** The stored form needs some tag to hold the object; the specification has none for the purpose. */
const StoredObject = structure('KeyMaterial', managedObjectFields, { oneOf: MANAGED_OBJECT_KEYS });

/** An object is kept in the form of the newest version that has it. */
const NEWEST: Version = '2.1';
const NEWEST_WITH_TEMPLATES: Version = '1.4';

/** One managed object: the field of its type is set, and no other. */
export type ManagedObject = Infer<typeof StoredObject>;

/**
 * A managed object as bytes to be sealed and kept.
 *
 * @returns a fresh buffer that holds key material: the caller wipes it.
 * @throws ClavigerError `internal` unless exactly one field is set, to a value of its type.
 */
export function encodeStoredObject(object: ManagedObject): Uint8Array {
  const version = object.template === undefined ? NEWEST : NEWEST_WITH_TEMPLATES;
  return encodeTtlv(encodeItem(StoredObject, object, version));
}

/**
 * Reads what {@link encodeStoredObject} wrote. Byte strings of the result are views of `stored`.
 *
 * @throws ClavigerError `internal` when the bytes are damaged; no byte of them is told.
 */
export function decodeStoredObject(stored: Uint8Array): ManagedObject {
  return decodeStored('object', stored, (root) => {
    const isTemplate =
      root.type === 'Structure' && root.value.some(({ tag }) => tag === TAGS.Template);
    return decodeItem(StoredObject, root, isTemplate ? NEWEST_WITH_TEMPLATES : NEWEST);
  });
}
