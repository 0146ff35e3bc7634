import {
  type MasterKey,
  openMasterKeyFile,
  openMasterKeyPassphrase,
} from '@claviger/key-hierarchy';
import type { Settings } from './config/settings-schema.ts';
import type { DataDirectory } from './data-directory.ts';
import { readSecretFile } from './secret-file.ts';

const MAX_PASSPHRASE_BYTES = 4096;
const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;

/**
 * Opens the master key that the settings name.
 *
 * @param create - Whether a missing one is made: only while nothing was encrypted yet.
 * @throws KeyHierarchyError; Failure `data` when the passphrase cannot be read.
 */
export async function openMasterKey(
  settings: Settings['master_key'],
  directory: DataDirectory,
  { create }: { readonly create: boolean },
): Promise<MasterKey> {
  if (settings.passphrase_file === undefined) {
    return await openMasterKeyFile(settings.file ?? directory.masterKeyPath, { create });
  }
  const { passphrase_file: path } = settings;
  const bytes = await readSecretFile('passphrase file', path, MAX_PASSPHRASE_BYTES);
  try {
    return await openMasterKeyPassphrase({
      parametersPath: settings.file ?? directory.passphraseParametersPath,
      passphrase: withoutLineEnd(bytes),
      create,
    });
  } finally {
    bytes.fill(0);
  }
}

/** Editors and `echo` end a file with a line feed that nobody meant to be part of the passphrase. */
function withoutLineEnd(bytes: Uint8Array): Uint8Array {
  let end = bytes.length;
  if (bytes[end - 1] === LINE_FEED) end -= 1;
  if (end < bytes.length && bytes[end - 1] === CARRIAGE_RETURN) end -= 1;
  return bytes.subarray(0, end);
}
