/**
 * A Unix socket that nobody but its owner can ever connect to.
 *
 * It is made inside a new directory that only the owner may enter, gets its mode there, and only then is
 * moved to its place: whatever the umask is, there is no moment in which others could connect.
 */

import { chmod, lstat, mkdtemp, rename, rm, stat, unlink } from 'node:fs/promises';
import { connect } from 'node:net';
import { dirname, join } from 'node:path';

const OWNER_ONLY = 0o600;
/** What the kernel takes as the address of a socket, without the byte that ends it. */
const MAX_PATH_BYTES = 107;
/** In the directory of the socket; with what is appended, shorter than most names of sockets. */
const WORKSHOP_PREFIX = '.s-';

export interface LocalSocket {
  /** Removes the socket, unless another process has put its own there meanwhile. */
  remove(): Promise<void>;
}

/**
 * Binds a socket with mode 0600.
 *
 * @param listen - Listens on the path that it is given. The path is not `socketPath`.
 * @throws Error `EADDRINUSE` when another process answers there or the path is no socket;
 * `ENAMETOOLONG`; what node:fs and node:net throw.
 */
export async function createLocalSocket(
  socketPath: string,
  listen: (path: string) => Promise<unknown>,
): Promise<LocalSocket> {
  await assertFree(socketPath);
  const workshop = await mkdtemp(join(dirname(socketPath), WORKSHOP_PREFIX));
  try {
    const path = join(workshop, 's');
    if (Math.max(Buffer.byteLength(path), Buffer.byteLength(socketPath)) > MAX_PATH_BYTES) {
      throw failure('ENAMETOOLONG', `The path of the socket is too long: ${socketPath}`);
    }
    await listen(path);
    await chmod(path, OWNER_ONLY);
    await rename(path, socketPath);
  } finally {
    await rm(workshop, { recursive: true, force: true });
  }
  const own = await stat(socketPath);
  return {
    async remove() {
      const now = await lstat(socketPath).catch(() => undefined);
      if (now !== undefined && now.ino === own.ino && now.dev === own.dev) await unlink(socketPath);
    },
  };
}

/** A socket that nobody answers on was left behind by a process that is gone. */
async function assertFree(socketPath: string): Promise<void> {
  const found = await lstat(socketPath).catch(() => undefined);
  if (found === undefined) return;
  if (!found.isSocket()) {
    throw failure('EADDRINUSE', `There is something else than a socket at ${socketPath}.`);
  }
  if (await answers(socketPath)) {
    throw failure('EADDRINUSE', `Another process answers on ${socketPath}; stop it first.`);
  }
}

/** Only a refused connection proves that nobody is there. */
function answers(socketPath: string): Promise<boolean> {
  return new Promise((resolve) => {
    const attempt = connect(socketPath);
    attempt.once('connect', () => {
      attempt.destroy();
      resolve(true);
    });
    attempt.once('error', (error: NodeJS.ErrnoException) => {
      resolve(error.code !== 'ECONNREFUSED' && error.code !== 'ENOENT');
    });
  });
}

function failure(code: string, message: string): Error {
  return Object.assign(new Error(message), { code });
}
