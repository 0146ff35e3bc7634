import { randomBytes as nodeRandomBytes } from 'node:crypto';
import { type RandomBytes, WRAPPING_KEY_BYTES } from './envelope.ts';
import { KeyHierarchyError } from './error.ts';
import { createMasterKey, type MasterKey } from './master-key.ts';
import { createSecretFile, readSecretFile } from './secret-file.ts';

/** More than a key, so that the message about a wrong size can name the size. */
const MAX_FILE_BYTES = 4096;

export interface MasterKeyFileOptions {
  /**
   * Whether a missing file is made. True only when nothing was ever encrypted: a lost master key must
   * be restored, and a new one in its place would hide the loss.
   */
  readonly create: boolean;
  readonly randomBytes?: RandomBytes;
}

/**
 * Opens the master key that a file holds: 32 raw bytes, readable by the owner only.
 *
 * @throws KeyHierarchyError `key-file-missing`, `key-file-permissions`, `key-file-malformed` (wrong
 * size, only zeros, no plain file), `key-file-inaccessible`.
 */
export async function openMasterKeyFile(
  path: string,
  options: MasterKeyFileOptions,
): Promise<MasterKey> {
  const randomBytes = options.randomBytes ?? nodeRandomBytes;
  const bytes =
    (await readSecretFile(path, MAX_FILE_BYTES)) ??
    (options.create ? await makeKeyFile(path, randomBytes) : undefined);
  if (bytes === undefined) {
    throw new KeyHierarchyError(
      'key-file-missing',
      `the master key file ${path} is missing; restore it from its backup: what it encrypted cannot be read without it`,
    );
  }
  try {
    checkKeyBytes(path, bytes);
    return createMasterKey(bytes, randomBytes);
  } finally {
    bytes.fill(0);
  }
}

async function makeKeyFile(
  path: string,
  randomBytes: RandomBytes,
): Promise<Uint8Array | undefined> {
  const bytes = randomBytes(WRAPPING_KEY_BYTES);
  let isMade = false;
  try {
    isMade = await createSecretFile(path, bytes);
  } finally {
    if (!isMade) bytes.fill(0);
  }
  if (isMade) return bytes;
  // Another process was faster: its key counts.
  return await readSecretFile(path, MAX_FILE_BYTES);
}

function checkKeyBytes(path: string, bytes: Uint8Array): void {
  if (bytes.length !== WRAPPING_KEY_BYTES) {
    throw new KeyHierarchyError(
      'key-file-malformed',
      `the master key file ${path} has ${bytes.length} bytes instead of ${WRAPPING_KEY_BYTES}; restore it from its backup, or delete it if the server never ran with it`,
    );
  }
  if (bytes.every((byte) => byte === 0)) {
    throw new KeyHierarchyError(
      'key-file-malformed',
      `the master key file ${path} holds only zeros, as after a failed disk write; restore it from its backup, or delete it if the server never ran with it`,
    );
  }
}
