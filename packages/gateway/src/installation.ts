/** A data directory that is open: the store, the audit emitter in the name of this instance, the keys. */
import { type AuditEmitter, createAuditEmitter } from '@claviger/audit-emitter';
import { createKeyHierarchy, type KeyHierarchy, type MasterKey } from '@claviger/key-hierarchy';
import {
  type MigrationProgress,
  openSqliteKeyStore,
  type SqliteKeyStore,
  type SqliteKeyStoreOptions,
} from '@claviger/key-store';
import { type CommitFeed, withCommitFeed } from './commit-feed.ts';
import { ConfigError } from './config/config-error.ts';
import type { Settings } from './config/settings-schema.ts';
import {
  type DataDirectory,
  dataDirectoryAt,
  hasDatabase,
  makeDataDirectory,
} from './data-directory.ts';
import { eventId } from './event-id.ts';
import { Failure } from './failure.ts';
import { openMasterKey } from './open-master-key.ts';

/** Time and chance, handed in. */
export interface Ambient {
  readonly clock: { now(): number };
  readonly randomness: { uuid(): string; bytes(count: number): Uint8Array };
}

export interface Installation {
  readonly directory: DataDirectory;
  readonly store: SqliteKeyStore;
  readonly commits: CommitFeed;
  readonly audit: AuditEmitter;
  readonly instanceId: string;
  /** 32 hexadecimal digits. */
  readonly accountId: string;
  readonly ambient: Ambient;
  /** Finishes what was begun, then closes. */
  close(): Promise<void>;
}

/** An installation with its master key: what serves, and what makes keys. */
export interface KeyedInstallation extends Installation {
  readonly master: MasterKey;
  readonly keys: KeyHierarchy;
}

/** Told how far the store is when it brings itself up to date, which may take minutes. */
export type OnMigration = (progress: MigrationProgress) => void;

/**
 * Opens the data directory; where there is nothing yet, makes it with a new master key.
 *
 * A master key is made only while there is no database: what is encrypted can then be opened by no
 * other, and a database without its key is an error rather than a new beginning.
 *
 * @throws Failure, KeyHierarchyError or StoreError; nothing was overwritten then.
 */
export async function makeInstallation(
  settings: Settings,
  ambient: Ambient,
  onMigration: OnMigration = () => {},
): Promise<KeyedInstallation> {
  const directory = dataDirectoryAt(settings.data_dir);
  await makeDataDirectory(directory);
  const create = !(await hasDatabase(directory));
  const master = await openMasterKey(settings.master_key, directory, { create });
  // What serves has clients that wait while operators and auditors list and search.
  const options = { onMigration, readers: 2 } as const;
  return await withKeys(master, () => openStore(settings, ambient, directory, options));
}

/**
 * Opens a data directory that is there, without its keys.
 *
 * @throws Failure `data` when there is none; StoreError.
 */
export async function openInstallation(
  settings: Settings,
  ambient: Ambient,
): Promise<Installation> {
  const directory = dataDirectoryAt(settings.data_dir);
  await checkDatabase(directory);
  return await openStore(settings, ambient, directory);
}

/** As {@link openInstallation}, with the keys. */
export async function openKeyedInstallation(
  settings: Settings,
  ambient: Ambient,
): Promise<KeyedInstallation> {
  const directory = dataDirectoryAt(settings.data_dir);
  await checkDatabase(directory);
  const master = await openMasterKey(settings.master_key, directory, { create: false });
  return await withKeys(master, () => openStore(settings, ambient, directory));
}

async function checkDatabase(directory: DataDirectory): Promise<void> {
  if (await hasDatabase(directory)) return;
  throw new Failure(
    'data',
    `There is no Claviger in ${directory.path}. Start one there with \`claviger up --data-dir ${directory.path}\`, or name the right directory with --data-dir.`,
  );
}

async function openStore(
  settings: Settings,
  ambient: Ambient,
  directory: DataDirectory,
  options: Omit<SqliteKeyStoreOptions, 'path'> = {},
): Promise<Installation> {
  const opened = await openSqliteKeyStore({ path: directory.databasePath, ...options });
  const { store, commits } = withCommitFeed(opened);
  try {
    const { uuid, bytes } = ambient.randomness;
    const instanceId = await store.initialiseSetting('instance-id', uuid());
    const { audit } = settings;
    const wantedAccount = audit.account_id ?? Buffer.from(bytes(16)).toString('hex');
    const accountId = await store.initialiseSetting('account-id', wantedAccount);
    if (audit.account_id !== undefined && audit.account_id !== accountId) {
      throw new ConfigError([
        `audit.account_id: this data directory was made with ${accountId}, and its events say so; leave the setting out or give that value`,
      ]);
    }
    return {
      directory,
      store,
      commits,
      audit: createAuditEmitter({
        displayName: audit.display_name,
        crn: {
          cname: audit.cloud,
          ctype: audit.cloud_type,
          service: audit.service,
          location: audit.region,
          accountId,
          instanceId,
        },
        extensionActions: audit.extension_actions,
        severityPrecedence: audit.severity_precedence,
        saveServiceCopy: audit.save_service_copy,
        newId: () => eventId(ambient.clock.now(), uuid()),
        now: () => ambient.clock.now(),
      }),
      instanceId,
      accountId,
      ambient,
      close: () => store.close(),
    };
  } catch (error) {
    await store.close();
    throw error;
  }
}

async function withKeys(
  master: MasterKey,
  open: () => Promise<Installation>,
): Promise<KeyedInstallation> {
  let installation: Installation | undefined;
  try {
    installation = await open();
    await checkMasterKey(installation, master);
  } catch (error) {
    master.close();
    await installation?.close();
    throw error;
  }
  const { store } = installation;
  const keys = createKeyHierarchy({ master });
  return {
    ...installation,
    master,
    keys,
    async close() {
      keys.close();
      master.close();
      await store.close();
    },
  };
}

/** The id of a master key says nothing about it; comparing it names a wrong one before anything fails. */
async function checkMasterKey({ store, directory }: Installation, master: MasterKey) {
  const expected = await store.initialiseSetting('master-key-id', master.id);
  if (expected === master.id) return;
  throw new Failure(
    'data',
    `The master key in use (${master.id}) is not the one of ${directory.databasePath} (${expected}). Restore the right key file, or name it with master_key.file.`,
  );
}
