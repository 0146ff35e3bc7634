/** What a client is made with, and the defaults. */

import type { SecureVersion } from 'node:tls';
import type { Version } from '@claviger/kmip-protocol';

/** PEM, as text or bytes. */
export type Pem = string | Uint8Array;

export interface KmipTlsOptions {
  /** Certificates that the server's must lead to; the client trusts no others. */
  readonly ca: Pem | readonly Pem[];
  /** The client's certificate, with any intermediates after it. */
  readonly cert: Pem;
  /** The private key of `cert`. */
  readonly key: Pem;
  /** Decrypts `key` when that is encrypted. */
  readonly passphrase?: string | undefined;
  /** The name that the server's certificate must hold, when it is not `host`. */
  readonly servername?: string | undefined;
  /** Default TLSv1.2. */
  readonly minVersion?: SecureVersion | undefined;
  readonly maxVersion?: SecureVersion | undefined;
  /**
   * Whether the server has to prove who it is; default true. With false anybody on the way can read
   * and change what is said, keys included: for tests against a server that has no proper certificate.
   */
  readonly rejectUnauthorized?: boolean | undefined;
}

/** One message as it goes over the wire, before encryption: it may hold key material. */
export interface TracedMessage {
  readonly direction: 'request' | 'response';
  /** A view: copy it to keep it, and do not write to it. */
  readonly bytes: Uint8Array;
}

export interface KmipClientOptions {
  readonly host: string;
  /** Default 5696, the port registered for KMIP. */
  readonly port?: number | undefined;
  readonly tls: KmipTlsOptions;
  /**
   * The version to speak, default 1.4; `negotiate` asks with Discover Versions before the first request
   * and takes the newest that both sides know.
   */
  readonly protocolVersion?: Version | 'negotiate' | undefined;
  /** From the call to the answer, waiting and connecting included; default 30 000. */
  readonly requestTimeoutMs?: number | undefined;
  /** For TCP and TLS together; default 10 000. */
  readonly connectTimeoutMs?: number | undefined;
  /** Largest answer accepted, which the server is told in each request; default 1 MiB. */
  readonly maximumMessageBytes?: number | undefined;
  /** Default 1. */
  readonly maxConnections?: number | undefined;
  /**
   * Requests that may be under way on one connection at a time; default 1. More are safe with servers
   * that answer in order: each request then carries an id, and an answer to another one is an error.
   */
  readonly pipelining?: number | undefined;
  /** Goes into each request since 1.4, to be found again in the server's log (1.4 §6.18). */
  readonly clientCorrelationValue?: string | undefined;
  /** Is shown every message in both directions. An error that it throws fails the request. */
  readonly onMessage?: ((message: TracedMessage) => void) | undefined;
}

/** The options with everything filled in that the rest of the package needs. */
export interface ResolvedOptions {
  readonly host: string;
  readonly port: number;
  readonly tls: KmipTlsOptions;
  readonly protocolVersion: Version | 'negotiate';
  readonly requestTimeoutMs: number;
  readonly connectTimeoutMs: number;
  readonly maximumMessageBytes: number;
  readonly maxConnections: number;
  readonly pipelining: number;
  readonly clientCorrelationValue: string | undefined;
  readonly onMessage: ((message: TracedMessage) => void) | undefined;
}

/** The longest delay of a Node timer, in milliseconds. */
const MAX_DELAY_MS = 2 ** 31 - 1;

/**
 * Fills in the defaults.
 * @throws RangeError when a number is no positive integer or too large.
 */
export function resolveOptions(options: KmipClientOptions): ResolvedOptions {
  return {
    host: options.host,
    port: positive('port', options.port ?? 5696, 65_535),
    tls: options.tls,
    protocolVersion: options.protocolVersion ?? '1.4',
    requestTimeoutMs: positive(
      'requestTimeoutMs',
      options.requestTimeoutMs ?? 30_000,
      MAX_DELAY_MS,
    ),
    connectTimeoutMs: positive(
      'connectTimeoutMs',
      options.connectTimeoutMs ?? 10_000,
      MAX_DELAY_MS,
    ),
    // the header carries it as a signed 32-bit Integer
    maximumMessageBytes: positive(
      'maximumMessageBytes',
      options.maximumMessageBytes ?? 1024 * 1024,
      2 ** 31 - 1,
    ),
    maxConnections: positive('maxConnections', options.maxConnections ?? 1, 1024),
    pipelining: positive('pipelining', options.pipelining ?? 1, 1024),
    clientCorrelationValue: options.clientCorrelationValue,
    onMessage: options.onMessage,
  };
}

function positive(name: string, value: number, maximum: number): number {
  if (Number.isInteger(value) && value >= 1 && value <= maximum) return value;
  throw new RangeError(`${name} must be an integer from 1 to ${maximum}, not ${value}`);
}
