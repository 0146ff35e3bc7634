import { chmod, mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { type HeldLock, holdLock } from '@claviger/key-store';
import type { Settings } from './config/settings-schema.ts';
import { type DataDirectory, dataDirectoryAt, makeDataDirectory } from './data-directory.ts';
import { Failure } from './failure.ts';
import {
  type Ambient,
  type KeyedInstallation,
  makeInstallation,
  type OnMigration,
} from './installation.ts';

const OWNER_ONLY = 0o700;

/**
 * Opens the data directory, or makes it, for the one gateway that may run on it: two would deliver each
 * event twice and seal the log against each other. Commands beside the gateway need no lock. It ends
 * with the installation, or with the process.
 *
 * @throws Failure `data` while another gateway runs on it, or as `makeInstallation`.
 */
export async function makeInstallationAlone(
  settings: Settings,
  ambient: Ambient,
  onMigration?: OnMigration,
): Promise<KeyedInstallation> {
  const lock = await holdGatewayLock(dataDirectoryAt(settings.data_dir));
  try {
    const installation = await makeInstallation(settings, ambient, onMigration);
    return {
      ...installation,
      async close() {
        await installation.close();
        lock.release();
      },
    };
  } catch (error) {
    lock.release();
    throw error;
  }
}

async function holdGatewayLock(directory: DataDirectory): Promise<HeldLock> {
  await makeDataDirectory(directory);
  const path = directory.gatewayLockPath;
  await mkdir(dirname(path), { recursive: true });
  await chmod(dirname(path), OWNER_ONLY);
  const lock = holdLock(path);
  if (lock !== undefined) return lock;
  throw new Failure(
    'data',
    `Another gateway runs on the data directory ${directory.path}. Stop it, or name another directory with --data-dir. (Commands may run beside it; only serving is for one.)`,
  );
}
