/**
 * The KMIP listener: mutual TLS, one principal a connection, limits, orderly shutdown.
 *
 * The client's certificate is judged after the handshake, by its fingerprint alone: vCenter's is
 * self-signed as a rule, so no chain is built. That the client has the private key is what TLS proves.
 */

import type { Socket } from 'node:net';
import { createServer, type Server, type TLSSocket } from 'node:tls';
import { certificateValidityAt, fingerprintOf } from '@claviger/pki';
import type { TtlvError } from '@claviger/ttlv-codec';
import { toEvent } from './batch/audit-events.ts';
import { createMessageProcessor, type MessageSource } from './batch/process-message.ts';
import type { KmipServerDependencies } from './dependencies.ts';
import { DEFAULT_KMIP_SERVER_LIMITS, type KmipServerLimits } from './limits.ts';
import { HANDLED_OPERATIONS } from './operations/index.ts';
import type { ServerIdentity } from './operations/operation-handler.ts';
import type { Principal, RefusalReason } from './principal.ts';
import { type Connection, serveConnection } from './transport/connection.ts';
import { createRefusals } from './transport/refusals.ts';

export interface KmipServerOptions {
  readonly host: string;
  /** 0 for any free port. */
  readonly port: number;
  /** Events of a public listener carry the address of the client, those of a private one do not. */
  readonly network: 'private' | 'public';
  /** PEM. */
  readonly tls: { readonly cert: string; readonly key: string };
  /** Of the fingerprint that the audit log shows. Certificates are always matched by SHA-256. */
  readonly fingerprintAlgorithm: 'sha256' | 'sha1';
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
  /** Accepts nothing more, finishes what was begun, closes. */
  close(): Promise<void>;
}

/** Forward secrecy and authenticated encryption only; TLS 1.3 has its own, all good. */
const CIPHERS = [
  'TLS_AES_256_GCM_SHA384',
  'TLS_CHACHA20_POLY1305_SHA256',
  'TLS_AES_128_GCM_SHA256',
  'ECDHE-ECDSA-AES256-GCM-SHA384',
  'ECDHE-RSA-AES256-GCM-SHA384',
  'ECDHE-ECDSA-AES128-GCM-SHA256',
  'ECDHE-RSA-AES128-GCM-SHA256',
  'ECDHE-ECDSA-CHACHA20-POLY1305',
  'ECDHE-RSA-CHACHA20-POLY1305',
].join(':');

