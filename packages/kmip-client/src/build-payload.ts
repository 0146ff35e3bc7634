/** The payloads of common requests from plain arguments: for `batch` and for the methods of the client. */

import {
  type Attribute,
  type AttributeName,
  type AttributeReference,
  attribute,
  type EnumerationValue,
  MASKS,
} from '@claviger/kmip-protocol';
import type { RequestPayload } from './payloads.ts';

/** What a key may be used for: the names of the bits of Cryptographic Usage Mask (1.4 §9.1.3.3.1). */
export type KeyUsage = keyof (typeof MASKS)['CryptographicUsageMask']['bits'];

export interface CreateArguments {
  readonly algorithm: EnumerationValue<'CryptographicAlgorithm'>;
  readonly lengthBits: number;
  readonly usage: readonly KeyUsage[];
  /** Become Name attributes of the type Uninterpreted Text String. */
  readonly names?: readonly string[] | undefined;
  /** Any others. */
  readonly attributes?: readonly Attribute[] | undefined;
}

/** Create of a symmetric key (1.4 §4.1). */
export function createPayload(options: CreateArguments): RequestPayload<'Create'> {
  const { algorithm, lengthBits, usage, names = [], attributes = [] } = options;
  const mask = usage.reduce((bits, name) => bits | MASKS.CryptographicUsageMask.bits[name], 0);
  return {
    objectType: 'SymmetricKey',
    attributes: {
      attributes: [
        attribute('CryptographicAlgorithm', algorithm),
        attribute('CryptographicLength', lengthBits),
        attribute('CryptographicUsageMask', mask),
        ...names.map((name, index) => nameAttribute(name, index)),
        ...attributes,
      ],
      templateNames: [],
    },
  };
}

/** A Name attribute of the type Uninterpreted Text String (1.4 §3.2). */
export function nameAttribute(nameValue: string, index = 0): Attribute {
  return attribute('Name', { nameValue, nameType: 'UninterpretedTextString' }, index);
}

/** Get Attributes (1.4 §4.12); no names mean all attributes. */
export function getAttributesPayload(
  uniqueIdentifier: string,
  names: readonly (AttributeName | AttributeReference)[] = [],
): RequestPayload<'GetAttributes'> {
  const attributeReferences = names.map(
    (name): AttributeReference => (typeof name === 'string' ? { kind: 'standard', name } : name),
  );
  return { uniqueIdentifier, attributeReferences };
}

export interface LocateArguments extends Partial<Omit<RequestPayload<'Locate'>, 'attributes'>> {
  readonly name?: string | undefined;
  readonly objectType?: EnumerationValue<'ObjectType'> | undefined;
  readonly state?: EnumerationValue<'State'> | undefined;
  /** Any others that an object must have. */
  readonly attributes?: readonly Attribute[] | undefined;
}

/** Locate (1.4 §4.9): an object must have everything that is given. */
export function locatePayload(options: LocateArguments = {}): RequestPayload<'Locate'> {
  const { name, objectType, state, attributes = [], ...rest } = options;
  return {
    ...rest,
    attributes: [
      ...(name === undefined ? [] : [nameAttribute(name)]),
      ...(objectType === undefined ? [] : [attribute('ObjectType', objectType)]),
      ...(state === undefined ? [] : [attribute('State', state)]),
      ...attributes,
    ],
  };
}

export interface RevokeArguments {
  readonly reason: EnumerationValue<'RevocationReasonCode'>;
  readonly message?: string | undefined;
  /** For a compromise: when it is thought to have happened, in POSIX seconds. */
  readonly compromiseOccurrenceDate?: number | undefined;
}

/** Revoke (1.4 §4.20). */
export function revokePayload(
  uniqueIdentifier: string,
  { reason, message, compromiseOccurrenceDate }: RevokeArguments,
): RequestPayload<'Revoke'> {
  return {
    uniqueIdentifier,
    revocationReason: { revocationReasonCode: reason, revocationMessage: message },
    compromiseOccurrenceDate,
  };
}
