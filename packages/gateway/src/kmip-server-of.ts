import {
  createKmipServer,
  type KmipServer,
  type KmipServerObserver,
  type ServerToClient,
  type TlsIdentity,
} from '@claviger/kmip-server';
import type { Logger } from 'pino';
import { inRanges } from './config/address-ranges.ts';
import type { ListenerSettings, Settings } from './config/settings-schema.ts';
import type { KeyedInstallation } from './installation.ts';
import { PRODUCT } from './product.ts';
import { STEADY_CLOCK } from './steady-clock.ts';

/** What listeners share. */
export interface ListenerParts {
  readonly installation: KeyedInstallation;
  readonly log: Logger;
  readonly tls: TlsIdentity;
  readonly observer: KmipServerObserver;
  readonly serverToClient: ServerToClient;
}

/** The KMIP server of one listener. */
export function kmipServerOf(
  listener: ListenerSettings,
  settings: Pick<Settings, 'api' | 'audit' | 'kmip'>,
  { installation, log, tls, observer, serverToClient }: ListenerParts,
): KmipServer {
  const { store, keys, audit, ambient } = installation;
  const { clock, randomness } = ambient;
  return createKmipServer(
    {
      ...{ store, keys, audit, clock, randomness, log, observer, serverToClient },
      steadyClock: STEADY_CLOCK,
    },
    {
      host: listener.host,
      port: listener.port,
      transport: listener.transport,
      network: listener.network,
      isPrivateAddress: inRanges(listener.private_cidrs),
      isTrustedProxy: inRanges(listener.trusted_proxies),
      tls,
      oldClients: listener.old_clients,
      suiteB: listener.suite_b,
      isForTests: settings.kmip.for_tests,
      reProvisions: settings.kmip.re_provision,
      rngSeed: settings.kmip.rng_seed,
      allowWeakCertificates: settings.api.allow_weak_certificates,
      fingerprintAlgorithm: settings.audit.fingerprint_algorithm,
      identity: PRODUCT,
      limits: {
        maxMessageBytes: listener.max_message_bytes,
        maxConnections: listener.max_connections,
        maxConnectionsPerCertificate: listener.max_connections_per_certificate,
        maxHandshakesPerAddress: listener.max_handshakes_per_address,
        handshakesPerTurn: listener.handshakes_per_turn,
        handshakeTimeoutMs: listener.handshake_timeout_ms,
        idleTimeoutMs: listener.idle_timeout_ms,
        writeTimeoutMs: listener.write_timeout_ms,
        maxQueuedRequests: listener.max_queued_requests,
        maxRequestsInWork: listener.max_requests_in_work,
        maxRequestsInWorkPerCertificate: listener.max_requests_in_work_per_certificate,
        maxRequestsInWorkAmongOthers: listener.max_requests_in_work_among_others,
        maxWaitingRequestsPerCertificate: listener.max_waiting_requests_per_certificate,
        maxRequestWaitMs: listener.max_request_wait_ms,
        overloadLagMs: listener.overload_lag_ms,
        shutdownTimeoutMs: listener.shutdown_timeout_ms,
      },
      ...(listener.public_name !== undefined && { publicName: listener.public_name }),
    },
  );
}