/** Makes the server; it listens when it is told to. */
export function createKmipServer(
  dependencies: KmipServerDependencies,
  options: KmipServerOptions,
): KmipServer {
  const { audit, clock, log, randomness, store } = dependencies;
  const limits: KmipServerLimits = { ...DEFAULT_KMIP_SERVER_LIMITS, ...options.limits };
  const isPublic = options.network === 'public';
  const processMessage = createMessageProcessor(dependencies, {
    identity: options.identity,
    operations: HANDLED_OPERATIONS,
    maxMessageBytes: limits.maxMessageBytes,
    maxResponseBytes: limits.maxResponseBytes,
  });
  const connections = new Set<Connection>();
  /** Connections that are not served, or not yet, by their remote end. */
  const handshakes = new Map<string, Socket>();
  const perCertificate = new Map<string, number>();
  let requestURI = `kmip://${options.publicName ?? hostAndPort(options.host, options.port)}`;
  const refusals = createRefusals(dependencies, { isPublic, requestURI: () => requestURI });
  let closing = false;

  const server: Server = createServer({
    cert: options.tls.cert,
    key: options.tls.key,
    requestCert: true,
    // A client that we do not know still gets to see our certificate; it is refused below.
    rejectUnauthorized: false,
    minVersion: 'TLSv1.2',
    maxVersion: 'TLSv1.3',
    ciphers: CIPHERS,
    honorCipherOrder: true,
    handshakeTimeout: limits.handshakeTimeoutMs,
    sessionIdContext: 'claviger-kmip',
    noDelay: true,
  });
  server.maxConnections = limits.maxConnections;
  server.on('drop', () => {
    log.warn(
      { maxConnections: limits.maxConnections },
      'a connection was dropped: too many are open',
    );
  });
  server.on('tlsClientError', (error, socket) => {
    // Most are clients that do not trust us yet, or port scans: worth a line, no more.
    log.info({ err: error, address: socket.remoteAddress }, 'a TLS handshake failed');
    // Node leaves it open, e.g. after a time-out.
    socket.destroy();
  });
  server.on('connection', (socket: Socket) => {
    const peer = remoteEnd(socket);
    handshakes.set(peer, socket);
    socket.once('close', () => {
      if (handshakes.get(peer) === socket) handshakes.delete(peer);
    });
  });
  server.on('secureConnection', (socket) => {
    // From here on, a client that ends its side still gets the answers to what it has asked.
    socket.allowHalfOpen = true;
    admit(socket).catch((error: unknown) => {
      log.error({ err: error }, 'a connection could not be admitted');
      socket.destroy();
    });
  });

  /** Decides whose connection this is, before a byte of it is read. */
  async function admit(socket: TLSSocket): Promise<void> {
    socket.on('error', (error) => log.debug({ err: error }, 'a connection broke'));
    const address = socket.remoteAddress;
    const certificate = socket.getPeerX509Certificate();
    if (certificate === undefined) {
      const unknown = { fingerprintSha256: undefined, fingerprintSha1: undefined };
      return refuse(socket, 'no-certificate', { ...unknown, subject: undefined, address }, null);
    }
    const fingerprints = {
      fingerprintSha256: fingerprintOf(certificate.raw, 'sha256'),
      fingerprintSha1: fingerprintOf(certificate.raw, 'sha1'),
    };
    const peer = { ...fingerprints, subject: certificate.subject, address };
    const record = await store.findPrincipal(fingerprints.fingerprintSha256);
    if (record === undefined) return refuse(socket, 'unknown-certificate', peer, null);
    const validity = certificateValidityAt(record.certificate, clock.now());
    if (validity !== 'valid') {
      return refuse(socket, `certificate-${validity}`, peer, record.adapter.id);
    }
    if (closing || socket.destroyed) return void socket.destroy();

    const fingerprint = fingerprints.fingerprintSha256;
    const open = (perCertificate.get(fingerprint) ?? 0) + 1;
    if (open > limits.maxConnectionsPerCertificate) {
      log.warn(
        { certificate: fingerprint, max: limits.maxConnectionsPerCertificate },
        'a connection was closed: too many are open with this certificate',
      );
      return void socket.destroy();
    }
    perCertificate.set(fingerprint, open);
    const principal: Principal = {
      record,
      auditFingerprint: auditFingerprint(peer) ?? fingerprint,
    };
    serve(socket, principal, peer);
  }

  type Peer = Parameters<typeof auditFingerprint>[0] & {
    readonly subject: string | undefined;
    readonly address: string | undefined;
  };

  function auditFingerprint(peer: {
    readonly fingerprintSha256: string | undefined;
    readonly fingerprintSha1: string | undefined;
  }): string | undefined {
    return options.fingerprintAlgorithm === 'sha1' ? peer.fingerprintSha1 : peer.fingerprintSha256;
  }

  function refuse(
    socket: TLSSocket,
    reason: RefusalReason,
    peer: Peer,
    adapterId: string | null,
  ): void {
    socket.destroy();
    refusals.record({ reason, fingerprint: auditFingerprint(peer), adapterId, ...peer });
  }

  function serve(socket: TLSSocket, principal: Principal, peer: Peer): void {
    const { certificate, adapter } = principal.record;
    const source = {
      principal,
      initiator: {
        kind: 'certificate',
        fingerprint: principal.auditFingerprint,
        name: certificate.name,
        hostAddress: isPublic ? peer.address : undefined,
      },
      requestURI,
    } as const;
    const connection = serveConnection({
      socket,
      limits,
      log,
      async process(request) {
        const validity = certificateValidityAt(certificate, clock.now());
        if (validity !== 'valid') {
          refuse(socket, `certificate-${validity}`, peer, adapter.id);
          return { kind: 'close', reason: `the client certificate is ${validity}` };
        }
        return await processMessage(source, request);
      },
      onUnreadable: (error) => recordUnreadable(error, source, adapter.id),
      onCertificateRemoved() {
        refuse(socket, 'certificate-removed', peer, adapter.id);
      },
    });
    handshakes.delete(remoteEnd(socket));
    connections.add(connection);
    socket.once('close', () => {
      connections.delete(connection);
      const left = (perCertificate.get(peer.fingerprintSha256 ?? '') ?? 1) - 1;
      if (left > 0) perCertificate.set(peer.fingerprintSha256 ?? '', left);
      else perCertificate.delete(peer.fingerprintSha256 ?? '');
    });
  }

  async function recordUnreadable(
    error: TtlvError,
    source: MessageSource,
    adapterId: string,
  ): Promise<void> {
    const correlationId = randomness.uuid();
    log.warn({ correlationId, adapterId, err: error }, 'a connection sent no KMIP and was closed');
    const event = toEvent(
      audit,
      {
        action: 'claviger.kmip-request.default',
        outcome: { kind: 'failure', errorCode: 'invalid-message', reasonText: error.message },
        initiator: source.initiator,
        target: { kind: 'instance' },
        correlationId,
        requestURI: source.requestURI,
      },
      adapterId,
    );
    if (event !== undefined) await store.commit({ guards: [], changes: [], events: [event] });
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
      const address = server.address();
      const port = typeof address === 'object' && address !== null ? address.port : options.port;
      requestURI = `kmip://${options.publicName ?? hostAndPort(options.host, port)}`;
      return { host: options.host, port };
    },

    async close() {
      closing = true;
      const stopped = new Promise<void>((resolve) => server.close(() => resolve()));
      const deadline = setTimeout(() => {
        for (const connection of connections) connection.destroy();
      }, limits.shutdownTimeoutMs);
      for (const socket of handshakes.values()) socket.destroy();
      await Promise.all([...connections].map((connection) => connection.drain()));
      clearTimeout(deadline);
      await stopped;
      await refusals.close();
    },
  };
}

function remoteEnd({ remoteAddress, remotePort }: Socket): string {
  return `${remoteAddress} ${remotePort}`;
}

function hostAndPort(host: string, port: number): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}
