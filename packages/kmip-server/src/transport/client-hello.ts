/**
 * What a client offers for TLS, read from its first message. It is read to explain why a handshake
 * failed, and decides nothing.
 *
 * @see RFC 8446 §4.1.2, RFC 5246 §7.4.1.2
 */

import {
  CIPHER_SUITE_NAMES,
  GROUP_NAMES,
  nameIn,
  SIGNATURE_SCHEME_NAMES,
  VERSION_NAMES,
} from './tls-names.ts';

export interface ClientHello {
  /** Newest first, e.g. `TLS 1.2`. A client that lists none offers everything up to the one it names. */
  readonly versions: readonly string[];
  /** Names of IANA, or numbers in hexadecimal, in the order of the client. */
  readonly cipherSuites: readonly string[];
  /** Empty when the client does not say. */
  readonly signatureAlgorithms: readonly string[];
  readonly groups: readonly string[];
  readonly serverName: string | undefined;
}

/** Bytes of a record before its content. */
export const RECORD_HEADER_BYTES = 5;
/** A record has at most 2^14 bytes of content in the clear. */
export const MAX_RECORD_BYTES = RECORD_HEADER_BYTES + 16_384;
export const HANDSHAKE_RECORD = 22;

const CLIENT_HELLO = 1;
const RANDOM_BYTES = 32;
const EXTENSION = { serverName: 0, groups: 10, signatureAlgorithms: 13, versions: 43 } as const;
const MAX_NAME_BYTES = 255;
/** More than any client offers. */
const MAX_LISTED = 100;

/**
 * Reads the first record of a connection.
 *
 * @returns undefined for what is no whole ClientHello in one record.
 */
export function parseClientHello(record: Uint8Array): ClientHello | undefined {
  try {
    return readHello(new Reader(record));
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

function readHello(reader: Reader): ClientHello | undefined {
  if (reader.number(1) !== HANDSHAKE_RECORD) return undefined;
  reader.number(2); // the version of the record says nothing
  const message = reader.vector(2);
  if (message.number(1) !== CLIENT_HELLO) return undefined;
  const body = message.vector(3);
  const version = body.number(2);
  body.bytes(RANDOM_BYTES);
  body.vector(1); // session
  const cipherSuites = body.vector(2).numbers(2);
  body.vector(1); // compression
  const extensions = body.isAtEnd() ? new Map<number, Reader>() : readExtensions(body.vector(2));
  const versions = extensions.get(EXTENSION.versions)?.vector(1).numbers(2) ?? [version];
  return {
    versions: [...withoutGrease(versions)].sort((a, b) => b - a).map(named(VERSION_NAMES)),
    cipherSuites: withoutGrease(cipherSuites).map(named(CIPHER_SUITE_NAMES)),
    signatureAlgorithms: listIn(extensions.get(EXTENSION.signatureAlgorithms)).map(
      named(SIGNATURE_SCHEME_NAMES),
    ),
    groups: listIn(extensions.get(EXTENSION.groups)).map(named(GROUP_NAMES)),
    serverName: serverNameIn(extensions.get(EXTENSION.serverName)),
  };
}

function readExtensions(reader: Reader): ReadonlyMap<number, Reader> {
  const extensions = new Map<number, Reader>();
  while (!reader.isAtEnd()) extensions.set(reader.number(2), reader.vector(2));
  return extensions;
}

function listIn(extension: Reader | undefined): readonly number[] {
  return extension === undefined ? [] : withoutGrease(extension.vector(2).numbers(2));
}

function serverNameIn(extension: Reader | undefined): string | undefined {
  const names = extension?.vector(2);
  if (names === undefined || names.isAtEnd() || names.number(1) !== 0) return undefined;
  const bytes = names.vector(2).rest();
  if (bytes.length > MAX_NAME_BYTES) return undefined;
  const name = new TextDecoder('latin1').decode(bytes);
  return /^[\w.-]+$/.test(name) ? name : undefined;
}

/** Values that clients throw in so that servers stay tolerant (RFC 8701). */
function withoutGrease(values: readonly number[]): readonly number[] {
  return values
    .filter((value) => (value & 0x0f0f) !== 0x0a0a || value >> 8 !== (value & 0xff))
    .slice(0, MAX_LISTED);
}

function named(names: Readonly<Record<number, string>>): (value: number) => string {
  return (value) => nameIn(names, value);
}

/** Reads big-endian numbers and vectors; a RangeError where there are not enough bytes. */
class Reader {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  isAtEnd(): boolean {
    return this.#at === this.#bytes.length;
  }

  bytes(count: number): Uint8Array {
    const end = this.#at + count;
    if (end > this.#bytes.length) throw new RangeError('The message ends too early.');
    const bytes = this.#bytes.subarray(this.#at, end);
    this.#at = end;
    return bytes;
  }

  rest(): Uint8Array {
    return this.bytes(this.#bytes.length - this.#at);
  }

  number(width: 1 | 2 | 3): number {
    return this.bytes(width).reduce((value, byte) => value * 256 + byte, 0);
  }

  /** What follows a length of that many bytes. */
  vector(width: 1 | 2 | 3): Reader {
    return new Reader(this.bytes(this.number(width)));
  }

  /** All that is left, as numbers. */
  numbers(width: 1 | 2): readonly number[] {
    const values: number[] = [];
    while (!this.isAtEnd()) values.push(this.number(width));
    return values;
  }
}
