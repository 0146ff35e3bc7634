/**
 * A master key behind a passphrase. The master key itself is random; the parameter file holds it
 * wrapped by a key that scrypt derives from the passphrase. So the passphrase can change without
 * touching a single root key, and the tag of the envelope is what tells a wrong passphrase.
 */

import { randomBytes as nodeRandomBytes, scrypt } from 'node:crypto';
import { openEnvelope, type RandomBytes, sealEnvelope, WRAPPING_KEY_BYTES } from './envelope.ts';
import { KeyHierarchyError } from './error.ts';
import { createMasterKey, type MasterKey } from './master-key.ts';
import {
  DEFAULT_SCRYPT_COST,
  encodePassphraseParameters,
  type PassphraseParameters,
  parsePassphraseParameters,
  type ScryptCost,
} from './passphrase-parameters.ts';
import { createSecretFile, readSecretFile } from './secret-file.ts';

/** Shortest passphrase, in bytes, that may protect a new master key. */
export const MIN_PASSPHRASE_BYTES = 12;

const MAX_FILE_BYTES = 4096;
const SALT_BYTES = 32;
const CONTEXT = { purpose: 'master-key' } as const;

export interface MasterKeyPassphraseOptions {
  /** JSON file with the salt, the cost and the wrapped master key. */
  readonly parametersPath: string;
  /** Taken as it is, byte for byte; only read, the caller wipes it. */
  readonly passphrase: Uint8Array;
  /** Whether a missing file is made, with a new master key; see `MasterKeyFileOptions.create`. */
  readonly create: boolean;
  /** Cost of a newly made file; an existing one says its own. */
  readonly cost?: ScryptCost;
  readonly randomBytes?: RandomBytes;
}

/**
 * Opens the master key that a passphrase protects.
 *
 * With the default cost it takes about half a second and 128 MiB, off the event loop.
 *
 * @throws KeyHierarchyError `wrong-passphrase`, `weak-passphrase` (only when a file is made),
 * `key-file-missing`, `key-file-permissions`, `key-file-malformed`, `key-file-inaccessible`.
 */
export async function openMasterKeyPassphrase(
  options: MasterKeyPassphraseOptions,
): Promise<MasterKey> {
  const path = options.parametersPath;
  const randomBytes = options.randomBytes ?? nodeRandomBytes;
  let file = await readSecretFile(path, MAX_FILE_BYTES);
  if (file === undefined && options.create) {
    await makeParameterFile(options, randomBytes);
    file = await readSecretFile(path, MAX_FILE_BYTES);
  }
  if (file === undefined) {
    throw new KeyHierarchyError(
      'key-file-missing',
      `the master key parameters ${path} are missing; restore them from their backup: the passphrase alone opens nothing`,
    );
  }
  const parameters = parsePassphraseParameters(path, file);
  const bytes = await unwrapMasterKey(path, parameters, options.passphrase);
  try {
    return createMasterKey(bytes, randomBytes);
  } finally {
    bytes.fill(0);
  }
}

async function makeParameterFile(
  options: MasterKeyPassphraseOptions,
  randomBytes: RandomBytes,
): Promise<void> {
  if (options.passphrase.length < MIN_PASSPHRASE_BYTES) {
    throw new KeyHierarchyError(
      'weak-passphrase',
      `the passphrase of a new master key needs at least ${MIN_PASSPHRASE_BYTES} bytes`,
    );
  }
  const cost = options.cost ?? DEFAULT_SCRYPT_COST;
  const salt = randomBytes(SALT_BYTES);
  const masterKey = randomBytes(WRAPPING_KEY_BYTES);
  const wrappingKey = await deriveWrappingKey(options.passphrase, salt, cost);
  try {
    const wrappedMasterKey = sealEnvelope(wrappingKey, masterKey, CONTEXT, randomBytes);
    // When another process was faster its file counts, and is read next.
    await createSecretFile(
      options.parametersPath,
      encodePassphraseParameters({ cost, salt, wrappedMasterKey }),
    );
  } finally {
    masterKey.fill(0);
    wrappingKey.fill(0);
  }
}

async function unwrapMasterKey(
  path: string,
  parameters: PassphraseParameters,
  passphrase: Uint8Array,
): Promise<Uint8Array> {
  const wrappingKey = await deriveWrappingKey(passphrase, parameters.salt, parameters.cost);
  try {
    return openEnvelope(wrappingKey, parameters.wrappedMasterKey, CONTEXT);
  } catch (cause) {
    if (!(cause instanceof KeyHierarchyError && cause.code === 'integrity')) {
      throw cause;
    }
    throw new KeyHierarchyError(
      'wrong-passphrase',
      `the passphrase does not open the master key in ${path} (or that file was altered)`,
      { cause },
    );
  } finally {
    wrappingKey.fill(0);
  }
}

function deriveWrappingKey(
  passphrase: Uint8Array,
  salt: Uint8Array,
  cost: ScryptCost,
): Promise<Uint8Array> {
  const { logN, r, p } = cost;
  const N = 2 ** logN;
  // What scrypt needs is 128 * r * (N + p) bytes and a little; Node's own default limit is 32 MiB.
  const maxmem = 128 * r * (N + p + 2) + 1024;
  return new Promise((resolve, reject) => {
    scrypt(passphrase, salt, WRAPPING_KEY_BYTES, { N, r, p, maxmem }, (error, key) => {
      if (error === null) {
        resolve(key);
      } else {
        reject(error);
      }
    });
  });
}
