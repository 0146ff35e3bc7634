/**
 * The KMIP listener: mutual TLS, one principal a connection, limits, orderly shutdown.
 *
 * The client's certificate is judged after the handshake, by its fingerprint: vCenter's is self-signed
 * as a rule. One that is not registered may come from an authority that is; longer chains are not built.
 * That the client has the private key is what TLS proves.
 */

import { performance } from 'node:perf_hooks';
import type { TLSSocket } from 'node:tls';
import type { Version } from '@claviger/kmip-protocol';
import { certificateValidityAt, type FingerprintAlgorithm } from '@claviger/pki';
import type { TtlvError } from '@claviger/ttlv-codec';
import { createMessageProcessor, type MessageSource } from './batch/process-message.ts';
import type { RngSeedPolicy } from './cryptography/seedable-randomness.ts';
import type { KmipServerDependencies } from './dependencies.ts';
import { createFairTurns, type Turn } from './fairness/fair-turns.ts';
import { type LoadWatch, watchLoad } from './fairness/load-watch.ts';
import { overloadError } from './fairness/overload-error.ts';
import { findClient, findClientAgain } from './find-client.ts';
import { createMessageEncodings } from './https/message-encoding.ts';
import { serveHttps } from './https/serve-https.ts';
import { DEFAULT_KMIP_SERVER_LIMITS, type KmipServerLimits } from './limits.ts';
import { offeredOperations } from './operations/index.ts';
import type { ServerIdentity } from './operations/operation-handler.ts';
import type { RefusalReason } from './principal.ts';
import { type ClientChannel, createClientChannel } from './transport/client-channel.ts';
import {
  type Connection,
  type ConnectionOptions,
  serveConnection,
} from './transport/connection.ts';
import { createFloodLog } from './transport/flood-log.ts';
import { type Peer, peerOf } from './transport/peer.ts';
import { createRefusals } from './transport/refusals.ts';
import { createTlsListener } from './transport/tls-listener.ts';
import type { SuiteB, TlsIdentity } from './transport/tls-options.ts';

export interface KmipServerOptions {
  readonly host: string;
  /** 0 for any free port. */
  readonly port: number;
  /** Events of a public listener carry the address of the client, those of a private one do not. */
  readonly network: 'private' | 'public';
  /** Clients of a public listener that come over a private network all the same. */
  isPrivateAddress?(address: string): boolean;
  /**
   * Balancers that say by the PROXY protocol (version 2) for whom they speak. They must: what they send
   * without it is closed. Nobody else is asked.
   */
  isTrustedProxy?(address: string): boolean;
  /** How messages travel: as they are, or in the bodies of `POST /kmip`. Default: `ttlv`. */
  readonly transport?: 'ttlv' | 'https' | undefined;
  readonly tls: TlsIdentity;
  /** Opens cipher suites without forward secrecy to clients that have nothing better. Default: false. */
  readonly oldClients?: boolean | undefined;
  /** Limits TLS to a level of Suite B; the certificate of the server must fit it. */
  readonly suiteB?: SuiteB | undefined;
  /** What becomes of the seeds that clients send (RNG Seed). Default: `ignore`. */
  readonly rngSeed?: RngSeedPolicy | undefined;
  /** Lets in weak certificates that a client authority has issued. Default: false. */
  readonly allowWeakCertificates?: boolean | undefined;
  /** Offers Interop, by which test suites say what they do. Default: false. */
  readonly isForTests?: boolean | undefined;
  /** Lets clients replace the certificates that let them in. Default: false. */
  readonly reProvisions?: boolean | undefined;
  /** Of the fingerprint that the audit log shows. Certificates are always matched by SHA-256. */
  readonly fingerprintAlgorithm: FingerprintAlgorithm;
  readonly identity: ServerIdentity;
  readonly limits?: Partial<KmipServerLimits>;
  /** `host:port` by which clients reach the listener, for the events; the address listened on unless told. */
  readonly publicName?: string;
}

export interface ListeningAddress {
  readonly host: string;
  readonly port: number;
}

