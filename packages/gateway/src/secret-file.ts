/** Reading files that only their owner may read. */
import { constants, type Stats } from 'node:fs';
import { open } from 'node:fs/promises';
import { Failure } from './failure.ts';

/** Who may have a secret file open: the group, too, where a tool that hands out certificates shares keys by one. */
export type SecretReaders = 'owner-only' | 'owner-and-group';

const GROUP_AND_OTHERS = 0o077;
const GROUP_WRITE_AND_OTHERS = 0o027;

/**
 * The bytes of a file, which the caller wipes.
 *
 * @param what - What the file is, for messages, e.g. `passphrase file`.
 * @throws Failure `data` when it cannot be read, is empty or too large, or is open to others than `readers`.
 */
export async function readSecretFile(
  what: string,
  path: string,
  maxBytes: number,
  readers: SecretReaders = 'owner-only',
): Promise<Uint8Array> {
  try {
    // Non-blocking, because opening a pipe would otherwise wait for its other end.
    const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      checkFile(what, path, await file.stat(), { maxBytes, readers });
      return await file.readFile();
    } finally {
      await file.close();
    }
  } catch (cause) {
    if (cause instanceof Failure) throw cause;
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown error';
    throw new Failure('data', `The ${what} ${path} cannot be read (${code}).`, { cause });
  }
}

function checkFile(
  what: string,
  path: string,
  status: Stats,
  { maxBytes, readers }: { readonly maxBytes: number; readonly readers: SecretReaders },
): void {
  if (!status.isFile() || status.size === 0 || status.size > maxBytes) {
    throw new Failure('data', `The ${what} ${path} must be a file of 1 to ${maxBytes} bytes.`);
  }
  // Windows has no such permission bits: access control lists decide there.
  const forbidden = readers === 'owner-only' ? GROUP_AND_OTHERS : GROUP_WRITE_AND_OTHERS;
  if (process.platform !== 'win32' && (status.mode & forbidden) !== 0) {
    const mode = (status.mode & 0o777).toString(8).padStart(3, '0');
    throw new Failure(
      'data',
      `The ${what} ${path} is open to others than its owner (mode ${mode}); run: chmod 600 ${path}`,
    );
  }
}
