import { type KeptCheckpoint, makeCheckpoint, parseVerifierKey } from '@claviger/audit-log';
import { Failure } from '../failure.ts';
import { createLogStore, LOG_KEY_SETTING } from './log-store.ts';
import { openLogSigner, type SigningInstallation } from './signing-key.ts';

/** How often somebody else may be faster. */
const MAX_ATTEMPTS = 5;

/**
 * Seals the log as it is, unless it is sealed: by this process or by one beside it.
 *
 * @returns the newest checkpoint; undefined for an empty log.
 * @throws Failure `data`; AuditLogError `contradiction`.
 */
export async function sealLog(
  installation: SigningInstallation,
): Promise<KeptCheckpoint | undefined> {
  const { store, ambient } = installation;
  const log = createLogStore(store);
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt += 1) {
    const { last } = await log.extent();
    const signer = await openLogSigner(installation);
    const checkpoint = await makeCheckpoint(log, signer, ambient.clock.now());
    if (checkpoint !== undefined || last === 0) return checkpoint;
    const newest = await log.newestCheckpoint();
    if (newest !== undefined && newest.size >= last) return newest;
  }
  throw new Failure('data', 'The audit log cannot be sealed: others are always faster. Try again.');
}

/** The newest checkpoint of a log that has events, and the key by which it is signed. */
export async function sealedLog(installation: SigningInstallation) {
  const checkpoint = await sealLog(installation);
  const key = await installation.store.readSetting(LOG_KEY_SETTING);
  if (checkpoint === undefined || key === undefined) {
    throw new Failure('refused', 'The audit log has no events yet.');
  }
  return { checkpoint, publicKey: parseVerifierKey(key) };
}
