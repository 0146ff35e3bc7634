/**
 * Connections that are not let in. Each leaves a log line, an event, and its certificate in the list of
 * those that were refused, from which an administrator may trust it. A flood of them is counted and
 * recorded in bundles, so that it cannot flood the log.
 */

import type { Initiator, RefusalReport } from '@claviger/audit-emitter';
import type { Change, NewEvent } from '@claviger/key-store';
import { toEvent, withoutPem } from '../batch/audit-events.ts';
import type { KmipServerDependencies } from '../dependencies.ts';
import { REFUSAL_WORDS, type RefusalReason } from '../principal.ts';
import { createAggregation } from './aggregation.ts';
import type { Peer } from './peer.ts';

export interface Refusals {
  /** Never throws. */
  record(peer: Peer, reason: RefusalReason, adapterId: string | null): void;
  /** Records what is still counted. */
  close(): Promise<void>;
}

interface RefusedPeer {
  readonly peer: Peer;
  readonly reason: RefusalReason;
  readonly adapterId: string | null;
}

/** Longest subject of a certificate that is shown; the peer made it up. */
const MAX_SUBJECT_LENGTH = 256;

/** Longest certificate that is kept in the list; none that a client works with comes near. */
const MAX_PEM_LENGTH = 16 * 1024;

interface RefusalsDependencies extends Pick<KmipServerDependencies, 'audit' | 'clock' | 'log'> {
  readonly store: Pick<KmipServerDependencies['store'], 'commit'>;
  readonly randomness: Pick<KmipServerDependencies['randomness'], 'uuid'>;
}

export function createRefusals(
  dependencies: RefusalsDependencies,
  settings: {
    /** What events say of where a peer is. */
    shownAddress(address: string | undefined): string | undefined;
    requestURI(): string;
  },
): Refusals {
  const { audit, clock, log, randomness, store } = dependencies;
  const writing = new Set<Promise<void>>();
  const aggregation = createAggregation<RefusedPeer>(clock, (reports) => {
    try {
      // The line is written with the event, so that a flood has no more lines than events.
      for (const report of reports) logRefusal(report);
      write(
        reports.flatMap((report) => eventOf(report) ?? []),
        reports.flatMap((report) => listingOf(report) ?? []),
      );
    } catch (error) {
      fail(error); // it may be a timer that called
    }
  });

  function logRefusal({ kind, refusal, count }: RefusalReport<RefusedPeer>): void {
    const { reason, adapterId } = refusal.detail;
    const { certificate: _, ...peer } = refusal.detail.peer;
    log.warn(
      { ...peer, subject: shownSubject(peer), reason, adapterId, kind, attempts: count },
      `a client was refused: ${REFUSAL_WORDS[reason]}`,
    );
  }

  function write(events: readonly NewEvent[], changes: readonly Change[]): void {
    if (events.length === 0 && changes.length === 0) return;
    const written = store
      .commit({ guards: [], changes, events })
      .then(() => undefined)
      .catch(fail)
      .finally(() => writing.delete(written));
    writing.add(written);
  }

  function fail(error: unknown): void {
    log.error({ err: error }, 'a refusal could not be recorded');
  }

  function eventOf({ refusal, count }: RefusalReport<RefusedPeer>): NewEvent | undefined {
    const { peer, reason, adapterId } = refusal.detail;
    const hostAddress = settings.shownAddress(peer.address);
    const initiator: Initiator =
      peer.fingerprint === undefined
        ? { kind: 'anonymous', hostAddress }
        : { kind: 'certificate', fingerprint: peer.fingerprint, hostAddress };
    const subject = shownSubject(peer);
    return toEvent(
      audit,
      {
        action: 'claviger.kmip-connection.refuse',
        outcome: {
          kind: 'failure',
          errorCode: 'authentication-failed',
          reasonText: REFUSAL_WORDS[reason],
        },
        initiator,
        target: { kind: 'instance' },
        correlationId: randomness.uuid(),
        requestURI: settings.requestURI(),
        requestData: {
          refusal: reason,
          attempts: count,
          ...(subject !== undefined && { subject }),
        },
      },
      adapterId,
    );
  }

  function listingOf({ kind, refusal, ...report }: RefusalReport<RefusedPeer>): Change | undefined {
    const { peer, reason, adapterId } = refusal.detail;
    const { fingerprintSha256, fingerprintSha1, certificate, address = '' } = peer;
    const pem = certificate?.toString();
    if (fingerprintSha256 === undefined || fingerprintSha1 === undefined) return undefined;
    if (pem === undefined || pem.length > MAX_PEM_LENGTH) return undefined;
    // An overflow counts several certificates, of which this is the latest.
    const isOfSeveral = kind === 'overflow';
    return {
      kind: 'record-refused-certificate',
      refused: {
        fingerprintSha256,
        fingerprintSha1,
        subject: shownSubject(peer) ?? '',
        pem,
        reason: REFUSAL_WORDS[reason],
        address,
        adapterId,
        listener: settings.requestURI(),
        firstAt: isOfSeveral ? report.lastAt : report.firstAt,
        lastAt: report.lastAt,
        attempts: isOfSeveral ? 1 : report.count,
      },
    };
  }

  return {
    record(peer, reason, adapterId) {
      // What is read only now and cannot be costs this refusal, and none that is reported with it.
      const detail = { peer: { ...peer }, reason, adapterId };
      aggregation.record({ fingerprint: peer.fingerprintSha256, reason, detail });
    },
    async close() {
      aggregation.close();
      await Promise.all(writing);
    },
  };
}

function shownSubject({ subject }: Pick<Peer, 'subject'>): string | undefined {
  return subject === undefined ? undefined : withoutPem(subject.slice(0, MAX_SUBJECT_LENGTH));
}
