/**
 * Announces the end of certificates: a line and an event for each threshold and certificate, once. What
 * was announced is kept in the store together with the event, so that a restart repeats nothing.
 */
import { type AuditEmitter, type AuditEventInput, toLogRecord } from '@claviger/audit-emitter';
import type { KeyStore } from '@claviger/key-store';
import { certificateValidityAt, colonForm, parseFingerprint } from '@claviger/pki';
import { z } from 'zod';

/** A certificate whose end matters. */
export interface WatchedCertificate {
  readonly kind: CertificateKind;
  /** Of the record; what stands in the metrics. */
  readonly id: string;
  readonly name: string;
  /** The adapter that it belongs to, if it does. */
  readonly adapterId: string | undefined;
  readonly fingerprintSha256: string;
  readonly subject: string;
  readonly notBefore: number;
  readonly notAfter: number;
  /** What to do about it, when something else than the kind says. */
  readonly advice?: string | undefined;
}

export type CertificateKind = 'server' | 'issuing-authority' | 'client' | 'client-authority';

/** What ends with the certificate, and what to do. */
const ADVICE: Readonly<Record<CertificateKind, string>> = {
  server:
    'Clients refuse the server then. Put a new certificate for the same key into its file; clients such as vCenter must trust it.',
  'issuing-authority': 'No more client certificates can be issued then. Make a new authority.',
  client:
    'The client is refused then. Give it a new certificate and register that before, with claviger cert add.',
  'client-authority':
    'All clients that it has issued are refused then. Add its successor before, with claviger cert authority add.',
};

export interface ExpiryWatchDeps {
  readonly store: Pick<KeyStore, 'commit' | 'readSetting'>;
  readonly audit: AuditEmitter;
  readonly clock: { now(): number };
  readonly randomness: { uuid(): string };
  readonly log: {
    warn(fields: object, message: string): void;
    error(fields: object, message: string): void;
  };
  /** All certificates, now. */
  certificates(): Promise<readonly WatchedCertificate[]>;
  /** Is told of all of them at each check. */
  onMeasured(certificates: readonly WatchedCertificate[]): void;
}

export interface ExpiryWatch {
  /** Announces what is due. Never throws: what could not be recorded is announced at the next check. */
  check(): Promise<void>;
}

/** Name of the setting that holds what was announced. */
const SETTING = 'announced-certificate-expiry';
const DAY_MS = 24 * 60 * 60 * 1000;
/** The threshold of what has ended. */
const ENDED = 0;

/** By fingerprint, the least threshold in days that was announced. */
type Announced = Readonly<Record<string, number>>;
const AnnouncedText = z.record(z.string(), z.number());

/** @param warnDays - Thresholds, in any order; the end itself is always one. */
export function createExpiryWatch(warnDays: readonly number[], deps: ExpiryWatchDeps): ExpiryWatch {
  const { store, audit, clock, log, randomness } = deps;
  const thresholds = [ENDED, ...warnDays].toSorted((a, b) => a - b);

  async function check(): Promise<void> {
    const now = clock.now();
    const certificates = await deps.certificates();
    deps.onMeasured(certificates);
    const before = parseAnnounced(await store.readSetting(SETTING));
    const after: Record<string, number> = {};
    const due: { readonly certificate: WatchedCertificate; readonly threshold: number }[] = [];
    for (const certificate of certificates) {
      const { fingerprintSha256 } = certificate;
      const last = before[fingerprintSha256];
      const threshold = thresholdOf(certificate, now);
      const isNew = threshold !== undefined && (last === undefined || threshold < last);
      // One certificate may serve twice, as client and as authority: it is announced once.
      if (isNew && after[fingerprintSha256] === undefined) due.push({ certificate, threshold });
      const least = isNew ? threshold : last;
      if (least !== undefined) after[fingerprintSha256] = least;
    }
    if (JSON.stringify(after) === JSON.stringify(before)) return;
    const events = due.flatMap(({ certificate, threshold }) => {
      const event = audit.build(eventOf(certificate, threshold, now));
      return event === undefined
        ? []
        : [{ ...toLogRecord(event), adapterId: certificate.adapterId ?? null }];
    });
    await store.commit({
      guards: [],
      changes: [{ kind: 'replace-setting', name: SETTING, value: JSON.stringify(after) }],
      events,
    });
    for (const { certificate, threshold } of due) announce(certificate, threshold, now);
  }

  /** The least threshold that has been reached. */
  function thresholdOf(certificate: WatchedCertificate, now: number): number | undefined {
    if (certificateValidityAt(certificate, now) === 'expired') return ENDED;
    const days = (certificate.notAfter - now) / DAY_MS;
    return thresholds.find((threshold) => threshold !== ENDED && days <= threshold);
  }

  function announce(certificate: WatchedCertificate, threshold: number, now: number): void {
    const { kind, id, name, adapterId, subject, notAfter, fingerprintSha256 } = certificate;
    const fields = {
      kind,
      id,
      name,
      ...(adapterId !== undefined && { adapterId }),
      subject,
      sha256: colonForm(parseFingerprint(fingerprintSha256)),
      notAfter: new Date(notAfter).toISOString(),
      daysLeft: daysLeft(certificate, now),
      advice: certificate.advice ?? ADVICE[kind],
    };
    log.warn(fields, threshold === ENDED ? 'a certificate has expired' : 'a certificate ends soon');
  }

  function eventOf(
    certificate: WatchedCertificate,
    threshold: number,
    now: number,
  ): AuditEventInput {
    const { kind, id, name, adapterId, notAfter, fingerprintSha256 } = certificate;
    const isRecord = kind === 'client' || kind === 'client-authority';
    return {
      action: 'claviger.certificate-expiry.announce',
      outcome: { kind: 'success' },
      initiator: { kind: 'system' },
      target: isRecord
        ? {
            kind: 'resource',
            resourceType: 'certificate',
            id,
            name,
            parent: adapterId === undefined ? undefined : { type: 'kmip_adapter', id: adapterId },
          }
        : { kind: 'instance', name },
      correlationId: randomness.uuid(),
      requestURI: 'claviger:/certificates',
      adapterId,
      requestData: {
        certificateRole: kind,
        certificateFingerprint: fingerprintSha256,
        notAfter: new Date(notAfter).toISOString(),
        thresholdDays: threshold,
        daysLeft: daysLeft(certificate, now),
        hasExpired: threshold === ENDED,
      },
    };
  }

  return {
    async check() {
      try {
        await check();
      } catch (error) {
        log.error({ err: error }, 'the end of certificates could not be looked at');
      }
    },
  };
}

/** Whole days; 0 on the last one. */
function daysLeft({ notAfter }: WatchedCertificate, now: number): number {
  return Math.max(0, Math.floor((notAfter - now) / DAY_MS));
}

/** What cannot be read was not announced: saying it once more does no harm. */
function parseAnnounced(text: string | undefined): Announced {
  if (text === undefined) return {};
  try {
    return AnnouncedText.catch({}).parse(JSON.parse(text));
  } catch {
    return {};
  }
}
