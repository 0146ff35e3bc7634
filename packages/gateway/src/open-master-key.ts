import { constants, type Stats } from 'node:fs';
import { open } from 'node:fs/promises';
import {
  type MasterKey,
  openMasterKeyFile,
  openMasterKeyPassphrase,
} from '@claviger/key-hierarchy';
import type { Settings } from './config/settings-schema.ts';
import type { DataDirectory } from './data-directory.ts';
import { Failure } from './failure.ts';

const MAX_PASSPHRASE_BYTES = 4096;
const GROUP_AND_OTHERS = 0o077;
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
  const bytes = await readPassphraseFile(settings.passphrase_file);
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

/** The bytes of the file, which the caller wipes. */
async function readPassphraseFile(path: string): Promise<Uint8Array> {
  try {
    // Non-blocking, because opening a pipe would otherwise wait for its other end.
    const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      checkPassphraseFile(path, await file.stat());
      return await file.readFile();
    } finally {
      await file.close();
    }
  } catch (cause) {
    if (cause instanceof Failure) throw cause;
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown error';
    throw new Failure('data', `The passphrase file ${path} cannot be read (${code}).`, { cause });
  }
}

function checkPassphraseFile(path: string, status: Stats): void {
  if (!status.isFile() || status.size === 0 || status.size > MAX_PASSPHRASE_BYTES) {
    throw new Failure(
      'data',
      `The passphrase file ${path} must be a file of 1 to ${MAX_PASSPHRASE_BYTES} bytes.`,
    );
  }
  // Windows has no such permission bits: access control lists decide there.
  if (process.platform !== 'win32' && (status.mode & GROUP_AND_OTHERS) !== 0) {
    const mode = (status.mode & 0o777).toString(8).padStart(3, '0');
    throw new Failure(
      'data',
      `The passphrase file ${path} is open to others than its owner (mode ${mode}); run: chmod 600 ${path}`,
    );
  }
}

/** Editors and `echo` end a file with a line feed that nobody meant to be part of the passphrase. */
function withoutLineEnd(bytes: Uint8Array): Uint8Array {
  let end = bytes.length;
  if (bytes[end - 1] === LINE_FEED) end -= 1;
  if (end < bytes.length && bytes[end - 1] === CARRIAGE_RETURN) end -= 1;
  return bytes.subarray(0, end);
}
