/** What writing and reading PKCS#12 have in common: object identifiers, and what a password is. */

import { PkiError } from './error.ts';

export const PKCS12_OID = {
  aes128Cbc: '2.16.840.1.101.3.4.1.2',
  aes192Cbc: '2.16.840.1.101.3.4.1.22',
  aes256Cbc: '2.16.840.1.101.3.4.1.42',
  certificateBag: '1.2.840.113549.1.12.10.1.3',
  data: '1.2.840.113549.1.7.1',
  desEde3Cbc: '1.2.840.113549.3.7',
  encryptedData: '1.2.840.113549.1.7.6',
  friendlyName: '1.2.840.113549.1.9.20',
  hmacSha1: '1.2.840.113549.2.7',
  hmacSha256: '1.2.840.113549.2.9',
  hmacSha384: '1.2.840.113549.2.10',
  hmacSha512: '1.2.840.113549.2.11',
  keyBag: '1.2.840.113549.1.12.10.1.1',
  localKeyId: '1.2.840.113549.1.9.21',
  pbeSha1TripleDes: '1.2.840.113549.1.12.1.3',
  pbes2: '1.2.840.113549.1.5.13',
  pbkdf2: '1.2.840.113549.1.5.12',
  sha1: '1.3.14.3.2.26',
  sha256: '2.16.840.1.101.3.4.2.1',
  sha384: '2.16.840.1.101.3.4.2.2',
  sha512: '2.16.840.1.101.3.4.2.3',
  shroudedKeyBag: '1.2.840.113549.1.12.10.1.2',
  x509Certificate: '1.2.840.113549.1.9.22.1',
} as const;

const MAX_PASSWORD_BYTES = 1024;

/**
 * A password as text.
 *
 * @param password - Bytes are UTF-8; they are not changed.
 * @throws PkiError `invalid-request` when it is empty, too long or no text.
 */
export function pkcs12Password(password: Uint8Array | string): string {
  let text: string;
  try {
    text =
      typeof password === 'string'
        ? password
        : new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(password);
  } catch {
    throw new PkiError('invalid-request', 'the password for the PKCS#12 file is not UTF-8 text');
  }
  const bytes = Buffer.from(text, 'utf8');
  const isText = bytes.toString('utf8') === text && !text.includes('\0'); // No half of a character.
  const { length } = bytes;
  bytes.fill(0);
  if (!isText || length < 1 || length > MAX_PASSWORD_BYTES) {
    throw new PkiError(
      'invalid-request',
      `the password for the PKCS#12 file must have 1 to ${MAX_PASSWORD_BYTES} bytes and no zero character`,
    );
  }
  return text;
}
