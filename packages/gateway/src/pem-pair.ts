/** A certificate and its private key from two PEM files, checked to belong together. */
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { createSecureContext } from 'node:tls';
import { type ParsedCertificate, PkiError, parseCertificate } from '@claviger/pki';
import { Failure } from './failure.ts';
import { readSecretFile, type SecretReaders } from './secret-file.ts';

export interface PemPair {
  /** PEM; any chain follows the certificate. */
  readonly cert: string;
  /** PEM: secret. */
  readonly key: string;
  /** The first in the file. */
  readonly certificate: ParsedCertificate;
  readonly certificatePath: string;
  readonly keyPath: string;
}

export interface PemPairPaths {
  readonly certificatePath: string;
  readonly keyPath: string;
}

const MAX_FILE_BYTES = 256 * 1024;
const END = '-----END CERTIFICATE-----';

/**
 * @param what - Whose pair it is, for messages, e.g. `server`.
 * @param keyReaders - Who may have the key file open.
 * @throws Failure `data`; PkiError for what is no certificate. Each names the file, and repeats no key.
 */
export async function readPemPair(
  what: string,
  paths: PemPairPaths,
  keyReaders: SecretReaders,
): Promise<PemPair> {
  const { certificatePath, keyPath } = paths;
  const cert = await readText(`${what}'s certificate`, certificatePath);
  const key = await readSecretText(`${what}'s private key`, keyPath, keyReaders);
  const certificate = parseFirst(certificatePath, cert);
  checkKey(paths, certificate, key);
  try {
    createSecureContext({ cert, key });
  } catch (cause) {
    throw new Failure(
      'data',
      `What follows the certificate in ${certificatePath} cannot be used for TLS (${codeOf(cause)}); it must be the certificates of authorities, in PEM.`,
      { cause },
    );
  }
  return { cert, key, certificate, ...paths };
}

async function readSecretText(what: string, path: string, readers: SecretReaders): Promise<string> {
  const bytes = await readSecretFile(what, path, MAX_FILE_BYTES, readers);
  try {
    return new TextDecoder().decode(bytes);
  } finally {
    bytes.fill(0);
  }
}

async function readText(what: string, path: string): Promise<string> {
  try {
    const { size } = await stat(path);
    if (size > MAX_FILE_BYTES) {
      throw new Failure('data', `The ${what} ${path} has ${size} bytes, too many to be one.`);
    }
    return await readFile(path, 'utf8');
  } catch (cause) {
    if (cause instanceof Failure) throw cause;
    throw new Failure('data', `The ${what} ${path} cannot be read (${codeOf(cause)}).`, { cause });
  }
}

/** The certificate itself stands first; what follows leads to an authority. */
function parseFirst(path: string, pem: string): ParsedCertificate {
  const at = pem.indexOf(END);
  try {
    return parseCertificate(at === -1 ? pem : pem.slice(0, at + END.length));
  } catch (cause) {
    if (!(cause instanceof PkiError)) throw cause;
    throw new PkiError(cause.code, `${path}: ${cause.message}`, { cause });
  }
}

function checkKey(
  { certificatePath, keyPath }: PemPairPaths,
  certificate: ParsedCertificate,
  pem: string,
): void {
  let fits: boolean;
  try {
    fits = new X509Certificate(certificate.der).checkPrivateKey(createPrivateKey(pem));
  } catch (cause) {
    throw new Failure(
      'data',
      `${keyPath} holds no private key that can be read (PEM, without a passphrase).`,
      { cause },
    );
  }
  if (fits) return;
  throw new Failure(
    'data',
    `${keyPath} is not the private key of ${certificatePath}: put the right one there.`,
  );
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
}
