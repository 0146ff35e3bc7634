import type { MigrationProgress } from '@claviger/key-store';
import type { Logger } from 'pino';

const PAUSE_MS = 5_000;

/**
 * Tells the operational log how far the store is when it brings itself up to date: at the beginning, at
 * the end, and every five seconds between, so that a start of minutes looks like none that hangs.
 *
 * @param monotonicNow - Answers milliseconds.
 */
export function createMigrationLog(
  log: Pick<Logger, 'info'>,
  monotonicNow: () => number,
): (progress: MigrationProgress) => void {
  let toldAt: number | undefined;
  return ({ name, done, total }) => {
    const isDue = toldAt === undefined || monotonicNow() - toldAt >= PAUSE_MS;
    if (!isDue && done < total) return;
    toldAt = monotonicNow();
    log.info(
      { migration: name, done, total },
      done < total
        ? 'the key store is brought to this version; a stop leaves it as it was'
        : 'the key store is brought to this version: all objects are read, and the rest is written',
    );
  };
}
