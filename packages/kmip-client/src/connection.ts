/**
 * One TLS connection: requests go out as they come, answers are matched to them in order. It knows frames
 * and no messages, and fails once: everything under way is told, nothing is repeated here.
 */

import { isIP } from 'node:net';
import { connect, type SecureContext, type TLSSocket } from 'node:tls';
import { createFrameReader, type FrameReader, TtlvError } from '@claviger/ttlv-codec';
import { type ConnectionPhase, connectionFailure } from './connection-failure.ts';
import { KmipClientError } from './error.ts';

export interface ConnectionOptions {
  readonly host: string;
  readonly port: number;
  readonly secureContext: SecureContext;
  readonly servername: string | undefined;
  readonly rejectUnauthorized: boolean;
  readonly connectTimeoutMs: number;
  readonly maximumMessageBytes: number;
}

/** A request under way. Exactly one of the two is called, once. */
export interface PendingAnswer {
  /** Returns false when the answer does not belong to the request: the connection is given up. */
  onAnswer(frame: Uint8Array): boolean;
  /** `isUntouched`: no byte of the answer had arrived, on a connection that had worked before. */
  onLost(error: KmipClientError, isUntouched: boolean): void;
}

export interface ConnectionEvents {
  /** TLS is agreed on; requests may be sent. */
  onOpen(): void;
  /** A request was answered, so there is room for another one. */
  onAnswered(): void;
  /** Comes once, after all pending answers were told that they are lost. */
  onFailed(error: KmipClientError): void;
}

export interface Connection {
  readonly isOpen: boolean;
  /** Requests without an answer. */
  readonly inFlight: number;
  send(request: Uint8Array, pending: PendingAnswer): void;
  /** Gives the connection up. */
  fail(error: KmipClientError): void;
  /** Resolves when the socket is gone, whatever ended it. */
  readonly closed: Promise<void>;
}

/** How long an idle connection stays silent before TCP asks whether the other side lives. */
const KEEP_ALIVE_DELAY_MS = 60_000;

/** Starts to connect. */
export function openConnection(options: ConnectionOptions, events: ConnectionEvents): Connection {
  return new TlsConnection(options, events);
}

class TlsConnection implements Connection {
  readonly closed: Promise<void>;
  readonly #address: string;
  readonly #events: ConnectionEvents;
  readonly #socket: TLSSocket;
  readonly #reader: FrameReader;
  readonly #connectTimer: NodeJS.Timeout;
  readonly #pending: PendingAnswer[] = [];
  #phase: ConnectionPhase = 'connecting';
  #hasAnswered = false;
  #hasFailed = false;

  constructor(options: ConnectionOptions, events: ConnectionEvents) {
    const { host, port, connectTimeoutMs } = options;
    this.#address = `${host}:${port}`;
    this.#events = events;
    this.#reader = createFrameReader({ maxMessageBytes: options.maximumMessageBytes });
    // RFC 6066 §3 allows no address as a server name
    const servername = options.servername ?? (isIP(host) === 0 ? host : undefined);
    this.#socket = connect({
      host,
      port,
      secureContext: options.secureContext,
      rejectUnauthorized: options.rejectUnauthorized,
      ...(servername === undefined ? {} : { servername }),
    });
    this.#socket.setNoDelay(true);
    this.#socket.setKeepAlive(true, KEEP_ALIVE_DELAY_MS);
    this.closed = new Promise((resolve) => this.#socket.once('close', () => resolve()));
    this.#connectTimer = setTimeout(
      () => this.#connectTimedOut(connectTimeoutMs),
      connectTimeoutMs,
    );
    this.#listen();
  }

  get isOpen(): boolean {
    return this.#phase === 'open' && !this.#hasFailed;
  }

  get inFlight(): number {
    return this.#pending.length;
  }

  send(request: Uint8Array, pending: PendingAnswer): void {
    this.#pending.push(pending);
    this.#socket.write(request);
  }

  fail(error: KmipClientError): void {
    if (this.#hasFailed) return;
    this.#hasFailed = true;
    clearTimeout(this.#connectTimer);
    const isCutShort = this.#reader.bufferedBytes > 0;
    this.#socket.destroy();
    const lost = this.#pending.splice(0);
    // The last one first: whoever puts requests back at the head of a queue keeps their order.
    for (const [index, pending] of [...lost.entries()].reverse()) {
      pending.onLost(error, this.#hasAnswered && !(index === 0 && isCutShort));
    }
    this.#events.onFailed(error);
  }

  #listen(): void {
    const socket = this.#socket;
    socket.once('connect', () => {
      this.#phase = 'handshaking';
    });
    socket.once('secureConnect', () => {
      clearTimeout(this.#connectTimer);
      this.#phase = 'open';
      if (!this.#hasFailed) this.#events.onOpen();
    });
    socket.on('data', (chunk: Uint8Array) => this.#receive(chunk));
    socket.on('error', (error) => this.#failBecauseOf(error));
    socket.once('end', () => this.#failBecauseOf(undefined));
    socket.once('close', () => this.#failBecauseOf(undefined));
  }

  #failBecauseOf(cause: Error | undefined): void {
    const place = {
      address: this.#address,
      phase: this.#phase,
      hasAnswered: this.#hasAnswered,
    };
    this.fail(connectionFailure(place, cause));
  }

  #connectTimedOut(connectTimeoutMs: number): void {
    const step = this.#phase === 'connecting' ? 'TCP connection' : 'TLS handshake';
    const message = `${this.#address}: no ${step} within ${connectTimeoutMs} ms: check host, port and firewalls`;
    this.fail(new KmipClientError('timeout', message));
  }

  #receive(chunk: Uint8Array): void {
    if (this.#hasFailed) return;
    try {
      this.#reader.push(chunk);
      this.#answerAll();
    } catch (error) {
      if (!(error instanceof TtlvError)) throw error;
      this.#failHead(`What ${this.#address} sent is no KMIP message: ${error.message}`, error);
    }
  }

  #answerAll(): void {
    for (let frame = this.#reader.next(); frame !== undefined; frame = this.#reader.next()) {
      const pending = this.#pending.shift();
      this.#hasAnswered = true;
      if (pending === undefined || !pending.onAnswer(frame)) {
        this.fail(outOfStep(this.#address));
        return;
      }
      this.#events.onAnswered();
      if (this.#hasFailed) return;
    }
    if (this.#pending.length === 0 && this.#reader.bufferedBytes > 0) {
      this.fail(outOfStep(this.#address));
    }
  }

  /** The oldest request got something that is no answer; those behind it got nothing. */
  #failHead(message: string, cause: Error): void {
    const head = this.#pending.shift();
    head?.onLost(new KmipClientError('malformed-response', message, { cause }), false);
    this.fail(outOfStep(this.#address));
  }
}

function outOfStep(address: string): KmipClientError {
  return new KmipClientError(
    'closed',
    `The connection to ${address} was given up, since answers no longer fit the requests on it`,
  );
}
