import { handOver } from '@claviger/audit-log';
import { createLogStore } from '../audit-log/log-store.ts';
import { sealLog } from '../audit-log/seal-log.ts';
import { finishRotation, makeNextSigner, openLogSigner } from '../audit-log/signing-key.ts';
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
  const { store, ambient } = installation;
  const from = await openLogSigner(installation);
  const to = await makeNextSigner(installation);
  const texts = { from: from.verifierKey.text, to: to.verifierKey.text };
  await commitDeeds(
    installation,
    administrator,
    {
      changes: [],
      deeds: [
        {
          action: 'claviger.audit-log-key.rotate',
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
      await finishRotation(installation, from.verifierKey.name);
      await sealLog(installation);
      return { ...texts, size: checkpoint.size };
    }
  }
  throw new Failure(
    'refused',
    'The audit log was sealed by somebody else at the same time; its key is as it was. Try again.',
  );
}
