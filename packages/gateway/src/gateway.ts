/** The composition root: wires the rooms together, starts them in order and stops them in reverse. */
import { createKmipServer, type KmipServer } from '@claviger/kmip-server';
import type { TokenSigningKey } from '@claviger/management-api';
import { certificateValidityAt } from '@claviger/pki';
import type { Logger } from 'pino';
import { createHealthHandlers } from './api/health.ts';
import { managementApiOf } from './api/management-api-of.ts';
import { openTokenSigningKey } from './api/token-signing-key.ts';
import type { Endpoint } from './config/endpoint.ts';
import type { ListenerSettings, Settings } from './config/settings-schema.ts';
import { type Ambient, type KeyedInstallation, makeInstallation } from './installation.ts';
import { listenFailure } from './listen-failure.ts';
import { PRODUCT } from './product.ts';
import { loadServerCertificate, type ServerCertificate } from './server-certificate.ts';

export interface GatewayDeps extends Ambient {
  readonly log: Logger;
}

/** What is listened on; ports are the real ones. */
export interface GatewayAddresses {
  readonly kmip: readonly Endpoint[];
  readonly api: Endpoint;
}

export interface Gateway {
  readonly installation: KeyedInstallation;
  readonly serverCertificate: ServerCertificate;
  /** @throws Failure `address`; nothing listens then. */
  listen(): Promise<GatewayAddresses>;
  /** Accepts nothing more, finishes what was begun, closes everything. */
  close(): Promise<void>;
}

/**
 * Opens the data directory, making it where there is none, and puts the servers together.
 *
 * @throws Failure, or the errors of the rooms, which `describeFailure` puts into words.
 */
export async function createGateway(settings: Settings, deps: GatewayDeps): Promise<Gateway> {
  const { clock } = deps;
  const installation = await makeInstallation(settings, deps);
  try {
    const serverCertificate = await loadServerCertificate(
      settings.tls,
      installation.directory,
      clock.now,
    );
    warnOfExpiry(serverCertificate, deps);
    const tokenSigningKey = await openTokenSigningKey(
      installation.directory.tokenSigningKeyPath,
      deps.randomness.uuid,
    );
    return assemble(settings, deps, installation, { serverCertificate, tokenSigningKey });
  } catch (error) {
    await installation.close();
    throw error;
  }
}

/** By what the servers prove who they are. */
interface Credentials {
  readonly serverCertificate: ServerCertificate;
  readonly tokenSigningKey: TokenSigningKey;
}

function assemble(
  settings: Settings,
  deps: GatewayDeps,
  installation: KeyedInstallation,
  credentials: Credentials,
): Gateway {
  const { log } = deps;
  const { serverCertificate } = credentials;
  const listeners = settings.kmip.listeners.map((listener) => ({
    listener,
    server: kmipServerOf(listener, settings, deps, installation, serverCertificate),
  }));
  let isListening = false;
  const health = createHealthHandlers(
    {
      async store() {
        await installation.store.lastEventSequence();
      },
      async masterKey() {
        proveMasterKey(installation);
      },
      async listeners() {
        if (!isListening) throw new Error('The listeners are not up, or are being closed.');
      },
    },
    log,
  );
  const { cert, key } = serverCertificate;
  const api = managementApiOf(settings, log, installation, {
    tls: { cert, key },
    health,
    tokenSigningKey: async () => credentials.tokenSigningKey,
  });

  async function listen(): Promise<GatewayAddresses> {
    const kmip: Endpoint[] = [];
    for (const [index, { listener, server }] of listeners.entries()) {
      const setting = `--kmip (setting kmip.listeners[${index}])`;
      kmip.push(await listenOn('KMIP', setting, listener, () => server.listen()));
    }
    const endpoint = await listenOn('The API', '--api (setting api)', settings.api, () =>
      api.listen(settings.api),
    );
    isListening = true;
    for (const { host, port } of kmip) log.info({ host, port }, 'KMIP is listened for');
    log.info({ host: endpoint.host, port: endpoint.port }, 'the API is listened for');
    return { kmip, api: endpoint };
  }

  let closing: Promise<void> | undefined;
  async function close(): Promise<void> {
    isListening = false;
    // All at once: a listener that failed to start must not keep the others open.
    await Promise.all([...listeners.map(({ server }) => server.close()), api.close()]);
    await installation.close();
  }

  return {
    installation,
    serverCertificate,
    async listen() {
      try {
        return await listen();
      } catch (error) {
        await close();
        throw error;
      }
    },
    close() {
      closing ??= close();
      return closing;
    },
  };
}

function kmipServerOf(
  listener: ListenerSettings,
  settings: Settings,
  deps: GatewayDeps,
  { store, keys, audit }: KeyedInstallation,
  { cert, key }: ServerCertificate,
): KmipServer {
  return createKmipServer(
    { store, keys, audit, clock: deps.clock, randomness: deps.randomness, log: deps.log },
    {
      host: listener.host,
      port: listener.port,
      network: listener.network,
      tls: { cert, key },
      fingerprintAlgorithm: settings.audit.fingerprint_algorithm,
      identity: PRODUCT,
      limits: {
        maxMessageBytes: listener.max_message_bytes,
        maxConnections: listener.max_connections,
        maxConnectionsPerCertificate: listener.max_connections_per_certificate,
        handshakeTimeoutMs: listener.handshake_timeout_ms,
        idleTimeoutMs: listener.idle_timeout_ms,
        writeTimeoutMs: listener.write_timeout_ms,
        maxQueuedRequests: listener.max_queued_requests,
        shutdownTimeoutMs: listener.shutdown_timeout_ms,
      },
      ...(listener.public_name !== undefined && { publicName: listener.public_name }),
    },
  );
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

/** Wraps and unwraps bytes that nobody needs: shows that the key is there and works. */
function proveMasterKey({ master }: KeyedInstallation): void {
  const context = { purpose: 'root-key', rootKeyId: 'readiness' } as const;
  master.unwrap(master.wrap(new Uint8Array(32), context), context);
}

const WARN_BEFORE_MS = 30 * 24 * 60 * 60 * 1000;

function warnOfExpiry({ certificate, certificatePath }: ServerCertificate, deps: GatewayDeps) {
  const now = deps.clock.now();
  const validity = certificateValidityAt(certificate, now);
  const fields = {
    path: certificatePath,
    notBefore: new Date(certificate.notBefore).toISOString(),
    notAfter: new Date(certificate.notAfter).toISOString(),
  };
  if (validity !== 'valid') {
    deps.log.warn(fields, `the server certificate is ${validity}: clients may refuse it`);
  } else if (certificate.notAfter - now < WARN_BEFORE_MS) {
    deps.log.warn(fields, 'the server certificate expires soon: renew it with the same key');
  }
}
