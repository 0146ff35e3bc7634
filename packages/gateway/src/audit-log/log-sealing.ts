import { createCheckpointer, type VerifierKey } from '@claviger/audit-log';
import type { Logger } from 'pino';
import type { Settings } from '../config/settings-schema.ts';
import type { Installation } from '../installation.ts';
import { STEADY_CLOCK } from '../steady-clock.ts';
import type { Timers } from '../timers.ts';
import { checkNewestEvents, recordFindings } from './check-newest.ts';
import { sealLog } from './seal-log.ts';
import { openLogSigner } from './signing-key.ts';

export interface LogSealingDeps {
  readonly log: Logger;
  readonly timers: Timers;
  /** Whether the newest events were whole at the start. */
  onChecked(isWhole: boolean): void;
}

export interface LogSealing {
  /**
   * Makes the signing key where there is none, looks whether the newest events are whole, and begins.
   * Never throws.
   */
  start(): Promise<void>;
  /** Seals what is left. */
  close(): Promise<void>;
}

const SECOND_MS = 1_000;
/** So many are verified at the start, a fraction of a second's work. */
const CHECKED_EVENTS = 5_000;

/**
 * Seals the log while a gateway runs. Without its key, events are recorded and chained all the same: the
 * log of the program says so, and it is tried again.
 */
export function createLogSealing(
  settings: Settings['audit'],
  installation: Installation,
  { log, timers, onChecked }: LogSealingDeps,
): LogSealing {
  const { store, ambient } = installation;
  let failedBefore = '';

  function onFailure(error: unknown): void {
    const message = error instanceof Error ? error.message : String(error);
    // It is looked every second: each reason is told once.
    if (message !== failedBefore) log.error({ err: error }, 'the audit log is not sealed');
    failedBefore = message;
  }

  async function checkNewest(publicKey: VerifierKey | undefined): Promise<void> {
    try {
      const checked = await checkNewestEvents(store, CHECKED_EVENTS, publicKey);
      if (checked === undefined) return;
      const { events, findings } = checked;
      onChecked(findings.length === 0);
      if (findings.length === 0) {
        log.info({ events }, 'the newest events of the audit log are whole');
        return;
      }
      log.error(
        { events, findings: findings.map(({ message }) => message) },
        'the audit log is not whole: `claviger audit verify` with --data-dir says more',
      );
      await recordFindings(
        installation,
        {
          initiator: { kind: 'system' },
          requestURI: 'claviger:/audit/verify',
          correlationId: ambient.randomness.uuid(),
        },
        { findings, findingCount: findings.length },
      );
    } catch (error) {
      log.error({ err: error }, 'the newest events of the audit log could not be verified');
    }
  }

  const checkpointer = createCheckpointer({
    lastSequence: () => store.lastEventSequence(),
    async seal() {
      const checkpoint = await sealLog(installation);
      if (failedBefore !== '') log.info('the audit log is sealed again');
      failedBefore = '';
      return checkpoint?.size;
    },
    now: STEADY_CLOCK.now,
    every: (intervalMs, look) => timers.every(intervalMs, look),
    onFailure,
    maxEvents: settings.checkpoint_events,
    maxAgeMs: settings.checkpoint_seconds * SECOND_MS,
  });

  return {
    async start() {
      let publicKey: VerifierKey | undefined;
      try {
        publicKey = (await openLogSigner(installation)).verifierKey;
      } catch (error) {
        onFailure(error);
      }
      // Before anything more is sealed.
      await checkNewest(publicKey);
      checkpointer.start();
    },
    close: () => checkpointer.close(),
  };
}
