/** The API on a Unix socket of the data directory, for commands on this machine. */
import { chmod, mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { ManagementApi } from '@claviger/management-api';

const OWNER_ONLY = 0o700;

/**
 * Listens on the socket, whose directory is made for its owner alone. Without the socket everything
 * else works: commands then use the API over the network, so what stands in the way is in the log only.
 */
export async function listenOnSocket(
  api: Pick<ManagementApi, 'listenLocally'>,
  socketPath: string,
  log: {
    info(fields: object, message: string): void;
    warn(fields: object, message: string): void;
  },
): Promise<void> {
  try {
    const directory = dirname(socketPath);
    await mkdir(directory, { recursive: true });
    await chmod(directory, OWNER_ONLY);
    await api.listenLocally(socketPath);
    log.info({ path: socketPath }, 'commands on this machine are listened for');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
    log.warn({ path: socketPath, code, err: error }, adviceFor(code));
  }
}

function adviceFor(code: string): string {
  const consequence = 'commands on this machine need --url and an API key while the gateway runs';
  switch (code) {
    case 'ENAMETOOLONG':
    case 'EINVAL':
      return `the path of the data directory is too long for a Unix socket (107 bytes): ${consequence}, or a shorter data_dir`;
    case 'EADDRINUSE':
      return `another process answers on the socket of the data directory: ${consequence}`;
    default:
      return `the socket of the data directory cannot be made: ${consequence}`;
  }
}
