/**
 * Key Material of the Transparent formats: the numbers of a key, by name (1.4 §2.1.7). The format stands in
 * the Key Block, so that whoever needs the numbers reads Key Material by the schema of the format.
 */

import {
  bigInteger,
  bytes,
  enumeration,
  optional,
  required,
  structure,
} from '../schema/declare.ts';
import type { StructureSchema } from '../schema/schema.ts';
import type { EnumerationValueName } from '../tables/enumerations.ts';

const privateKeyOnCurve = {
  recommendedCurve: required(enumeration('RecommendedCurve', 'RecommendedCurve')),
  d: required(bigInteger('D')),
} as const;

const publicKeyOnCurve = {
  recommendedCurve: required(enumeration('RecommendedCurve', 'RecommendedCurve')),
  /** A point in the form of ANSI X9.62. */
  qString: required(bytes('QString')),
} as const;

/**
 * The schema of Key Material for each Transparent format:
 * `decodeItem(TRANSPARENT_KEYS.TransparentSymmetricKey, keyMaterial, version)`. Which version has a format,
 * `ENUMERATION_VALUE_VERSIONS.KeyFormatType` says.
 */
export const TRANSPARENT_KEYS = {
  TransparentSymmetricKey: structure('KeyMaterial', { key: required(bytes('Key')) }),
  TransparentDSAPrivateKey: structure('KeyMaterial', {
    p: required(bigInteger('P')),
    q: required(bigInteger('Q')),
    g: required(bigInteger('G')),
    x: required(bigInteger('X')),
  }),
  TransparentDSAPublicKey: structure('KeyMaterial', {
    p: required(bigInteger('P')),
    q: required(bigInteger('Q')),
    g: required(bigInteger('G')),
    y: required(bigInteger('Y')),
  }),
  TransparentRSAPrivateKey: structure('KeyMaterial', {
    modulus: required(bigInteger('Modulus')),
    privateExponent: optional(bigInteger('PrivateExponent')),
    publicExponent: optional(bigInteger('PublicExponent')),
    p: optional(bigInteger('P')),
    q: optional(bigInteger('Q')),
    primeExponentP: optional(bigInteger('PrimeExponentP')),
    primeExponentQ: optional(bigInteger('PrimeExponentQ')),
    crtCoefficient: optional(bigInteger('CRTCoefficient')),
  }),
  TransparentRSAPublicKey: structure('KeyMaterial', {
    modulus: required(bigInteger('Modulus')),
    publicExponent: required(bigInteger('PublicExponent')),
  }),
  TransparentDHPrivateKey: structure('KeyMaterial', {
    p: required(bigInteger('P')),
    q: optional(bigInteger('Q')),
    g: required(bigInteger('G')),
    j: optional(bigInteger('J')),
    x: required(bigInteger('X')),
  }),
  TransparentDHPublicKey: structure('KeyMaterial', {
    p: required(bigInteger('P')),
    q: optional(bigInteger('Q')),
    g: required(bigInteger('G')),
    j: optional(bigInteger('J')),
    y: required(bigInteger('Y')),
  }),
  TransparentECDSAPrivateKey: structure('KeyMaterial', privateKeyOnCurve),
  TransparentECDSAPublicKey: structure('KeyMaterial', publicKeyOnCurve),
  TransparentECDHPrivateKey: structure('KeyMaterial', privateKeyOnCurve),
  TransparentECDHPublicKey: structure('KeyMaterial', publicKeyOnCurve),
  TransparentECMQVPrivateKey: structure('KeyMaterial', privateKeyOnCurve),
  TransparentECMQVPublicKey: structure('KeyMaterial', publicKeyOnCurve),
  TransparentECPrivateKey: structure('KeyMaterial', privateKeyOnCurve),
  TransparentECPublicKey: structure('KeyMaterial', publicKeyOnCurve),
} as const satisfies Readonly<
  Record<Extract<EnumerationValueName<'KeyFormatType'>, `Transparent${string}`>, StructureSchema>
>;

export type TransparentKeyFormat = keyof typeof TRANSPARENT_KEYS;

/** Whether Key Material of the format is one of {@link TRANSPARENT_KEYS}, and no bytes. */
export function isTransparentKeyFormat(format: string): format is TransparentKeyFormat {
  return Object.hasOwn(TRANSPARENT_KEYS, format);
}
