/**
 * Connections that are not let in. Each leaves a log line and an event; a flood of them is counted and
 * recorded in bundles, so that it cannot flood the log.
 */

import {
  createRefusalAggregator,
  type Initiator,
  type RefusalReport,
} from '@claviger/audit-emitter';
import { toEvent } from '../batch/audit-events.ts';
import type { KmipServerDependencies } from '../dependencies.ts';
import { REFUSAL_WORDS, type RefusalReason } from '../principal.ts';

const WINDOW_MS = 60_000;
const MAX_KEYS = 1000;

/** What is known of a peer that is refused. */
export interface RefusedPeer {
  readonly reason: RefusalReason;
  /** For the audit log, in its configured form; undefined when there was no certificate. */
  readonly fingerprint: string | undefined;
  readonly fingerprintSha256: string | undefined;
  readonly fingerprintSha1: string | undefined;
  readonly subject: string | undefined;
  /** For the operational log; the event has it only where the network is public. */
  readonly address: string | undefined;
  readonly adapterId: string | null;
}

export interface Refusals {
  record(peer: RefusedPeer): void;
  /** Records what is still counted. */
  close(): Promise<void>;
}

export function createRefusals(
  { audit, clock, log, randomness, store }: KmipServerDependencies,
  settings: { readonly isPublic: boolean; requestURI(): string },
): Refusals {
  const aggregator = createRefusalAggregator<RefusedPeer>({
    windowMs: WINDOW_MS,
    maxKeys: MAX_KEYS,
    now: clock.now,
  });
  const writing = new Set<Promise<void>>();
  let timer: NodeJS.Timeout | undefined;

  function schedule(): void {
    clearTimeout(timer);
    const at = aggregator.nextDueAt();
    if (at === undefined) return;
    timer = setTimeout(
      () => {
        write(aggregator.due());
        schedule();
      },
      Math.max(0, at - clock.now()),
    );
    timer.unref();
  }

  function write(reports: readonly RefusalReport<RefusedPeer>[]): void {
    const events = reports.flatMap((report) => eventOf(report) ?? []);
    if (events.length === 0) return;
    const written = store
      .commit({ guards: [], changes: [], events })
      .then(() => undefined)
      .catch((error: unknown) => log.error({ err: error }, 'a refusal could not be recorded'))
      .finally(() => writing.delete(written));
    writing.add(written);
  }

  function eventOf({ refusal, count }: RefusalReport<RefusedPeer>) {
    const peer = refusal.detail;
    const hostAddress = settings.isPublic ? peer.address : undefined;
    const initiator: Initiator =
      peer.fingerprint === undefined
        ? { kind: 'anonymous', hostAddress }
        : { kind: 'certificate', fingerprint: peer.fingerprint, hostAddress };
    return toEvent(
      audit,
      {
        action: 'claviger.kmip-connection.refuse',
        outcome: {
          kind: 'failure',
          errorCode: 'authentication-failed',
          reasonText: REFUSAL_WORDS[peer.reason],
        },
        initiator,
        target: { kind: 'instance' },
        correlationId: randomness.uuid(),
        requestURI: settings.requestURI(),
        requestData: {
          refusal: peer.reason,
          attempts: count,
          ...(peer.subject !== undefined && { subject: peer.subject.slice(0, 256) }),
        },
      },
      peer.adapterId,
    );
  }

  return {
    record(peer) {
      const { reason, adapterId, ...known } = peer;
      const reports = aggregator.record({
        fingerprint: peer.fingerprintSha256,
        reason,
        detail: peer,
      });
      // The line is written with the event, so that a flood has no more lines than events.
      for (const { kind, count } of reports) {
        log.warn(
          { ...known, reason, adapterId, kind, attempts: count },
          `a client was refused: ${REFUSAL_WORDS[reason]}`,
        );
      }
      write(reports);
      schedule();
    },
    async close() {
      clearTimeout(timer);
      write(aggregator.close());
      await Promise.all(writing);
    },
  };
}
