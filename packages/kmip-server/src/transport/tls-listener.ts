/**
 * Listens, and makes TLS of what connects. The first record of a connection is looked at on the way, so
 * that a handshake which fails can say what the client has offered.
 */

import { createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer, type TLSSocket } from 'node:tls';
import { createPacedStarts } from '../fairness/paced-starts.ts';
import type { CrowdReason } from '../observer.ts';
import { HANDSHAKE_RECORD } from './client-hello.ts';
import { firstRecordOf } from './first-record.ts';
import { explainHandshake, type HandshakeFailure } from './handshake-failure.ts';
import { type ProxyFault, readProxyHeader } from './proxy-protocol.ts';
import { renewTicketKeys } from './ticket-keys.ts';
import { type TlsIdentity, type TlsSettings, tlsOptions } from './tls-options.ts';

export interface TlsListenerOptions extends TlsSettings {
  readonly identity: TlsIdentity;
  readonly ticketKeyLifetimeMs: number;
  /** Bytes for keys. */
  randomBytes(count: number): Uint8Array;
  readonly maxConnections: number;
  readonly maxHandshakesPerAddress: number;
  /** Handshakes that may begin in one turn of the event loop. */
  handshakesPerTurn(): number;
  /** Whether no connection is taken now; it is closed before anything is read. */
  isShedding(): boolean;
  /** Whether a peer is a balancer that says by the PROXY protocol for whom it speaks. */
  isTrustedProxy(address: string): boolean;
  /** TLS is agreed on; the socket is paused until somebody reads it. */
  onConnection(socket: TLSSocket, address: string | undefined): void;
  /** A balancer did not say for whom it speaks; the connection is closed. */
  onProxyFault(fault: ProxyFault, address: string): void;
  onFailure(failure: HandshakeFailure, address: string | undefined): void;
  /** There is no room for one more connection. */
  onDrop(
    reason: Exclude<CrowdReason, 'too-many-of-certificate'>,
    address: string | undefined,
  ): void;
}

export interface TlsListener {
  readonly server: Server;
  /**
   * Another certificate for handshakes from now on; what is open goes on.
   *
   * @throws what node:tls throws for PEM that is damaged or does not belong together; the old one stays.
   */
  replaceCertificate(identity: TlsIdentity): void;
  /** The connection is somebody's: from here on others end it. */
  release(socket: Socket): void;
  /** Ends every connection that nobody has taken. */
  destroyHandshakes(): void;
}

/** What is known of a connection before TLS is agreed on. */
interface Handshake {
  readonly socket: Socket;
  /** Of the client; of the balancer until that has told. */
  address: string | undefined;
  /** Of whoever has connected. */
  readonly peerAddress: string;
  firstRecord: Uint8Array;
  error: Error | undefined;
  isSettled: boolean;
}

