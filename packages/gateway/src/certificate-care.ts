/** What is done for certificates while a gateway runs: reloading, renewing, announcing their end. */
import { type AuditEmitter, toLogRecord } from '@claviger/audit-emitter';
import type { ClientCertificateIssuer } from '@claviger/management-api';
import type { Logger } from 'pino';
import { createExpiryWatch } from './certificate-expiry.ts';
import type { Settings } from './config/settings-schema.ts';
import type { KeyedInstallation } from './installation.ts';
import type { Metrics } from './metrics/metrics.ts';
import { isMadeHere, needOf, type ServerCertificate } from './server-certificate.ts';
import { certificateFields, createServerCertificateKeeper } from './server-certificate-keeper.ts';
import type { Timers } from './timers.ts';
import { watchedCertificates } from './watched-certificates.ts';

export interface CertificateCareParts {
  readonly installation: KeyedInstallation;
  readonly log: Logger;
  readonly timers: Timers;
  readonly metrics: Pick<Metrics, 'certificates'>;
  /** Signs the certificates of clients. */
  readonly issuer: ClientCertificateIssuer;
  /** Puts the certificate into every listener. */
  replace(certificate: ServerCertificate): void;
}

export interface CertificateCare {
  current(): ServerCertificate;
  reload(): Promise<void>;
  /** Renews what is due and looks at all dates, now and from time to time. Never throws. */
  start(): Promise<void>;
  stop(): void;
}

/** How often the files of the server certificate are looked at. */
const LOOK_INTERVAL_MS = 5_000;
/** How often dates are looked at; thresholds are days. */
const EXPIRY_INTERVAL_MS = 12 * 60 * 60 * 1000;

export function createCertificateCare(
  settings: Settings,
  first: ServerCertificate,
  parts: CertificateCareParts,
): CertificateCare {
  const { installation, log, timers, metrics, issuer } = parts;
  const { store, audit, ambient, directory } = installation;
  const { clock, randomness } = ambient;
  const stops: (() => void)[] = [];

  const keeper = createServerCertificateKeeper(settings, first, {
    directory,
    now: clock.now,
    log,
    async onReplaced(next, previous) {
      parts.replace(next);
      await recordReplacement(next, previous);
    },
  });
  const watch = createExpiryWatch(settings.certificates.warn_days, {
    store,
    audit,
    clock,
    randomness,
    log,
    onMeasured: (certificates) => metrics.certificates(certificates),
    certificates: () =>
      watchedCertificates({
        store,
        serverCertificate: keeper.current,
        isRenewedHere: isMadeHere(settings) && settings.tls.renew,
        issuer,
        onUnreadableAuthority(error) {
          log.error({ err: error }, 'the authority for client certificates cannot be used');
          return undefined;
        },
      }),
  });

  /** The new certificate is in use already: what cannot be recorded is in the log. */
  async function recordReplacement(
    next: ServerCertificate,
    previous: ServerCertificate,
  ): Promise<void> {
    try {
      const events = replacementEvent(audit, next, previous, randomness.uuid());
      await store.commit({ guards: [], changes: [], events });
    } catch (error) {
      log.error({ err: error }, 'the new server certificate could not be recorded');
    }
  }

  async function checkDates(): Promise<void> {
    await keeper.renewWhenDue();
    await watch.check();
  }

  return {
    current: keeper.current,
    async reload() {
      await keeper.reload();
      await watch.check();
    },
    async start() {
      log.info(certificateFields(first), 'this is the server certificate');
      if (isMadeHere(settings) && needOf(first, settings, clock.now()) === 'names-missing') {
        log.warn(
          { path: first.certificatePath },
          'the server certificate lacks a name or address of the configuration: SIGHUP renews it, and clients such as vCenter must trust the new one then',
        );
      }
      await checkDates();
      stops.push(
        timers.every(LOOK_INTERVAL_MS, keeper.look),
        timers.every(EXPIRY_INTERVAL_MS, checkDates),
      );
    },
    stop() {
      for (const stop of stops.splice(0)) stop();
    },
  };
}

function replacementEvent(
  audit: AuditEmitter,
  { certificate }: ServerCertificate,
  { certificate: previous }: ServerCertificate,
  correlationId: string,
) {
  const event = audit.build({
    action: 'claviger.server-certificate.replace',
    outcome: { kind: 'success' },
    initiator: { kind: 'system' },
    target: { kind: 'instance', name: certificate.subject },
    correlationId,
    requestURI: 'claviger:/certificates',
    requestData: { previousFingerprint: previous.fingerprintSha256 },
    responseData: {
      certificateFingerprint: certificate.fingerprintSha256,
      notAfter: new Date(certificate.notAfter).toISOString(),
    },
  });
  return event === undefined ? [] : [{ ...toLogRecord(event), adapterId: null }];
}
