/** What the material of an object says of it, for an object that a client brings (1.4 §4.3). */

import {
  type Attribute,
  attribute,
  ClavigerError,
  type EnumerationValue,
  type ManagedObject as ProtocolObject,
  type StandardAttribute,
} from '@claviger/kmip-protocol';
import { certificateAttributes } from './certificate-attributes.ts';
import { keyBlockOf } from './key-material.ts';

type ObjectType = EnumerationValue<'ObjectType'>;

/** The field of a payload that carries each type of object. */
const FIELDS: { readonly [type in ObjectType]?: keyof ProtocolObject } = {
  Certificate: 'certificate',
  SymmetricKey: 'symmetricKey',
  PublicKey: 'publicKey',
  PrivateKey: 'privateKey',
  SplitKey: 'splitKey',
  Template: 'template',
  SecretData: 'secretData',
  OpaqueObject: 'opaqueObject',
  PGPKey: 'pgpKey',
  CertificateRequest: 'certificateRequest',
};

/** The type of an object by what carries it; 1.x does not say it twice (1.4 §4.41). */
export function objectTypeOf(content: ProtocolObject): ObjectType | undefined {
  const types = Object.keys(FIELDS) as (keyof typeof FIELDS)[]; // the keys of the table itself
  return types.find((type) => {
    const field = FIELDS[type];
    return field !== undefined && content[field] !== undefined;
  });
}

/** @throws ClavigerError `invalid-object-type` unless the object is of the type that the request says. */
export function assertObjectType(objectType: ObjectType, content: ProtocolObject): void {
  const field = FIELDS[objectType];
  if (field !== undefined && content[field] !== undefined) return;
  throw new ClavigerError(
    'invalid-object-type',
    `the Object Type says ${objectType}, the object itself is of another type`,
  );
}

/**
 * The attributes that follow from the material. Algorithm and length may stand in the Key Block or with
 * the attributes of the request.
 *
 * @throws ClavigerError `invalid-field` for material that is not what it claims to be.
 */
export function attributesOfMaterial(content: ProtocolObject): readonly StandardAttribute[] {
  const { certificate, secretData, opaqueObject } = content;
  if (certificate !== undefined) return certificateAttributes(certificate);
  if (opaqueObject !== undefined) {
    return [attribute('OpaqueDataType', opaqueObject.opaqueDataType)];
  }
  const block = keyBlockOf(content);
  if (block === undefined) return [];
  const { cryptographicAlgorithm, cryptographicLength } = block;
  // A secret is no key: the algorithm in its block is that of what it was derived for.
  if (secretData !== undefined && cryptographicAlgorithm === undefined) return [];
  return [
    ...(cryptographicAlgorithm === undefined
      ? []
      : [attribute('CryptographicAlgorithm', cryptographicAlgorithm)]),
    ...(cryptographicLength === undefined
      ? []
      : [attribute('CryptographicLength', cryptographicLength)]),
  ];
}

/** The attributes of a Template are those that it offers to others (1.4 §2.2.6). */
export function attributesOfTemplate({ template }: ProtocolObject): readonly Attribute[] {
  return template?.attributes ?? [];
}

/** The attributes that travel inside of the Key Value (1.4 §2.1.4), which a client may set as its own. */
export function attributesInKeyValue(content: ProtocolObject): readonly Attribute[] {
  const keyValue = keyBlockOf(content)?.keyValue;
  return keyValue === undefined || keyValue instanceof Uint8Array ? [] : keyValue.attributes;
}
