/** A fresh key pair, by the attributes that a client asks for (1.4 §4.2). */

import { generateKeyPair, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';
import {
  type Attribute,
  type AttributeValue,
  attribute,
  ClavigerError,
} from '@claviger/kmip-protocol';
import { CURVES, keyLengthBits, writeKey } from '../cryptography/asymmetric-keys.ts';
import { attributeValue } from './managed-object.ts';
import type { NewMaterial } from './symmetric-key.ts';

export interface NewKeyPair {
  readonly privateKey: NewMaterial;
  readonly publicKey: NewMaterial;
}

type Algorithm = AttributeValue<'CryptographicAlgorithm'>;

/** Longer ones take seconds of a core. */
const RSA_LENGTHS = [1024, 2048, 3072, 4096];
const DSA_LENGTHS = [1024, 2048, 3072];

/** The curve that a length alone asks for. */
const CURVE_OF_LENGTH: Readonly<Record<number, keyof typeof CURVES>> = {
  192: 'P_192',
  224: 'P_224',
  256: 'P_256',
  384: 'P_384',
  521: 'P_521',
};

/**
 * Makes the pair in a thread of the runtime.
 *
 * @param wipeLater - takes the private key's bytes when they are written.
 * @throws ClavigerError `invalid-field` for an algorithm, a length or a curve that there is not.
 */
export async function newKeyPair(
  asked: readonly Attribute[],
  wipeLater: (bytes: Uint8Array) => Uint8Array,
): Promise<NewKeyPair> {
  const algorithm = attributeValue({ attributes: asked }, 'CryptographicAlgorithm');
  if (algorithm === undefined) {
    throw refuse('a new key pair needs the attribute Cryptographic Algorithm');
  }
  const length = attributeValue({ attributes: asked }, 'CryptographicLength');
  const domain = attributeValue({ attributes: asked }, 'CryptographicDomainParameters');
  const { privateKey, publicKey } = await generate(algorithm, length, domain);
  const bits = length ?? keyLengthBits(publicKey);
  const isRsa = algorithm === 'RSA';
  return {
    privateKey: {
      implied: impliedBy(algorithm, bits),
      content: {
        privateKey: {
          keyBlock: {
            keyFormatType: isRsa ? 'PKCS_1' : 'PKCS_8',
            keyValue: {
              keyMaterial: wipeLater(writeKey(privateKey, isRsa ? 'PKCS_1' : 'PKCS_8')),
              attributes: [],
            },
            cryptographicAlgorithm: algorithm,
            ...(bits !== undefined && { cryptographicLength: bits }),
          },
        },
      },
    },
    publicKey: {
      implied: impliedBy(algorithm, bits),
      content: {
        publicKey: {
          keyBlock: {
            keyFormatType: isRsa ? 'PKCS_1' : 'X_509',
            keyValue: {
              keyMaterial: writeKey(publicKey, isRsa ? 'PKCS_1' : 'X_509'),
              attributes: [],
            },
            cryptographicAlgorithm: algorithm,
            ...(bits !== undefined && { cryptographicLength: bits }),
          },
        },
      },
    },
  };
}

function impliedBy(algorithm: Algorithm, bits: number | undefined): NewMaterial['implied'] {
  return [
    attribute('CryptographicAlgorithm', algorithm),
    ...(bits === undefined ? [] : [attribute('CryptographicLength', bits)]),
  ];
}

async function generate(
  algorithm: Algorithm,
  length: number | undefined,
  domain: AttributeValue<'CryptographicDomainParameters'> | undefined,
): Promise<{ readonly privateKey: KeyObject; readonly publicKey: KeyObject }> {
  const make = promisify(generateKeyPair);
  switch (algorithm) {
    case 'RSA':
      return await make('rsa', { modulusLength: oneOf(RSA_LENGTHS, length, 'RSA') });
    case 'DSA': {
      const modulusLength = oneOf(DSA_LENGTHS, length, 'DSA');
      const divisorLength = domain?.qlength ?? (modulusLength === 1024 ? 160 : 256);
      return await make('dsa', { modulusLength, divisorLength });
    }
    case 'EC':
    case 'ECDSA':
    case 'ECDH':
      return await make('ec', { namedCurve: curveFor(length, domain) });
    case 'Ed25519':
      return await make('ed25519');
    case 'Ed448':
      return await make('ed448');
    default:
      throw refuse(`key pairs for ${algorithm} are not supported; use RSA, EC, ECDSA, ECDH, DSA`);
  }
}

function oneOf(lengths: readonly number[], length: number | undefined, name: string): number {
  if (length !== undefined && lengths.includes(length)) return length;
  throw refuse(`a key pair for ${name} has a Cryptographic Length of ${lengths.join(', ')}`);
}

function curveFor(
  length: number | undefined,
  domain: AttributeValue<'CryptographicDomainParameters'> | undefined,
): string {
  const named =
    domain?.recommendedCurve ?? (length === undefined ? undefined : CURVE_OF_LENGTH[length]);
  if (named !== undefined && Object.hasOwn(CURVES, named)) {
    return CURVES[named as keyof typeof CURVES]; // just checked
  }
  throw refuse(`name a Recommended Curve for the key pair: ${Object.keys(CURVES).join(', ')}`);
}

function refuse(message: string): ClavigerError {
  return new ClavigerError('invalid-field', message);
}