export interface KmipServer {
  /** @throws what node:net throws, e.g. `EADDRINUSE`. */
  listen(): Promise<ListeningAddress>;
  /**
   * Another certificate for connections from now on; those that are open go on.
   *
   * @throws what node:tls throws for PEM that is damaged or does not belong together; the old one stays.
   */
  replaceCertificate(tls: TlsIdentity): void;
  /** Accepts nothing more, finishes what was begun, closes. */
  close(): Promise<void>;
}

/** One in four turns of the event loop: what the others have of its time while a flood connects. */
const HANDSHAKES_PER_BUSY_TURN = 0.25;

/** A request of so many bytes counts as one in work; few are as large, but a batch of thousands of items is. */
const BYTES_IN_TURN = 8 * 1024;

/** Makes the server; it listens when it is told to. */
export function createKmipServer(
  dependencies: KmipServerDependencies,
  options: KmipServerOptions,
): KmipServer {
  const { clock, log, observer, store } = dependencies;
  const limits: KmipServerLimits = { ...DEFAULT_KMIP_SERVER_LIMITS, ...options.limits };
  /** What an event says of where a client is: nothing when it comes over a private network. */
  const shownAddress = (address: string | undefined): string | undefined => {
    if (options.network === 'private' || address === undefined) return undefined;
    return options.isPrivateAddress?.(address) === true ? undefined : address;
  };
  const policy = { allowWeak: options.allowWeakCertificates ?? false };
  const tellsClients = dependencies.serverToClient !== undefined;
  const messages = createMessageProcessor(dependencies, {
    identity: options.identity,
    operations: offeredOperations({
      isForTests: options.isForTests ?? false,
      reProvisions: options.reProvisions ?? false,
      turnsRoles: tellsClients && options.transport !== 'https',
      tellsClients,
    }),
    maxMessageBytes: limits.maxMessageBytes,
    maxResponseBytes: limits.maxResponseBytes,
    asynchronousDelayMs: limits.asynchronousDelayMs,
    pollWaitMs: limits.pollWaitMs,
    rngSeed: options.rngSeed ?? 'ignore',
  });
  const connections = new Set<Connection>();
  /** How many are served, by the SHA-256 fingerprint of their certificate. */
  const perCertificate = new Map<string, number>();
  const findEncoding = options.transport === 'https' ? createMessageEncodings() : undefined;
  const requestURIAt = (port: number) => {
    const place = options.publicName ?? hostAndPort(options.host, port);
    return findEncoding === undefined ? `kmip://${place}` : `https://${place}/kmip`;
  };
  let requestURI = requestURIAt(options.port);
  const refusals = createRefusals(dependencies, { shownAddress, requestURI: () => requestURI });
  const floods = createFloodLog(log, clock);
  let isClosing = false;
  const monotonicNow = () => performance.now();
  const turns = createFairTurns(
    {
      maxInWork: limits.maxRequestsInWork,
      maxInWorkOfKey: limits.maxRequestsInWorkPerCertificate,
      maxInWorkOfKeyAmongOthers: limits.maxRequestsInWorkAmongOthers,
      maxWaitingOfKey: limits.maxWaitingRequestsPerCertificate,
      maxWaitMs: limits.maxRequestWaitMs,
    },
    {
      monotonicNow,
      onWaiting: (change) => observer?.requestsWaiting(change),
    },
  );
  /** While it listens. */
  let watch: LoadWatch | undefined;
  const isOverloaded = () => watch?.load === 'overloaded';

  const listener = createTlsListener({
    identity: options.tls,
    handshakeTimeoutMs: limits.handshakeTimeoutMs,
    oldClients: options.oldClients ?? false,
    suiteB: options.suiteB,
    ticketKeyLifetimeMs: limits.ticketKeyLifetimeMs,
    randomBytes: dependencies.randomness.bytes,
    maxConnections: limits.maxConnections,
    maxHandshakesPerAddress: limits.maxHandshakesPerAddress,
    // A handshake takes longer than a request, which waits for several turns of the loop on its way.
    handshakesPerTurn: () =>
      watch?.load === 'calm' && turns.inWork === 0
        ? limits.handshakesPerTurn
        : HANDSHAKES_PER_BUSY_TURN,
    isShedding: isOverloaded,
    onDrop(reason, address) {
      observer?.connectionRefused(reason);
      if (reason === 'too-many') {
        floods.note('too-many-connections', { maxConnections: limits.maxConnections });
      } else {
        floods.note(reason, { address });
      }
    },
    onFailure({ kind, advice, code, offered }, address) {
      observer?.handshakeFailed(kind);
      const fields = { kind, advice, code, address, ...(offered && { offered }) };
      floods.note('handshake-failed', fields, `${kind} ${address}`);
    },
    isTrustedProxy: (address) => options.isTrustedProxy?.(address) === true,
    onProxyFault(fault, address) {
      floods.note('proxy-header-refused', { fault, address }, `${fault} ${address}`);
    },
    onConnection(socket, address) {
      // From here on, a client that ends its side still gets the answers to what it has asked.
      socket.allowHalfOpen = true;
      socket.on('error', (error) => log.debug({ err: error }, 'a connection broke'));
      admit(socket, address).catch((error: unknown) => {
        log.error({ err: error }, 'a connection could not be admitted');
        socket.destroy();
      });
    },
  });
  const { server } = listener;

  /** Decides whose connection this is, before a byte of it is read. */
  async function admit(socket: TLSSocket, address: string | undefined): Promise<void> {
    const peer = peerOf(socket, options.fingerprintAlgorithm, address);
    const { fingerprint, fingerprintSha256 } = peer;
    if (fingerprint === undefined || fingerprintSha256 === undefined) {
      return refuse(socket, peer, 'no-certificate', null);
    }
    const record = await findClient(store, peer, clock.now(), policy);
    if (isClosing || socket.destroyed) return void socket.destroy();
    if (record === undefined) return refuse(socket, peer, 'unknown-certificate', null);
    const validity = certificateValidityAt(record.certificate, clock.now());
    if (validity !== 'valid') {
      return refuse(socket, peer, `certificate-${validity}`, record.adapter.id);
    }
    if ((perCertificate.get(fingerprintSha256) ?? 0) >= limits.maxConnectionsPerCertificate) {
      observer?.connectionRefused('too-many-of-certificate');
      floods.note('too-many-of-certificate', {
        certificate: fingerprintSha256,
        max: limits.maxConnectionsPerCertificate,
      });
      return void socket.destroy();
    }
    serve(socket, peer, {
      principal: { record, auditFingerprint: fingerprint },
      initiator: {
        kind: 'certificate',
        fingerprint,
        name: record.certificate.name,
        hostAddress: shownAddress(peer.address),
      },
      requestURI,
    });
  }

  function refuse(
    socket: TLSSocket,
    peer: Peer,
    reason: RefusalReason,
    adapterId: string | null,
  ): void {
    socket.destroy();
    observer?.connectionRefused(reason);
    refusals.record(peer, reason, adapterId);
  }

  function serve(socket: TLSSocket, peer: Peer, source: MessageSource): void {
    const { certificate, adapter, authority } = source.principal.record;
    const removed = authority === undefined ? 'certificate-removed' : 'authority-removed';
    /** Why the client is shut out by its certificate, which is recorded. */
    const fault = () => {
      const validity = certificateValidityAt(certificate, clock.now());
      if (validity === 'valid') return undefined;
      refuse(socket, peer, `certificate-${validity}`, adapter.id);
      return `the client certificate is ${validity}`;
    };
    const isAdmitted = async () => {
      if (fault() !== undefined) return false;
      if ((await findClientAgain(store, source.principal.record)) !== undefined) return true;
      refuse(socket, peer, removed, adapter.id);
      return false;
    };
    const parts = {
      socket,
      limits,
      log,
      process(request: Uint8Array) {
        const work = async ({ tooBusy, standAside }: Turn) => {
          const reason = fault();
          if (reason !== undefined) return { kind: 'close' as const, reason };
          const why = isOverloaded() ? 'overloaded' : tooBusy;
          if (why === undefined) return await messages.process(source, request, { standAside });
          const fields = { certificate: certificate.fingerprintSha256, why };
          floods.note('request-shed', fields, `${why} ${certificate.fingerprintSha256}`);
          return await messages.process(source, request, { refusal: overloadError(why) });
        };
        const weight = Math.ceil(request.byteLength / BYTES_IN_TURN);
        return turns.run(certificate.fingerprintSha256, work, weight);
      },
      isCrowded: () => turns.isCrowded(certificate.fingerprintSha256),
      processUnreadable: (error: TtlvError) => messages.processUnreadable(source, error),
      onCertificateRemoved: () => refuse(socket, peer, removed, adapter.id),
    };
    const connection =
      findEncoding === undefined
        ? serveTurning(parts, source, isAdmitted)
        : serveHttps({ ...parts, findEncoding });
    listener.release(socket);
    connections.add(connection);
    count(certificate.fingerprintSha256, 1);
    observer?.connectionOpened({
      protocol: socket.getProtocol() ?? 'unknown',
      isResumed: socket.isSessionReused(),
    });
    void connection.done.then(() => {
      observer?.connectionClosed();
      connections.delete(connection);
      count(certificate.fingerprintSha256, -1);
    });
  }

  /** Serves a client, by turns with asking it, for as long as it lives. */
  function serveTurning(
    parts: Omit<ConnectionOptions, 'onRolesTurned'>,
    { principal, requestURI }: MessageSource,
    isAdmitted: () => Promise<boolean>,
  ): Connection {
    const { socket } = parts;
    let channel: ClientChannel | undefined;
    let served = serveConnection({ ...parts, onRolesTurned });

    function onRolesTurned(version: Version): void {
      const { maxMessageBytes, idleTimeoutMs: answerTimeoutMs } = limits;
      const turned = createClientChannel({ socket, maxMessageBytes, answerTimeoutMs });
      channel = turned;
      if (isClosing || dependencies.serverToClient === undefined) {
        turned.close();
        return;
      }
      dependencies.serverToClient.rolesTurned({
        principal,
        version,
        requestURI,
        exchange: turned.exchange,
        isAdmitted,
        turnBack() {
          turned.release();
          channel = undefined;
          served = serveConnection({ ...parts, onRolesTurned });
          socket.resume(); // what the client has sent already waits
        },
        close: turned.close,
        ended: turned.ended,
      });
    }

    return {
      done: served.done,
      async drain() {
        channel?.close();
        await served.drain();
      },
      destroy: () => socket.destroy(),
    };
  }

  function count(fingerprint: string, change: 1 | -1): void {
    const open = (perCertificate.get(fingerprint) ?? 0) + change;
    if (open > 0) perCertificate.set(fingerprint, open);
    else perCertificate.delete(fingerprint);
  }

  return {
    async listen() {
      await new Promise<void>((resolve, reject) => {
        server.once('error', reject);
        server.listen(options.port, options.host, () => {
          server.off('error', reject);
          resolve();
        });
      });
      server.on('error', (error) => log.error({ err: error }, 'the KMIP listener failed'));
      await messages.start();
      watch = watchLoad(limits.overloadLagMs, monotonicNow, (load, lagMs) => {
        observer?.overloaded(load === 'overloaded');
        const fields = { load, lagMs: Math.round(lagMs) };
        if (load === 'overloaded')
          log.warn(fields, 'the server is overloaded: what is new is refused');
        else log.debug(fields, 'the load of the server has changed');
      });
      const address = server.address();
      const port = typeof address === 'object' && address !== null ? address.port : options.port;
      requestURI = requestURIAt(port);
      return { host: options.host, port };
    },

    replaceCertificate: (tls) => listener.replaceCertificate(tls),

    async close() {
      isClosing = true;
      const stopped = new Promise<void>((resolve) => server.close(() => resolve()));
      listener.destroyHandshakes();
      await within(
        limits.shutdownTimeoutMs,
        Promise.all([...connections].map((connection) => connection.drain())),
      );
      for (const connection of connections) connection.destroy();
      await stopped;
      await messages.stop();
      watch?.stop();
      floods.close();
      await refusals.close();
    },
  };
}

/** Waits for something, but not for ever. */
async function within(milliseconds: number, done: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const expired = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, milliseconds);
  });
  await Promise.race([done, expired]);
  clearTimeout(timer);
}

function hostAndPort(host: string, port: number): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}
