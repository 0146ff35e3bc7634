/**
 * The key that signs the audit log: made once, kept in a file for its owner alone, and registered in the
 * store, so that no other file is taken for it.
 */
import { link, open, rename, rm, stat } from 'node:fs/promises';
import {
  AuditLogError,
  createSigner,
  generateSigningKey,
  type NoteSigner,
  originOf,
  parseVerifierKey,
  type VerifierKey,
} from '@claviger/audit-log';
import { Failure } from '../failure.ts';
import type { Installation } from '../installation.ts';
import { readSecretFile } from '../secret-file.ts';
import { LOG_KEY_SETTING } from './log-store.ts';

export type SigningInstallation = Pick<Installation, 'store' | 'directory' | 'ambient'>;

const MAX_FILE_BYTES = 16 * 1024;
const OWNER_ONLY = 0o600;

/**
 * Opens the key that signs the log now; where the log has none yet, makes one.
 *
 * @throws Failure `data` when the file is gone, is none, or is not the key of this log.
 */
export async function openLogSigner(installation: SigningInstallation): Promise<NoteSigner> {
  const { store, directory, ambient } = installation;
  const path = directory.auditSigningKeyPath;
  const { node } = await store.readLogExtent();
  const origin = originOf(node);
  await finishRotation(installation, origin);
  const registered = await store.readSetting(LOG_KEY_SETTING);
  if (!(await exists(path))) {
    if (registered !== undefined) throw lost(path);
    await makeKeyFile(path, `${path}.${ambient.randomness.uuid()}.tmp`);
  }
  const signer = await readSigner(path, origin);
  const { text } = signer.verifierKey;
  const standing = registered ?? (await store.initialiseSetting(LOG_KEY_SETTING, text));
  if (standing !== text) throw otherKey(path);
  return signer;
}

/**
 * What is left of a key that is gone: its public half.
 *
 * @throws Failure `refused` when its file is there, or the log has no key yet.
 */
export async function lostKeyOf(installation: SigningInstallation): Promise<VerifierKey> {
  const { store, directory } = installation;
  const path = directory.auditSigningKeyPath;
  const { node } = await store.readLogExtent();
  await finishRotation(installation, originOf(node));
  const registered = await store.readSetting(LOG_KEY_SETTING);
  if (registered === undefined) {
    throw new Failure('refused', 'The audit log has no signing key yet: none can be lost.');
  }
  if (await exists(path)) {
    throw new Failure(
      'refused',
      `There is a signing key in ${path}: leave out --lost. If it is not the one of this log, move it away first.`,
    );
  }
  return parseVerifierKey(registered);
}

/** Where the next key waits until the log is handed over to it. */
export function nextKeyPath(path: string): string {
  return `${path}.next`;
}

/** Makes the key that the log will be handed over to. */
export async function makeNextSigner({ store, directory, ambient }: SigningInstallation) {
  const path = nextKeyPath(directory.auditSigningKeyPath);
  // One that waits there was never handed over to: otherwise it would have its place by now.
  await rm(path, { force: true });
  await makeKeyFile(path, `${path}.${ambient.randomness.uuid()}.tmp`);
  const { node } = await store.readLogExtent();
  return await readSigner(path, originOf(node));
}

/** Puts the next key in its place, when the log was handed over to it; also after a crash. */
export async function finishRotation(
  { store, directory }: SigningInstallation,
  origin: string,
): Promise<void> {
  const path = directory.auditSigningKeyPath;
  if (!(await exists(nextKeyPath(path)))) return;
  const next = await readSigner(nextKeyPath(path), origin);
  const registered = await store.readSetting(LOG_KEY_SETTING);
  if (next.verifierKey.text !== registered) return;
  try {
    await rename(nextKeyPath(path), path);
  } catch (cause) {
    // Another process did it at the same time.
    if (codeOf(cause) !== 'ENOENT') throw cannotUse(path, cause);
  }
}

async function readSigner(path: string, origin: string): Promise<NoteSigner> {
  const pem = await readSecretFile('signing key of the audit log', path, MAX_FILE_BYTES);
  try {
    return createSigner(origin, new TextDecoder().decode(pem));
  } catch (cause) {
    if (!(cause instanceof AuditLogError)) throw cause;
    throw new Failure(
      'data',
      `The signing key of the audit log ${path} is none: restore it from a backup.`,
      { cause },
    );
  } finally {
    pem.fill(0);
  }
}

async function exists(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch (cause) {
    if (codeOf(cause) === 'ENOENT') return false;
    throw cannotUse(path, cause);
  }
}

/** The name appears with the whole key behind it, or not at all; a file that is there stays. */
async function makeKeyFile(path: string, temporaryPath: string): Promise<void> {
  try {
    const file = await open(temporaryPath, 'wx', OWNER_ONLY);
    try {
      await file.writeFile(generateSigningKey());
      await file.sync();
    } finally {
      await file.close();
    }
    await link(temporaryPath, path);
  } catch (cause) {
    // Somebody else made one at the same time: theirs counts.
    if (codeOf(cause) !== 'EEXIST') throw cannotUse(path, cause);
  } finally {
    await rm(temporaryPath, { force: true });
  }
}

function lost(path: string): Failure {
  return new Failure(
    'data',
    `The signing key of the audit log ${path} is gone. Restore it from a backup, or replace it with \`claviger audit rotate-key --lost\`: events are recorded and chained without it, but not sealed.`,
  );
}

function otherKey(path: string): Failure {
  return new Failure(
    'data',
    `The key in ${path} is not the one that signs this audit log. Restore the right one from a backup.`,
  );
}

function cannotUse(path: string, cause: unknown): Failure {
  return new Failure('data', `The file ${path} cannot be used (${codeOf(cause)}).`, { cause });
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
}
