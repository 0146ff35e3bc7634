/**
 * How many objects are in which state. Counting reads an index from end to end, so it is done seldom and
 * never while somebody waits: who asks is told what was counted last.
 */
import type { KeyStore, Predicate } from '@claviger/key-store';
import type { State } from '@claviger/kmip-server';

export interface ObjectCountsDeps {
  readonly store: Pick<KeyStore, 'listAdapters' | 'listObjectSummaries'>;
  whereState(states: readonly State[], nowMs: number): Predicate;
  /** Milliseconds since the epoch. */
  now(): number;
  /** Milliseconds that only go forward. */
  monotonicNow(): number;
}

export interface ObjectCounts {
  /** By state, of all adapters; undefined while they were never counted. Begins to count anew when it is time. */
  latest(): Readonly<Record<State, number>> | undefined;
}

const LEAST_PAUSE_MS = 60_000;
/** Counting takes at most this part of the time. */
const MOST_BUSY = 1 / 200;

const STATES = [
  'PreActive',
  'Active',
  'Deactivated',
  'Compromised',
  'Destroyed',
  'DestroyedCompromised',
] as const satisfies readonly State[];

export function createObjectCounts(deps: ObjectCountsDeps): ObjectCounts {
  const { store, whereState, now, monotonicNow } = deps;
  let counts: Record<State, number> | undefined;
  let isCounting = false;
  let notBefore = Number.NEGATIVE_INFINITY;

  async function count(): Promise<Record<State, number>> {
    const sums: Record<State, number> = {
      PreActive: 0,
      Active: 0,
      Deactivated: 0,
      Compromised: 0,
      Destroyed: 0,
      DestroyedCompromised: 0,
    };
    for (const { id } of await store.listAdapters()) {
      for (const state of STATES) {
        const where = whereState([state], now());
        const { total } = await store.listObjectSummaries(id, { where, offset: 0, limit: 1 });
        sums[state] += total;
      }
    }
    return sums;
  }

  async function refresh(): Promise<void> {
    const begun = monotonicNow();
    isCounting = true;
    try {
      counts = await count();
    } catch {
      counts = undefined; // /readyz says what is wrong with the store
    } finally {
      isCounting = false;
      const ended = monotonicNow();
      notBefore = ended + Math.max(LEAST_PAUSE_MS, (ended - begun) / MOST_BUSY);
    }
  }

  return {
    latest() {
      if (!isCounting && monotonicNow() >= notBefore) void refresh();
      return counts;
    },
  };
}
