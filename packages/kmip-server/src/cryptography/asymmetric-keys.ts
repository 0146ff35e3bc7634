/**
 * Key pairs between KMIP's Key Format Types and the runtime's keys (1.4 §9.1.3.2.3). One format is
 * read, and any other that the algorithm has can be written.
 */

import {
  createPrivateKey,
  createPublicKey,
  type JsonWebKey,
  type KeyObject,
  X509Certificate,
} from 'node:crypto';
import { ClavigerError, type EnumerationValue } from '@claviger/kmip-protocol';

export type KeyFormatType = EnumerationValue<'KeyFormatType'>;

/** How a format is called by the runtime. `spki` is what KMIP's X.509 holds for a Public Key. */
const PRIVATE_ENCODINGS = {
  PKCS_1: 'pkcs1',
  PKCS_8: 'pkcs8',
  ECPrivateKey: 'sec1',
} as const satisfies { readonly [name in KeyFormatType]?: string };

const PUBLIC_ENCODINGS = {
  PKCS_1: 'pkcs1',
  X_509: 'spki',
} as const satisfies { readonly [name in KeyFormatType]?: string };

/**
 * Reads a private key in a DER format.
 * @throws ClavigerError `key-format-not-supported` for a format of another kind, `invalid-field` for
 * bytes that are no such key.
 */
export function readPrivateKey(format: KeyFormatType, der: Uint8Array): KeyObject {
  const type = encodingOf(PRIVATE_ENCODINGS, format, 'private');
  // The types want a Buffer: a view of the same bytes.
  return readable(format, () => createPrivateKey({ key: bufferOf(der), format: 'der', type }));
}

/** Reads a public key in a DER format. @throws ClavigerError as {@link readPrivateKey}. */
export function readPublicKey(format: KeyFormatType, der: Uint8Array): KeyObject {
  const type = encodingOf(PUBLIC_ENCODINGS, format, 'public');
  return readable(format, () => createPublicKey({ key: bufferOf(der), format: 'der', type }));
}

/** The public key of an X.509 certificate in DER. @throws ClavigerError `invalid-field`. */
export function publicKeyOfCertificate(der: Uint8Array): KeyObject {
  return readable('X_509', () => new X509Certificate(der).publicKey);
}

/** Reads a key of transparent numbers. @throws ClavigerError `invalid-field`. */
export function readJwk(kind: 'private' | 'public', jwk: JsonWebKey): KeyObject {
  const input = { key: jwk, format: 'jwk' } as const;
  return readable('Transparent', () =>
    kind === 'private' ? createPrivateKey(input) : createPublicKey(input),
  );
}

/**
 * Writes a key in a DER format; the bytes are the caller's to wipe.
 * @throws ClavigerError `key-format-not-supported` for a format that this key does not have.
 */
export function writeKey(key: KeyObject, format: KeyFormatType): Uint8Array {
  const type =
    key.type === 'private'
      ? encodingOf(PRIVATE_ENCODINGS, format, 'private')
      : encodingOf(PUBLIC_ENCODINGS, format, 'public');
  try {
    return key.type === 'private'
      ? key.export({ format: 'der', type: type as 'pkcs8' })
      : key.export({ format: 'der', type: type as 'spki' }); // the names of the table above
  } catch (cause) {
    throw new ClavigerError(
      'key-format-not-supported',
      `a ${key.type} key of ${key.asymmetricKeyType ?? 'this algorithm'} has no form ${format}`,
      { cause },
    );
  }
}

/** The runtime's names of algorithms. */
const ALGORITHMS: Readonly<Record<string, EnumerationValue<'CryptographicAlgorithm'>>> = {
  rsa: 'RSA',
  'rsa-pss': 'RSA',
  dsa: 'DSA',
  ec: 'ECDSA',
  ed25519: 'Ed25519',
  ed448: 'Ed448',
};

/** The algorithm of a key whose use nobody has said; undefined for one that KMIP has no word for. */
export function keyAlgorithm(
  key: KeyObject,
): EnumerationValue<'CryptographicAlgorithm'> | undefined {
  return ALGORITHMS[key.asymmetricKeyType ?? ''];
}

/** The length of a key in bits, as Cryptographic Length counts it: modulus, or order of the curve. */
export function keyLengthBits(key: KeyObject): number | undefined {
  const details = key.asymmetricKeyDetails;
  if (details?.modulusLength !== undefined) return details.modulusLength;
  return details?.namedCurve === undefined ? undefined : CURVE_BITS[details.namedCurve];
}

/** The KMIP curves that the runtime has, by their Recommended Curve. */
export const CURVES = {
  P_192: 'prime192v1',
  P_224: 'secp224r1',
  P_256: 'prime256v1',
  P_384: 'secp384r1',
  P_521: 'secp521r1',
  SECP256K1: 'secp256k1',
  BRAINPOOLP256R1: 'brainpoolP256r1',
  BRAINPOOLP384R1: 'brainpoolP384r1',
  BRAINPOOLP512R1: 'brainpoolP512r1',
} as const satisfies { readonly [name in EnumerationValue<'RecommendedCurve'>]?: string };

const CURVE_BITS: Readonly<Record<string, number>> = {
  prime192v1: 192,
  secp224r1: 224,
  prime256v1: 256,
  secp384r1: 384,
  secp521r1: 521,
  secp256k1: 256,
  brainpoolP256r1: 256,
  brainpoolP384r1: 384,
  brainpoolP512r1: 512,
};

function encodingOf<E extends string>(
  encodings: { readonly [format in KeyFormatType]?: E },
  format: KeyFormatType,
  kind: 'private' | 'public',
): E {
  const encoding = encodings[format];
  if (encoding !== undefined) return encoding;
  throw new ClavigerError(
    'key-format-not-supported',
    `a ${kind} key can be in the formats ${Object.keys(encodings).join(', ')}, not ${format}`,
  );
}

function readable(format: string, read: () => KeyObject): KeyObject {
  try {
    return read();
  } catch (cause) {
    throw new ClavigerError('invalid-field', `the Key Material is no key in the format ${format}`, {
      cause,
    });
  }
}

function bufferOf(data: Uint8Array): Buffer {
  return Buffer.from(data.buffer, data.byteOffset, data.byteLength);
}
