import {
  createPrivateKey,
  generateKeyPair as generateKeyPairCallback,
  type KeyObject,
  webcrypto,
} from 'node:crypto';
import { promisify } from 'node:util';
import type { KeyProfile } from './certificate-profile.ts';
import { PkiError } from './error.ts';

const generate = promisify(generateKeyPairCallback);

/** A new pair: the public key as SubjectPublicKeyInfo (DER), the private one as PKCS#8 PEM. */
export interface KeyPair {
  readonly publicKeyDer: Uint8Array;
  /** Not encrypted: secret. */
  readonly privateKeyPem: string;
}

/** A private key that can sign, with the hash that fits it. */
export interface SigningKey {
  readonly key: webcrypto.CryptoKey;
  readonly hash: 'SHA-256' | 'SHA-384';
}

const OPENSSL_CURVES = { 'P-256': 'prime256v1', 'P-384': 'secp384r1' } as const;
const CURVE_HASHES = { prime256v1: 'SHA-256', secp384r1: 'SHA-384' } as const;

/** Generates a key pair in the thread pool: an RSA key may take a second, the event loop goes on. */
export async function generateKeyPair(profile: KeyProfile): Promise<KeyPair> {
  const { publicKey, privateKey } =
    profile.algorithm === 'RSA'
      ? await generate('rsa', { modulusLength: profile.bits })
      : await generate('ec', { namedCurve: OPENSSL_CURVES[profile.curve] });
  return {
    publicKeyDer: new Uint8Array(publicKey.export({ type: 'spki', format: 'der' })),
    privateKeyPem: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  };
}

/**
 * Reads a private key.
 *
 * @param where - Names the key in messages, e.g. its path.
 * @throws PkiError `malformed`; nothing of the key is repeated.
 */
export function readPrivateKey(pem: string, where: string): KeyObject {
  try {
    return createPrivateKey(pem);
  } catch (cause) {
    throw new PkiError('malformed', `${where} is no private key in PEM form without a passphrase`, {
      cause,
    });
  }
}

/**
 * Prepares a private key for signing certificates. RSA keys sign with PKCS#1 v1.5, not PSS: vSphere does
 * not accept PSS.
 *
 * @throws PkiError `malformed`, `unsupported-key`.
 */
export async function importSigningKey(pem: string): Promise<SigningKey> {
  const key = readPrivateKey(pem, "the certificate authority's key");
  const { algorithm, hash } = signingAlgorithm(key);
  const der = key.export({ type: 'pkcs8', format: 'der' });
  try {
    return {
      key: await webcrypto.subtle.importKey('pkcs8', der, algorithm, false, ['sign']),
      hash,
    };
  } finally {
    der.fill(0);
  }
}

function signingAlgorithm(key: KeyObject): {
  readonly algorithm: webcrypto.RsaHashedImportParams | webcrypto.EcKeyImportParams;
  readonly hash: SigningKey['hash'];
} {
  const curve = key.asymmetricKeyDetails?.namedCurve;
  if (key.asymmetricKeyType === 'rsa') {
    return { algorithm: { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' }, hash: 'SHA-256' };
  }
  if (curve === 'prime256v1' || curve === 'secp384r1') {
    const namedCurve = curve === 'prime256v1' ? 'P-256' : 'P-384';
    return { algorithm: { name: 'ECDSA', namedCurve }, hash: CURVE_HASHES[curve] };
  }
  throw new PkiError(
    'unsupported-key',
    'certificates are signed with RSA, EC P-256 or EC P-384 keys; this key is of another kind',
  );
}
