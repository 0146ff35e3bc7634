/** The composition root: wires the rooms together, starts them in order and stops them in reverse. */
import type { Writable } from 'node:stream';
import { storedObjects } from '@claviger/kmip-server';
import type { Logger } from 'pino';
import { createHealthHandlers } from './api/health.ts';
import { managementApiOf } from './api/management-api-of.ts';
import { createReadinessChecks } from './api/readiness.ts';
import { openTokenSigningKey } from './api/token-signing-key.ts';
import { createAuditAlerts } from './audit-alerts/audit-alerts.ts';
import { recordLag } from './audit-alerts/lag-record.ts';
import { createAuditDelivery } from './audit-delivery/audit-delivery.ts';
import { createLogRetention } from './audit-log/log-retention.ts';
import { createLogSealing } from './audit-log/log-sealing.ts';
import { createCertificateCare } from './certificate-care.ts';
import { clientAuthorityOf } from './client-authority.ts';
import type { Endpoint } from './config/endpoint.ts';
import type { Settings } from './config/settings-schema.ts';
import { makeInstallationAlone } from './gateway-lock.ts';
import type { Ambient, KeyedInstallation } from './installation.ts';
import { kmipServerOf } from './kmip-server-of.ts';
import { listenFailure } from './listen-failure.ts';
import { listenOnSocket } from './local-api.ts';
import { createMetrics } from './metrics/metrics.ts';
import { createMetricsHandler, metricsAccessOf } from './metrics/metrics-handler.ts';
import { createObjectCounts } from './metrics/object-counts.ts';
import { createMigrationLog } from './migration-log.ts';
import { PRODUCT } from './product.ts';
import { loadServerCertificate, type ServerCertificate } from './server-certificate.ts';
import { serverToClientOf } from './server-to-client/server-to-client-of.ts';
import { STEADY_CLOCK } from './steady-clock.ts';
import { assertFitsSuiteB } from './suite-b-certificate.ts';
import { systemTimers, type Timers } from './timers.ts';
import { findTracer } from './traces/find-tracer.ts';
import { traceApi } from './traces/trace-api.ts';
import { traceKmip } from './traces/trace-kmip.ts';
import { traceStore } from './traces/trace-store.ts';

export interface GatewayDeps extends Ambient {
  readonly log: Logger;
  /** Those of the runtime unless told. */
  readonly timers?: Timers | undefined;
  /** Where a sink of type `stdout` writes; standard output unless told. */
  readonly stdout?: Writable | undefined;
}

/** What is listened on; ports are the real ones. */
export interface GatewayAddresses {
  readonly kmip: readonly Endpoint[];
  readonly api: Endpoint;
}

export interface Gateway {
  readonly installation: KeyedInstallation;
  /** What the listeners show now. */
  readonly serverCertificate: ServerCertificate;
  /** @throws Failure `address`; nothing listens then. */
  listen(): Promise<GatewayAddresses>;
  /**
   * Reads the server certificate again, for connections from now on; one that was made here is renewed
   * before, when it ends soon or lacks a name. Never throws: the log says what became of it.
   */
  reloadCertificate(): Promise<void>;
  /** Accepts nothing more, finishes what was begun, closes everything. */
  close(): Promise<void>;
}

/**
 * Opens the data directory, making it where there is none, and puts the servers together.
 *
 * @throws Failure, or the errors of the rooms, which `describeFailure` puts into words.
 */
export async function createGateway(settings: Settings, deps: GatewayDeps): Promise<Gateway> {
  const installation = await makeInstallationAlone(
    settings,
    deps,
    createMigrationLog(deps.log, STEADY_CLOCK.now),
  );
  try {
    return await assemble(settings, deps, installation);
  } catch (error) {
    await installation.close();
    throw error;
  }
}

