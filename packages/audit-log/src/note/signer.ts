/** The private half of a key that signs notes. */
import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
  sign,
} from 'node:crypto';
import { AuditLogError } from '../audit-log-error.ts';
import { toVerifierKey, type VerifierKey } from './verifier-key.ts';

export interface NoteSigner {
  readonly verifierKey: VerifierKey;
  sign(message: Uint8Array): Uint8Array;
}

/**
 * @param name - Of the key; for a log its origin. Without white space and plus signs.
 * @param pem - An Ed25519 key, PKCS #8.
 * @throws AuditLogError `malformed` when it is none.
 */
export function createSigner(name: string, pem: string): NoteSigner {
  const privateKey = ed25519Of(pem);
  return {
    verifierKey: toVerifierKey(name, createPublicKey(privateKey)),
    sign: (message) => sign(null, message, privateKey),
  };
}

/** A new private key: PKCS #8, PEM. */
export function generateSigningKey(): string {
  const { privateKey } = generateKeyPairSync('ed25519');
  return privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
}

function ed25519Of(pem: string): KeyObject {
  try {
    const key = createPrivateKey(pem);
    if (key.asymmetricKeyType === 'ed25519') return key;
  } catch {
    // What was wrong with it would only repeat parts of it.
  }
  throw new AuditLogError('malformed', 'This is no Ed25519 private key (PKCS #8, PEM).');
}