export function createTlsListener(options: TlsListenerOptions): TlsListener {
  const { handshakeTimeoutMs, oldClients, suiteB } = options;
  const settings = { handshakeTimeoutMs, oldClients, suiteB };
  /** Connections that nobody has taken yet, by their remote end. */
  const handshakes = new Map<string, Handshake>();
  const tls = createTlsServer(tlsOptions(options.identity, settings));
  const renewal = renewTicketKeys(tls, options.ticketKeyLifetimeMs, options.randomBytes);
  const server = createServer({ noDelay: true }, begin);
  server.maxConnections = options.maxConnections;
  server.on('drop', (peer) => options.onDrop('too-many', peer?.remoteAddress));
  const starts = createPacedStarts(options.handshakesPerTurn);
  /** How many handshakes there are, by address. */
  const perAddress = new Map<string, number>();

  function begin(socket: Socket): void {
    const end = remoteEnd(socket);
    const { remoteAddress = '' } = socket;
    const crowd = options.isShedding() ? 'overloaded' : hasMany(remoteAddress);
    if (crowd !== undefined) {
      socket.destroy();
      options.onDrop(crowd, remoteAddress);
      return;
    }
    const handshake: Handshake = {
      socket,
      address: socket.remoteAddress,
      peerAddress: remoteAddress,
      firstRecord: new Uint8Array(),
      error: undefined,
      isSettled: false,
    };
    handshakes.set(end, handshake);
    perAddress.set(remoteAddress, (perAddress.get(remoteAddress) ?? 0) + 1);
    // A connection that breaks is told of when it is closed.
    socket.on('error', (error) => {
      handshake.error ??= error;
    });
    socket.once('close', () => {
      if (handshakes.get(end) === handshake) forget(end);
      if (!handshake.isSettled) tell(handshake);
    });
    void secure(handshake);
  }

  function hasMany(address: string): 'too-many-of-address' | undefined {
    if ((perAddress.get(address) ?? 0) < options.maxHandshakesPerAddress) return undefined;
    // A balancer speaks for many clients.
    return options.isTrustedProxy(address) ? undefined : 'too-many-of-address';
  }

  /** A connection that is somebody's, or closed, is no handshake any more. */
  function forget(end: string): void {
    const handshake = handshakes.get(end);
    if (handshake === undefined) return;
    handshakes.delete(end);
    const left = (perAddress.get(handshake.peerAddress) ?? 0) - 1;
    if (left > 0) perAddress.set(handshake.peerAddress, left);
    else perAddress.delete(handshake.peerAddress);
  }

  async function secure(handshake: Handshake): Promise<void> {
    const { socket } = handshake;
    if (!(await namesClient(handshake))) return void socket.destroy();
    const { kind, bytes } = await firstRecordOf(socket, handshakeTimeoutMs);
    handshake.firstRecord = bytes;
    if (kind === 'seen' && bytes[0] === HANDSHAKE_RECORD) {
      await starts.wait(handshake.address ?? '', () => socket.destroyed);
      if (!socket.destroyed) tls.emit('connection', socket);
      return;
    }
    if (kind === 'late') handshake.error ??= handshakeTimeout();
    socket.destroy();
  }

  /** Reads the PROXY header of a trusted balancer; from all others its bytes are never looked for. */
  async function namesClient(handshake: Handshake): Promise<boolean> {
    const { socket, address } = handshake;
    if (address === undefined || !options.isTrustedProxy(address)) return true;
    const header = await readProxyHeader(socket, handshakeTimeoutMs);
    if (header.kind === 'client') handshake.address = header.address;
    if (header.kind === 'client' || header.kind === 'local') return true;
    handshake.isSettled = true; // it never came to TLS
    if (header.kind === 'fault') options.onProxyFault(header.fault, address);
    return false;
  }

  function tell({ firstRecord, error, address }: Handshake): void {
    // Somebody looked whether the port is open: a balancer, or a monitor.
    if (firstRecord.length === 0 && codeOf(error) !== TIMEOUT) return;
    options.onFailure(explainHandshake({ firstRecord, error, oldClients, suiteB }), address);
  }

  server.on('close', renewal.stop);
  tls.on('tlsClientError', (error, socket) => {
    const handshake = handshakes.get(remoteEnd(socket));
    if (handshake !== undefined) handshake.error ??= error;
    // Node leaves it open, e.g. after a time-out.
    socket.destroy();
  });
  tls.on('secureConnection', (socket) => {
    const handshake = handshakes.get(remoteEnd(socket));
    if (handshake !== undefined) {
      handshake.isSettled = true;
      handshake.firstRecord = new Uint8Array();
    }
    options.onConnection(socket, handshake?.address ?? socket.remoteAddress);
  });

  return {
    server,
    replaceCertificate: (identity) => tls.setSecureContext(tlsOptions(identity, settings)),
    release: (socket) => forget(remoteEnd(socket)),
    destroyHandshakes() {
      for (const handshake of handshakes.values()) {
        handshake.isSettled = true; // it did not fail: nobody waits for it any more
        handshake.socket.destroy();
      }
    },
  };
}

const TIMEOUT = 'ERR_TLS_HANDSHAKE_TIMEOUT';

function handshakeTimeout(): Error {
  return Object.assign(new Error('The client sent no TLS record in time.'), { code: TIMEOUT });
}

function codeOf(error: Error | undefined): string | undefined {
  return error !== undefined && 'code' in error ? String(error.code) : undefined;
}

function remoteEnd({ remoteAddress, remotePort }: Socket): string {
  return `${remoteAddress} ${remotePort}`;
}
