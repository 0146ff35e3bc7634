import { createCheckpointer } from '@claviger/audit-log';
import type { Logger } from 'pino';
import type { Installation } from '../installation.ts';
import type { Timers } from '../timers.ts';
import { sealLog } from './seal-log.ts';
import { openLogSigner } from './signing-key.ts';

export interface LogSealing {
  /** Makes the signing key where there is none, and begins. Never throws. */
  start(): Promise<void>;
  /** Seals what is left. */
  close(): Promise<void>;
}

/** Events that are sealed at once, and how long one waits for it. */
const MAX_EVENTS = 1_000;
const MAX_AGE_MS = 60_000;

/**
 * Seals the log while a gateway runs. Without its key, events are recorded and chained all the same: the
 * log of the program says so, and it is tried again.
 */
export function createLogSealing(
  installation: Installation,
  { log, timers }: { readonly log: Logger; readonly timers: Timers },
): LogSealing {
  const { store, ambient } = installation;
  let failedBefore = '';

  function onFailure(error: unknown): void {
    const message = error instanceof Error ? error.message : String(error);
    // It is looked every second: each reason is told once.
    if (message !== failedBefore) log.error({ err: error }, 'the audit log is not sealed');
    failedBefore = message;
  }

  const checkpointer = createCheckpointer({
    lastSequence: () => store.lastEventSequence(),
    async seal() {
      const checkpoint = await sealLog(installation);
      if (failedBefore !== '') log.info('the audit log is sealed again');
      failedBefore = '';
      return checkpoint?.size;
    },
    now: () => ambient.clock.now(),
    every: (intervalMs, look) => timers.every(intervalMs, look),
    onFailure,
    maxEvents: MAX_EVENTS,
    maxAgeMs: MAX_AGE_MS,
  });

  return {
    async start() {
      try {
        await openLogSigner(installation);
      } catch (error) {
        onFailure(error);
      }
      checkpointer.start();
    },
    close: () => checkpointer.close(),
  };
}
