/** The key that signs the tokens of the API: made once, kept in a file, never replaced there. */
import { createHash, createPrivateKey, createPublicKey, generateKeyPair } from 'node:crypto';
import { link, open, rm, stat } from 'node:fs/promises';
import { promisify } from 'node:util';
import type { TokenSigningKey } from '@claviger/management-api';
import { Failure } from '../failure.ts';
import { readSecretFile } from '../secret-file.ts';

/** What RS256 asks for; a token lives for an hour. */
const MODULUS_BITS = 2048;
const MAX_FILE_BYTES = 16 * 1024;
const OWNER_ONLY = 0o600;

/**
 * Opens the key of the file, which is made when it is missing.
 *
 * A key that is lost costs nothing but the tokens that it has signed: whoever has one logs in again.
 *
 * @param newId - Names the temporary file, so that two that start at once do not meet there.
 * @throws Failure `data` when the file cannot be read or made, is open to others, or is no RSA key.
 */
export async function openTokenSigningKey(
  path: string,
  newId: () => string,
): Promise<TokenSigningKey> {
  if (!(await exists(path))) await makeKeyFile(path, `${path}.${newId()}.tmp`);
  const pem = await readSecretFile('token signing key', path, MAX_FILE_BYTES);
  try {
    const privateKey = createPrivateKey(Buffer.from(pem.buffer, pem.byteOffset, pem.byteLength));
    const { modulusLength = 0 } = privateKey.asymmetricKeyDetails ?? {};
    if (privateKey.asymmetricKeyType !== 'rsa' || modulusLength < MODULUS_BITS) {
      throw new RangeError('The key is of another kind.');
    }
    const der = createPublicKey(privateKey).export({ type: 'spki', format: 'der' });
    return { kid: createHash('sha256').update(der).digest('base64url'), privateKey };
  } catch (cause) {
    throw new Failure(
      'data',
      `The token signing key ${path} is no RSA key of at least ${MODULUS_BITS} bits (PEM). Restore it, or move it away: a new one is made then, and everybody logs in again.`,
      { cause },
    );
  } finally {
    pem.fill(0);
  }
}

async function exists(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch (cause) {
    if (codeOf(cause) === 'ENOENT') return false;
    throw new Failure('data', `The token signing key ${path} cannot be read (${codeOf(cause)}).`, {
      cause,
    });
  }
}

/** The name appears with the whole key behind it, or not at all; a file that is there stays. */
async function makeKeyFile(path: string, temporaryPath: string): Promise<void> {
  const { privateKey } = await promisify(generateKeyPair)('rsa', { modulusLength: MODULUS_BITS });
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' });
  try {
    const file = await open(temporaryPath, 'wx', OWNER_ONLY);
    try {
      await file.writeFile(pem);
      await file.sync();
    } finally {
      await file.close();
    }
    await link(temporaryPath, path);
  } catch (cause) {
    // Somebody else made one at the same time: theirs counts.
    if (codeOf(cause) === 'EEXIST') return;
    throw new Failure('data', `The token signing key ${path} cannot be made (${codeOf(cause)}).`, {
      cause,
    });
  } finally {
    await rm(temporaryPath, { force: true });
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
}
