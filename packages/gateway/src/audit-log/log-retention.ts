import type { Logger } from 'pino';
import type { Settings } from '../config/settings-schema.ts';
import type { Installation } from '../installation.ts';
import type { Timers } from '../timers.ts';
import { carryOutRetention, planRetention } from './retention.ts';

export interface LogRetention {
  /** Begins; nothing is deleted unless the settings say so. */
  start(): void;
  /** Ends after the run under way. */
  close(): Promise<void>;
}

/** Looked at each hour, so that a gateway that is restarted each night does it all the same. */
const INTERVAL_MS = 60 * 60 * 1000;

/** Deletes old events while a gateway runs, as `audit.retention_days` says. */
export function createLogRetention(
  { retention_days: days, sinks }: Settings['audit'],
  installation: Installation,
  { log, timers }: { readonly log: Logger; readonly timers: Timers },
): LogRetention {
  const { randomness } = installation.ambient;
  let running: Promise<void> | undefined;
  let stop: (() => void) | undefined;

  async function run(keptDays: number): Promise<void> {
    const rule = { days: keptDays, sinks: sinks.map(({ name }) => name) };
    const plan = await planRetention(installation, rule);
    const { heldBy, firstSequence, upTo } = plan;
    if (heldBy !== undefined) {
      log.warn(heldBy, 'events are kept although they are older than audit.retention_days');
    }
    if (upTo < firstSequence) return;
    const deleted = await carryOutRetention(
      installation,
      {
        initiator: { kind: 'system' },
        requestURI: 'claviger:/audit/retention',
        correlationId: randomness.uuid(),
      },
      plan,
    );
    log.info({ deleted, upTo }, 'old events were deleted; their hashes stay');
  }

  return {
    start() {
      if (days === undefined) return;
      stop ??= timers.every(INTERVAL_MS, async () => {
        running = run(days).catch((error: unknown) => {
          log.error({ err: error }, 'old events could not be deleted');
        });
        await running;
      });
    },
    async close() {
      stop?.();
      await running;
    },
  };
}
