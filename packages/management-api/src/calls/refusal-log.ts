/**
 * Refusals of strangers. Anybody can cause them as often as they like, so they must not be able to fill
 * the log: the first of a peer and reason is recorded at once, what follows within a minute is counted
 * and recorded as one event. No count is lost while the process lives.
 */

import {
  type AuditAction,
  type AuditEmitter,
  type AuditEventInput,
  createRefusalAggregator,
  formatEventTime,
  type RefusalReport,
} from '@claviger/audit-emitter';
import type { KeyStore, NewEvent } from '@claviger/key-store';
import type { Clock, Logger } from '../dependencies.ts';
import type { EventFacts } from './call.ts';
import { type CallHeader, callEvent } from './call-events.ts';

/** What the event of a refusal is made of; whoever was refused has no name. */
export interface RefusedRequest {
  readonly header: CallHeader;
  readonly action: AuditAction;
  readonly outcome: AuditEventInput['outcome'] & { readonly kind: 'failure' };
  readonly facts: EventFacts;
}

export interface RefusalLog {
  /**
   * Counts a refusal. When it returns, what is to be told now is durable.
   *
   * @param peer - From where it came; told apart, and not told by the event.
   * @param reason - One of a few fixed words.
   * @throws StoreError.
   */
  record(peer: string, reason: string, refused: RefusedRequest): Promise<void>;
  /** Records what is only counted yet. */
  close(): Promise<void>;
}

export interface RefusalLogDependencies {
  readonly store: Pick<KeyStore, 'commit'>;
  readonly audit: AuditEmitter;
  readonly clock: Clock;
  readonly log: Logger;
}

const WINDOW_MS = 60_000;
/** With this many peers and reasons, a minute of any flood costs about two thousand events. */
const MAX_KEYS = 1000;

export function createRefusalLog({ store, audit, clock, log }: RefusalLogDependencies): RefusalLog {
  const aggregator = createRefusalAggregator<RefusedRequest>({
    windowMs: WINDOW_MS,
    maxKeys: MAX_KEYS,
    now: clock.now,
  });
  let timer: NodeJS.Timeout | undefined;
  let isClosed = false;

  function schedule(): void {
    const at = aggregator.nextDueAt();
    if (timer !== undefined || at === undefined || isClosed) return;
    // A clock that was set back must not make the timer overflow, which would fire it at once.
    const delay = Math.min(Math.max(0, at - clock.now()), WINDOW_MS);
    timer = setTimeout(() => {
      timer = undefined;
      void tellLater(aggregator.due()).then(schedule);
    }, delay);
    timer.unref();
  }

  async function tell(reports: readonly RefusalReport<RefusedRequest>[]): Promise<void> {
    const events = reports.flatMap((report) => eventsOf(audit, report));
    if (events.length > 0) await store.commit({ guards: [], changes: [], events });
  }

  /** Nobody waits for the answer: what cannot be recorded is at least said. */
  async function tellLater(reports: readonly RefusalReport<RefusedRequest>[]): Promise<void> {
    try {
      await tell(reports);
    } catch (err) {
      const attempts = reports.reduce((sum, { count }) => sum + count, 0);
      log.error({ err, attempts }, 'refusals of strangers could not be recorded');
    }
  }

  return {
    async record(peer, reason, detail) {
      const reports = aggregator.record({ fingerprint: undefined, peer, reason, detail });
      const rest = isClosed ? aggregator.close() : [];
      schedule();
      await tell([...reports, ...rest]);
    },
    async close() {
      isClosed = true;
      clearTimeout(timer);
      await tellLater(aggregator.close());
    },
  };
}

function eventsOf(
  audit: AuditEmitter,
  { kind, refusal, count, firstAt, lastAt }: RefusalReport<RefusedRequest>,
): readonly NewEvent[] {
  const { header, action, outcome, facts } = refusal.detail;
  if (kind === 'first') return callEvent(audit, header, undefined, action, outcome, facts);
  const requestData = {
    ...facts.requestData,
    attempts: count,
    firstAttempt: formatEventTime(firstAt),
    lastAttempt: formatEventTime(lastAt),
    // The request shown is the latest of them.
    ...(kind === 'overflow' ? { severalPeers: true } : {}),
  };
  return callEvent(audit, header, undefined, action, outcome, { ...facts, requestData });
}
