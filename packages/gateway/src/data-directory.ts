/** Where things lie in a data directory. Nothing that exists is ever overwritten there. */
import { chmod, mkdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Failure } from './failure.ts';

export interface DataDirectory {
  readonly path: string;
  readonly databasePath: string;
  /** Pairs of certificate and key: `ca`, `server`, `client`. */
  readonly pkiPath: string;
  readonly masterKeyPath: string;
  /** What a passphrase opens, for that provider. */
  readonly passphraseParametersPath: string;
  /** The key that signs the tokens of the API. */
  readonly tokenSigningKeyPath: string;
  /** The key that signs the audit log. */
  readonly auditSigningKeyPath: string;
  /** Where a gateway that runs answers commands on this machine. */
  readonly apiSocketPath: string;
  /** Held by the gateway that runs. */
  readonly gatewayLockPath: string;
}

const OWNER_ONLY = 0o700;

export function dataDirectoryAt(path: string): DataDirectory {
  return {
    path,
    databasePath: join(path, 'claviger.db'),
    pkiPath: join(path, 'pki'),
    masterKeyPath: join(path, 'keys', 'master.key'),
    passphraseParametersPath: join(path, 'keys', 'master-key.json'),
    tokenSigningKeyPath: join(path, 'keys', 'token-signing.key'),
    auditSigningKeyPath: join(path, 'keys', 'audit-signing.key'),
    apiSocketPath: join(path, 'run', 'api.sock'),
    gatewayLockPath: join(path, 'run', 'gateway.lock'),
  };
}

/**
 * Makes the directory, and `keys` in it, where missing, for its owner alone. A directory that is there
 * keeps its mode: everything secret in it has a mode of its own.
 *
 * @throws Failure `data` when it is no directory or cannot be made.
 */
export async function makeDataDirectory(directory: DataDirectory): Promise<void> {
  for (const path of [directory.path, join(directory.path, 'keys')]) {
    try {
      const made = await mkdir(path, { recursive: true });
      // A mode given to mkdir would hold for missing parents as well, which may be anybody's.
      if (made !== undefined) await chmod(path, OWNER_ONLY);
    } catch (cause) {
      throw cannotUse(path, cause);
    }
  }
}

/**
 * Whether there is a database.
 *
 * @throws Failure `data` when that cannot be found out.
 */
export async function hasDatabase(directory: DataDirectory): Promise<boolean> {
  try {
    await stat(directory.databasePath);
    return true;
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return false;
    throw cannotUse(directory.path, cause);
  }
}

function cannotUse(path: string, cause: unknown): Failure {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown error';
  const advice =
    code === 'EEXIST' || code === 'ENOTDIR'
      ? 'There is a file where a directory is needed: name another with --data-dir.'
      : 'Check the permissions and the disk, or name another with --data-dir.';
  return new Failure('data', `The data directory ${path} cannot be used (${code}). ${advice}`, {
    cause,
  });
}
