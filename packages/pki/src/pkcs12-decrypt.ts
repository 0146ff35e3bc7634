/** Opens what PKCS#12 has encrypted under a password (RFC 8018 §6.2, RFC 7292 appendix C). */

import { createDecipheriv, pbkdf2 as pbkdf2Callback } from 'node:crypto';
import { promisify } from 'node:util';
import { countOf, type DerElement, DerTag, expectTag, oidOf, partsOf } from './der.ts';
import { PkiError } from './error.ts';
import { derivePkcs12Key } from './pkcs12-kdf.ts';
import { PKCS12_OID as OID } from './pkcs12-terms.ts';

const pbkdf2 = promisify(pbkdf2Callback);

/** Some seconds of work, for the one who sends it too. */
const MAX_ITERATIONS = 1_000_000;

/** With the bytes of key and IV. */
const CIPHERS: Readonly<Record<string, readonly [name: string, key: number, iv: number]>> = {
  [OID.aes128Cbc]: ['aes-128-cbc', 16, 16],
  [OID.aes192Cbc]: ['aes-192-cbc', 24, 16],
  [OID.aes256Cbc]: ['aes-256-cbc', 32, 16],
  [OID.desEde3Cbc]: ['des-ede3-cbc', 24, 8],
};

const PSEUDO_RANDOM_FUNCTIONS: Readonly<Record<string, string>> = {
  [OID.hmacSha1]: 'sha1',
  [OID.hmacSha256]: 'sha256',
  [OID.hmacSha384]: 'sha384',
  [OID.hmacSha512]: 'sha512',
};

/**
 * Decrypts.
 *
 * @param algorithm - An AlgorithmIdentifier.
 * @returns The plain bytes; to be wiped by the caller.
 * @throws PkiError `malformed`, `unsupported-encryption`, and `wrong-password` where nothing sensible comes out.
 */
export async function decryptWithPassword(
  algorithm: DerElement | undefined,
  ciphertext: Uint8Array,
  password: string,
): Promise<Uint8Array> {
  const { cipher, key, iv } = await keysOf(algorithm, password);
  try {
    const decipher = createDecipheriv(cipher, key, iv);
    const parts = [decipher.update(ciphertext)];
    try {
      parts.push(decipher.final());
      return Buffer.concat(parts);
    } catch (cause) {
      throw new PkiError('wrong-password', 'the password does not open the PKCS#12 file', {
        cause,
      });
    } finally {
      for (const part of parts) part.fill(0);
    }
  } finally {
    key.fill(0);
  }
}

interface Keys {
  readonly cipher: string;
  /** Secret. */
  readonly key: Uint8Array;
  readonly iv: Uint8Array;
}

async function keysOf(algorithm: DerElement | undefined, password: string): Promise<Keys> {
  const [oid, parameters] = partsOf(algorithm, DerTag.Sequence);
  const scheme = oidOf(oid);
  if (scheme === OID.pbes2) return await keysOfPbes2(parameters, password);
  if (scheme !== OID.pbeSha1TripleDes) throw unsupported(scheme);
  const [saltPart, iterationsPart] = partsOf(parameters, DerTag.Sequence);
  const salt = saltOf(saltPart);
  const iterations = iterationsOf(iterationsPart);
  const derive = (purpose: 'key' | 'iv', length: number) =>
    derivePkcs12Key({ hash: 'sha1', purpose, password, salt, iterations, length });
  return { cipher: 'des-ede3-cbc', key: await derive('key', 24), iv: await derive('iv', 8) };
}

async function keysOfPbes2(parameters: DerElement | undefined, password: string): Promise<Keys> {
  const [derivation, encryption] = partsOf(parameters, DerTag.Sequence);
  const [kdf, kdfParameters] = partsOf(derivation, DerTag.Sequence);
  const [cipherOid, ivPart] = partsOf(encryption, DerTag.Sequence);
  if (oidOf(kdf) !== OID.pbkdf2) throw unsupported(oidOf(kdf));
  const [cipher, keyBytes, ivBytes] = CIPHERS[oidOf(cipherOid)] ?? [];
  if (cipher === undefined || keyBytes === undefined) throw unsupported(oidOf(cipherOid));
  const iv = expectTag(ivPart, DerTag.OctetString).content;
  if (iv.length !== ivBytes) {
    throw new PkiError(
      'malformed',
      'the PKCS#12 file has an initialization vector of a wrong size',
    );
  }
  const [saltPart, iterationsPart, ...rest] = partsOf(kdfParameters, DerTag.Sequence);
  const prfPart = rest.find(({ tag }) => tag === DerTag.Sequence);
  const prf = prfPart === undefined ? OID.hmacSha1 : oidOf(partsOf(prfPart, DerTag.Sequence)[0]);
  const hash = PSEUDO_RANDOM_FUNCTIONS[prf];
  if (hash === undefined) throw unsupported(prf);
  const salt = saltOf(saltPart);
  const key = await pbkdf2(password, salt, iterationsOf(iterationsPart), keyBytes, hash);
  return { cipher, key, iv };
}

/** @throws PkiError `malformed` for none. */
export function saltOf(element: DerElement | undefined): Uint8Array {
  const { content } = expectTag(element, DerTag.OctetString);
  if (content.length > 0) return content;
  throw new PkiError('malformed', 'the PKCS#12 file has an empty salt');
}

/** @throws PkiError `malformed`, also for more than anybody should have to compute. */
export function iterationsOf(element: DerElement | undefined): number {
  const iterations = countOf(element);
  if (iterations >= 1 && iterations <= MAX_ITERATIONS) return iterations;
  throw new PkiError(
    'malformed',
    `the PKCS#12 file asks for ${iterations} iterations; 1 to ${MAX_ITERATIONS} are computed`,
  );
}

/** What is not opened, and how to make what is. */
export function unsupported(algorithm: string): PkiError {
  return new PkiError(
    'unsupported-encryption',
    `the PKCS#12 file is protected by ${algorithm}, which is not supported; write it anew with AES-256 and SHA-256, as "openssl pkcs12 -export" of OpenSSL 3 does`,
  );
}
