import { handOver, type NoteSigner, type VerifierKey } from '@claviger/audit-log';
import { createLogStore } from '../audit-log/log-store.ts';
import { sealLog } from '../audit-log/seal-log.ts';
import {
  finishRotation,
  lostKeyOf,
  makeNextSigner,
  openLogSigner,
} from '../audit-log/signing-key.ts';
import { Failure } from '../failure.ts';
import type { Installation } from '../installation.ts';
import { type Administrator, commitDeeds } from './administrator.ts';

export interface RotatedKey {
  /** Texts of the public keys. */
  readonly from: string;
  readonly to: string;
  /** Of the checkpoint that both signed. */
  readonly size: number;
}

/** How often somebody else may be faster. */
const MAX_ATTEMPTS = 5;

/**
 * Signs the log with a new key from now on. The event that tells of it is sealed by a checkpoint that
 * both keys sign, so that whoever trusts the old key can trust the new one.
 *
 * @throws Failure when the old key is not there, or others are always faster.
 */
export async function rotateAuditKey(
  installation: Installation,
  administrator: Administrator,
): Promise<RotatedKey> {
  const from = await openLogSigner(installation);
  return await goOver(installation, administrator, from, 'claviger.audit-log-key.rotate');
}

/**
 * Signs the log with a new key although the old one is gone. Only the new one signs that: whoever trusts
 * the old key has to be told of the new one.
 *
 * @throws Failure `refused` while the old key is there; others as `rotateAuditKey`.
 */
export async function replaceLostAuditKey(
  installation: Installation,
  administrator: Administrator,
): Promise<RotatedKey> {
  const from = await lostKeyOf(installation);
  return await goOver(installation, administrator, from, 'claviger.audit-log-key.replace');
}

async function goOver(
  installation: Installation,
  administrator: Administrator,
  from: NoteSigner | VerifierKey,
  action: 'claviger.audit-log-key.rotate' | 'claviger.audit-log-key.replace',
): Promise<RotatedKey> {
  const { store, ambient } = installation;
  const to = await makeNextSigner(installation);
  const oldKey = 'verifierKey' in from ? from.verifierKey : from;
  const texts = { from: oldKey.text, to: to.verifierKey.text };
  await commitDeeds(
    installation,
    administrator,
    {
      changes: [],
      deeds: [
        {
          action,
          target: { kind: 'instance', name: to.verifierKey.keyId },
          requestData: { oldPublicKey: texts.from, newPublicKey: texts.to },
        },
      ],
    },
    () => 'The store refused the event.',
  );
  const log = createLogStore(store);
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt += 1) {
    const checkpoint = await handOver(log, { from, to }, ambient.clock.now());
    if (checkpoint !== undefined) {
      await finishRotation(installation, oldKey.name);
      await sealLog(installation);
      return { ...texts, size: checkpoint.size };
    }
  }
  throw new Failure(
    'refused',
    'The audit log was sealed by somebody else at the same time; its key is as it was. Try again.',
  );
}
