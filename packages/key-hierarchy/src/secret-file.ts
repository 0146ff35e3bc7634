/**
 * Reading and making small files that only their owner may read. A file is never replaced: what is
 * there was somebody's key.
 *
 * Symbolic links are followed (orchestrators mount secrets as links); every check is made on the
 * opened file, so nothing can be exchanged between check and read.
 */

import { constants } from 'node:fs';
import { type FileHandle, open, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { KeyHierarchyError } from './error.ts';

const OWNER_ONLY = 0o600;
const GROUP_AND_OTHERS = 0o077;

/**
 * Reads a whole file, or answers undefined when there is none.
 *
 * @param maxBytes - A larger file is refused without being read.
 * @returns A fresh array; the caller wipes it when it holds a key.
 * @throws KeyHierarchyError `key-file-permissions`, `key-file-malformed` (no plain file, too large),
 * `key-file-inaccessible`.
 */
export async function readSecretFile(
  path: string,
  maxBytes: number,
): Promise<Uint8Array | undefined> {
  let handle: FileHandle;
  try {
    // Non-blocking, because opening a pipe would otherwise wait for its other end.
    handle = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (cause) {
    if (systemErrorCode(cause) === 'ENOENT') {
      return undefined;
    }
    throw inaccessible(path, 'read', cause);
  }
  try {
    const status = await handle.stat();
    if (!status.isFile()) {
      throw new KeyHierarchyError('key-file-malformed', `${path} is not a file`);
    }
    // Windows has no such permission bits: access control lists decide there.
    if (process.platform !== 'win32' && (status.mode & GROUP_AND_OTHERS) !== 0) {
      const mode = (status.mode & 0o777).toString(8).padStart(3, '0');
      throw new KeyHierarchyError(
        'key-file-permissions',
        `${path} is open to others than its owner (mode ${mode}); run: chmod 600 ${path}`,
      );
    }
    if (status.size > maxBytes) {
      throw new KeyHierarchyError(
        'key-file-malformed',
        `${path} has ${status.size} bytes, at most ${maxBytes} are expected`,
      );
    }
    return await readAll(handle, status.size);
  } catch (cause) {
    if (cause instanceof KeyHierarchyError) {
      throw cause;
    }
    throw inaccessible(path, 'read', cause);
  } finally {
    await handle.close();
  }
}

/**
 * Makes a file with mode 0600 and returns when it is on the disk. Answers false, and changes nothing,
 * when the path is taken.
 *
 * @throws KeyHierarchyError `key-file-inaccessible`.
 */
export async function createSecretFile(path: string, content: Uint8Array): Promise<boolean> {
  let handle: FileHandle;
  try {
    handle = await open(path, 'wx', OWNER_ONLY);
  } catch (cause) {
    if (systemErrorCode(cause) === 'EEXIST') {
      return false;
    }
    throw inaccessible(path, 'write', cause);
  }
  try {
    await handle.writeFile(content);
    await handle.sync();
    await syncDirectory(dirname(path));
    return true;
  } catch (cause) {
    // Half a key (disk full) must not be taken for one later; it is ours, made just now.
    await rm(path, { force: true });
    throw inaccessible(path, 'write', cause);
  } finally {
    await handle.close();
  }
}

/** Without this a power loss may forget the new name although the content is safe. */
async function syncDirectory(path: string): Promise<void> {
  if (process.platform === 'win32') {
    return; // Directories cannot be opened there; NTFS journals the name itself.
  }
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function readAll(handle: FileHandle, size: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(size);
  let filled = 0;
  while (filled < size) {
    const { bytesRead } = await handle.read(bytes, filled, size - filled, filled);
    if (bytesRead === 0) {
      break;
    }
    filled += bytesRead;
  }
  return bytes.subarray(0, filled);
}

function inaccessible(path: string, action: 'read' | 'write', cause: unknown): KeyHierarchyError {
  return new KeyHierarchyError(
    'key-file-inaccessible',
    `cannot ${action} ${path}: ${systemErrorCode(cause) ?? 'unknown error'}`,
    { cause },
  );
}

function systemErrorCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string'
    ? error.code
    : undefined;
}
