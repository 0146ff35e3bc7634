/** Encryption with a public key and decryption with the private one (1.4 §4.29, §4.30): RSA. */

import { constants, type KeyObject, privateDecrypt, publicEncrypt } from 'node:crypto';
import { ClavigerError, type CryptographicParameters } from '@claviger/kmip-protocol';
import { digestName } from './digest.ts';
import { decodeOaep, encodeOaep, type OaepOptions } from './oaep.ts';

/** @throws ClavigerError `unsupported-cryptographic-parameters`, `cryptographic-failure`. */
export function encryptWithPublicKey(
  key: KeyObject,
  parameters: CryptographicParameters,
  data: Uint8Array,
  randomBytes: (count: number) => Uint8Array,
): Uint8Array {
  const options = paddingOptions(key, parameters);
  const oaep = oaepWithOtherMask(parameters);
  if (oaep === undefined) return guarded(() => publicEncrypt({ key, ...options }, data));
  const modulusBytes = Math.ceil((key.asymmetricKeyDetails?.modulusLength ?? 0) / 8);
  const encoded = encodeOaep(data, modulusBytes, oaep, randomBytes);
  if (encoded === undefined) throw failure();
  try {
    return guarded(() => publicEncrypt({ key, ...UNPADDED }, encoded));
  } finally {
    encoded.fill(0);
  }
}

/**
 * By PKCS #1 v1.5 a wrong padding gives bytes by chance and no error (implicit rejection), or it would be
 * an oracle. Runtimes that cannot do so refuse that padding.
 *
 * @throws ClavigerError `unsupported-cryptographic-parameters`, `cryptographic-failure`, `feature-not-supported`.
 */
export function decryptWithPrivateKey(
  key: KeyObject,
  parameters: CryptographicParameters,
  data: Uint8Array,
): Uint8Array {
  const options = paddingOptions(key, parameters);
  const oaep = oaepWithOtherMask(parameters);
  if (oaep === undefined) return guarded(() => privateDecrypt({ key, ...options }, data));
  const encoded = guarded(() => privateDecrypt({ key, ...UNPADDED }, data));
  try {
    const message = decodeOaep(encoded, oaep);
    if (message === undefined) throw failure();
    return message;
  } finally {
    encoded.fill(0);
  }
}

const UNPADDED = { padding: constants.RSA_NO_PADDING };

function paddingOptions(key: KeyObject, parameters: CryptographicParameters) {
  if (key.asymmetricKeyType !== 'rsa') {
    throw new ClavigerError(
      'unsuitable-key',
      `a key of ${key.asymmetricKeyType} cannot encrypt; use an RSA key`,
    );
  }
  const { paddingMethod, hashingAlgorithm, pSource } = parameters;
  switch (paddingMethod) {
    case 'OAEP':
      assertMask(parameters);
      return {
        padding: constants.RSA_PKCS1_OAEP_PADDING,
        oaepHash: digestName(hashingAlgorithm ?? 'SHA_1'), // the default of RFC 8017 §A.2.1
        ...(pSource !== undefined && { oaepLabel: pSource }),
      };
    case undefined:
    case 'PKCS1V1_5':
      return { padding: constants.RSA_PKCS1_PADDING };
    case 'None':
      return { padding: constants.RSA_NO_PADDING };
    default:
      throw refuse(`the Padding Method for RSA is OAEP, PKCS1 v1.5 or None, not ${paddingMethod}`);
  }
}

function assertMask({ maskGenerator }: CryptographicParameters): void {
  if (maskGenerator !== undefined && maskGenerator !== 'MGF1') {
    throw refuse(`the Mask Generator ${maskGenerator} is not supported; use MGF1`);
  }
}

/** The runtime masks with the hash of OAEP itself; undefined where that is what is asked for. */
function oaepWithOtherMask(parameters: CryptographicParameters): OaepOptions | undefined {
  const { hashingAlgorithm = 'SHA_1', maskGeneratorHashingAlgorithm: forMask } = parameters;
  if (
    parameters.paddingMethod !== 'OAEP' ||
    forMask === undefined ||
    forMask === hashingAlgorithm
  ) {
    return undefined;
  }
  const label = parameters.pSource ?? new Uint8Array(0);
  return { hash: digestName(hashingAlgorithm), maskHash: digestName(forMask), label };
}

function guarded(work: () => Uint8Array): Uint8Array {
  try {
    return work();
  } catch (cause) {
    if (isCode(cause, 'ERR_INVALID_ARG_VALUE')) {
      throw new ClavigerError(
        'feature-not-supported',
        'decryption by PKCS1 v1.5 needs a gateway that runs on Node 22 or newer; use OAEP',
        { cause },
      );
    }
    throw failure(cause);
  }
}

function failure(cause?: unknown): ClavigerError {
  return new ClavigerError(
    'cryptographic-failure',
    'the data could not be processed with this key and these Cryptographic Parameters',
    { cause },
  );
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}

function refuse(message: string): ClavigerError {
  return new ClavigerError('unsupported-cryptographic-parameters', message);
}