async function assemble(
  settings: Settings,
  { log, clock, randomness, timers = systemTimers(), stdout = process.stdout }: GatewayDeps,
  installation: KeyedInstallation,
): Promise<Gateway> {
  const { store, commits, directory } = installation;
  const certificate = await loadServerCertificate(settings, directory, clock.now);
  assertFitsSuiteB(settings.kmip.listeners, certificate);
  const tls = { cert: certificate.cert, key: certificate.key };
  const issuer = await clientAuthorityOf(settings, directory, clock.now);
  await issuer.authority(); // a wrong one is told of now, not when somebody needs it
  const { tokenSigningKeyPath, apiSocketPath } = directory;
  const tokenSigningKey = await openTokenSigningKey(tokenSigningKeyPath, randomness.uuid);
  const clocks = { now: clock.now, monotonicNow: () => performance.now() };
  const { whereState } = storedObjects;
  const metrics = createMetrics({
    ...clocks,
    store,
    version: PRODUCT.serverVersion,
    objectCounts: createObjectCounts({ ...clocks, store, whereState }).latest,
  });

  const delivery = createAuditDelivery(settings.audit.sinks, {
    store,
    commits,
    now: clock.now,
    random: () => fractionOf(randomness.bytes(4)),
    log,
    stdout,
    observer: recordLag(metrics.sinks, installation, log),
  });

  const alerts = createAuditAlerts(settings, installation, log);

  const endpoints = settings.kmip.client_endpoints;
  const serverToClient = await serverToClientOf(endpoints, installation, log);
  const tracer = findTracer();
  const served =
    tracer === undefined ? installation : { ...installation, store: traceStore(store, tracer) };
  const observer = tracer === undefined ? metrics.kmip : traceKmip(metrics.kmip, tracer);
  const shared = { installation: served, log, tls, observer, serverToClient };
  const listeners = settings.kmip.listeners.map((listener) => ({
    listener,
    server: kmipServerOf(listener, settings, shared),
  }));
  let isListening = false;
  const { master } = installation;
  const readiness = { ...clocks, store, master, isListening: () => isListening };
  const health = createHealthHandlers(
    createReadinessChecks(readiness),
    log,
    metrics.readinessChecked,
  );
  const api = await managementApiOf(settings, log, served, {
    tls,
    health: {
      ...health,
      metrics: createMetricsHandler(await metricsAccessOf(settings.api), metrics, log),
    },
    tokenSigningKey: async () => tokenSigningKey,
    clientCertificates: issuer,
    clientEndpoints: async () => serverToClient.operator,
    onAnswered: metrics.apiAnswered,
    watchRequest: tracer && traceApi(tracer),
  });
  const care = createCertificateCare(settings, certificate, {
    installation,
    log,
    timers,
    metrics,
    issuer,
    replace(next) {
      assertFitsSuiteB(settings.kmip.listeners, next);
      const { cert, key } = next;
      for (const { server } of listeners) server.replaceCertificate({ cert, key });
      api.replaceCertificate({ cert, key });
    },
  });

  const sealing = createLogSealing(settings.audit, installation, {
    log,
    timers,
    onChecked: metrics.logChecked,
  });
  const retention = createLogRetention(settings.audit, installation, { log, timers });

  async function listen(): Promise<GatewayAddresses> {
    await sealing.start();
    delivery.start();
    alerts.start();
    retention.start();
    await care.start();
    const kmip: Endpoint[] = [];
    for (const [index, { listener, server }] of listeners.entries()) {
      const setting = `--kmip (setting kmip.listeners[${index}])`;
      kmip.push(await listenOn('KMIP', setting, listener, () => server.listen()));
    }
    const endpoint = await listenOn('The API', '--api (setting api)', settings.api, () =>
      api.listen(settings.api),
    );
    await listenOnSocket(api, apiSocketPath, log);
    isListening = true;
    for (const { host, port } of kmip) log.info({ host, port }, 'KMIP is listened for');
    log.info({ host: endpoint.host, port: endpoint.port }, 'the API is listened for');
    if (settings.api.oidc.length === 0 && (await store.listApiKeys()).length === 0) {
      const command = `claviger apikey create --role Manager --data-dir ${directory.path}`;
      log.info(
        { command },
        'nobody can log in at the API yet: the command makes the first API key',
      );
    }
    return { kmip, api: endpoint };
  }

  let closing: Promise<void> | undefined;
  function close(): Promise<void> {
    closing ??= closeEverything();
    return closing;
  }

  async function closeEverything(): Promise<void> {
    isListening = false;
    care.stop();
    // All at once: a listener that failed to start must not keep the others open.
    await Promise.all([...listeners.map(({ server }) => server.close()), api.close()]);
    await serverToClient.close();
    await retention.close();
    await alerts.close();
    await delivery.close();
    await sealing.close();
    await installation.close();
  }

  return {
    installation,
    get serverCertificate() {
      return care.current();
    },
    async listen() {
      try {
        return await listen();
      } catch (error) {
        await close();
        throw error;
      }
    },
    reloadCertificate: () => care.reload(),
    close,
  };
}

async function listenOn(
  what: string,
  setting: string,
  { host, port }: Endpoint,
  listen: () => Promise<Endpoint>,
): Promise<Endpoint> {
  try {
    return await listen();
  } catch (cause) {
    throw listenFailure(what, setting, { host, port }, cause);
  }
}

/** From 0 up to 1. */
function fractionOf(bytes: Uint8Array): number {
  return bytes.reduceRight((fraction, byte) => (fraction + byte) / 256, 0);
}
