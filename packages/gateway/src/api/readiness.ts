/**
 * What has to work before anybody is sent here: the master key wraps and unwraps, and the database takes a
 * write that is durable. Anybody may ask, so the work is done once a second at most.
 */
import type { MasterKey } from '@claviger/key-hierarchy';
import type { KeyStore } from '@claviger/key-store';
import type { HealthChecks } from './health.ts';

export interface ReadinessDeps {
  readonly store: Pick<KeyStore, 'commit'>;
  readonly master: Pick<MasterKey, 'wrap' | 'unwrap'>;
  isListening(): boolean;
  /** Milliseconds since the epoch. */
  now(): number;
  /** Milliseconds that only go forward. */
  monotonicNow(): number;
}

/** The setting that is written; it holds when. */
export const READINESS_SETTING = 'readiness-proven-at';
const GOOD_FOR_MS = 1000;

export function createReadinessChecks(deps: ReadinessDeps): HealthChecks {
  const { store, master, isListening, now, monotonicNow } = deps;
  return {
    store: atMostOnceASecond(monotonicNow, async () => {
      const value = new Date(now()).toISOString();
      const { kind } = await store.commit({
        guards: [],
        changes: [{ kind: 'replace-setting', name: READINESS_SETTING, value }],
        events: [],
      });
      if (kind !== 'committed') throw new Error(`The database took no write: ${kind}.`);
    }),
    masterKey: atMostOnceASecond(monotonicNow, async () => proveMasterKey(master)),
    async listeners() {
      if (!isListening()) throw new Error('The listeners are not up, or are being closed.');
    },
  };
}

/** Whoever asks within a second, or while the check is under way, is told the same, good or bad. */
function atMostOnceASecond(monotonicNow: () => number, check: () => Promise<void>) {
  let last: { readonly result: Promise<void>; endedAt: number } | undefined;
  return (): Promise<void> => {
    if (last !== undefined && monotonicNow() - last.endedAt < GOOD_FOR_MS) return last.result;
    const current = { result: check(), endedAt: Number.POSITIVE_INFINITY };
    const end = () => {
      current.endedAt = monotonicNow();
    };
    current.result.then(end, end);
    last = current;
    return current.result;
  };
}

/** Wraps and unwraps bytes that nobody needs: shows that the key is there and works. */
function proveMasterKey(master: Pick<MasterKey, 'wrap' | 'unwrap'>): void {
  const context = { purpose: 'root-key', rootKeyId: 'readiness' } as const;
  master.unwrap(master.wrap(new Uint8Array(32), context), context);
}
