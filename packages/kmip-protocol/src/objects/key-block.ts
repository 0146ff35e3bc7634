/** Key Block and what it holds (1.4 §2.1.3 to 2.1.7, 2.1 §3.1). */

import { attributeList } from '../attributes/fields.ts';
import { CryptographicParameters } from '../attributes/structures.ts';
import {
  bytes,
  enumeration,
  integer,
  opaque,
  optional,
  repeated,
  required,
  structure,
  text,
  union,
} from '../schema/declare.ts';
import type { Infer } from '../schema/schema.ts';

/** Bytes in most formats; a structure in the Transparent ones, decoded by whoever needs it. */
const KeyMaterial = union('KeyMaterial', [
  bytes('KeyMaterial'),
  opaque('KeyMaterial', 'Structure'),
]);

/** Key material with attributes that travel with it (1.4 §2.1.4). */
export const KeyValue = structure('KeyValue', {
  keyMaterial: required(KeyMaterial),
  attributes: attributeList('optional', 'omit-unnamed'),
});
export type KeyValue = Infer<typeof KeyValue>;

export const EncryptionKeyInformation = structure('EncryptionKeyInformation', {
  uniqueIdentifier: required(text('UniqueIdentifier')),
  cryptographicParameters: optional(CryptographicParameters),
});
export type EncryptionKeyInformation = Infer<typeof EncryptionKeyInformation>;

export const MACSignatureKeyInformation = structure('MACSignatureKeyInformation', {
  uniqueIdentifier: optional(text('UniqueIdentifier')),
  cryptographicParameters: optional(CryptographicParameters),
});
export type MACSignatureKeyInformation = Infer<typeof MACSignatureKeyInformation>;

/** How a Key Value is wrapped (1.4 §2.1.5). */
export const KeyWrappingData = structure('KeyWrappingData', {
  wrappingMethod: required(enumeration('WrappingMethod', 'WrappingMethod')),
  encryptionKeyInformation: optional(EncryptionKeyInformation),
  macSignatureKeyInformation: optional(MACSignatureKeyInformation),
  macSignature: optional(bytes('MACSignature')),
  ivCounterNonce: optional(bytes('IVCounterNonce')),
  encodingOption: optional(enumeration('EncodingOption', 'EncodingOption'), { since: '1.1' }),
});
export type KeyWrappingData = Infer<typeof KeyWrappingData>;

/** How a client wants a Key Value to be wrapped (1.4 §2.1.6). */
export const KeyWrappingSpecification = structure('KeyWrappingSpecification', {
  wrappingMethod: required(enumeration('WrappingMethod', 'WrappingMethod')),
  encryptionKeyInformation: optional(EncryptionKeyInformation),
  macSignatureKeyInformation: optional(MACSignatureKeyInformation),
  attributeName: repeated(text('AttributeName')),
  encodingOption: optional(enumeration('EncodingOption', 'EncodingOption'), { since: '1.1' }),
});
export type KeyWrappingSpecification = Infer<typeof KeyWrappingSpecification>;

/** 1.4 §2.1.3. The Key Value is bytes when it is wrapped. */
export const KeyBlock = structure('KeyBlock', {
  keyFormatType: required(enumeration('KeyFormatType', 'KeyFormatType')),
  keyCompressionType: optional(enumeration('KeyCompressionType', 'KeyCompressionType')),
  keyValue: optional(union('KeyValue', [bytes('KeyValue'), KeyValue])),
  cryptographicAlgorithm: optional(enumeration('CryptographicAlgorithm', 'CryptographicAlgorithm')),
  cryptographicLength: optional(integer('CryptographicLength')),
  keyWrappingData: optional(KeyWrappingData),
});
export type KeyBlock = Infer<typeof KeyBlock>;
