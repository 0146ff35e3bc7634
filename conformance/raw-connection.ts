/** A TLS connection to the KMIP port on which a test can say anything, and say it badly. */

import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect, type SecureVersion, type TLSSocket } from 'node:tls';
import {
  decodeItem,
  ProtocolVersion,
  type ResponseBatchItem,
  ResponseMessage,
  TAGS,
  versionOf,
} from '@claviger/kmip-protocol';
import { createFrameReader, decodeTtlv } from '@claviger/ttlv-codec';
import { type Identity, ownIdentity } from './gateway-client.ts';
import type { GatewayProcess } from './gateway-process.ts';

export interface RawConnection {
  readonly socket: TLSSocket;
  send(bytes: Uint8Array): void;
  /** The next whole message; undefined when the gateway closes the connection first. */
  receive(): Promise<Uint8Array | undefined>;
  /** Resolves when the connection is closed, by whichever side. */
  readonly closed: Promise<void>;
}

const MAX_ANSWER_BYTES = 8 * 1024 * 1024;
const RECEIVE_TIMEOUT_MS = 20_000;

/** Connects and finishes the handshake. What is not received stays in the socket. */
export async function connectRaw(
  gateway: GatewayProcess,
  { cert, key }: Identity = ownIdentity(gateway),
  tlsVersion?: SecureVersion,
): Promise<RawConnection> {
  const socket = connect({
    ...gateway.kmip,
    ca: readFileSync(gateway.pki.ca),
    cert,
    key,
    ...(tlsVersion !== undefined && { minVersion: tlsVersion, maxVersion: tlsVersion }),
  });
  // A connection that the gateway cuts may end with an error: to a test, closed is closed.
  socket.on('error', () => {});
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  await Promise.race([
    once(socket, 'secureConnect'),
    closed.then(() => Promise.reject(new Error('The connection was closed in the handshake.'))),
  ]);
  const reader = createFrameReader({ maxMessageBytes: MAX_ANSWER_BYTES });

  async function receive(): Promise<Uint8Array | undefined> {
    const deadline = Date.now() + RECEIVE_TIMEOUT_MS;
    for (;;) {
      const message = reader.next();
      if (message !== undefined) return message;
      const chunk: Uint8Array | null = socket.read();
      if (chunk !== null) reader.push(new Uint8Array(chunk));
      else if (socket.readableEnded || socket.destroyed) return undefined;
      else await readableOrClosed(deadline - Date.now());
    }
  }

  function readableOrClosed(milliseconds: number): Promise<void> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(
        () => reject(new Error('The gateway neither answered nor closed the connection.')),
        Math.max(0, milliseconds),
      );
      const go = () => {
        clearTimeout(timer);
        for (const event of EVENTS) socket.off(event, go);
        resolve();
      };
      for (const event of EVENTS) socket.on(event, go);
    });
  }

  return { socket, send: (bytes) => socket.write(bytes), receive, closed };
}

const EVENTS = ['readable', 'end', 'close'] as const;

export interface Answer {
  /** E.g. `1.4`. */
  readonly version: string;
  readonly items: readonly ResponseBatchItem[];
}

/** Reads a response message by the rules of the version that it names. @throws Error when it is none. */
export function parseAnswer(message: Uint8Array): Answer {
  const root = decodeTtlv(message, { maxMessageBytes: MAX_ANSWER_BYTES, maxItems: 1_000_000 });
  const [header] = root.type === 'Structure' ? root.value : [];
  const [first] = header?.type === 'Structure' ? header.value : [];
  if (first?.tag !== TAGS.ProtocolVersion) throw new Error('The answer names no version.');
  const version = versionOf(decodeItem(ProtocolVersion, first, '1.0'));
  if (version === undefined) throw new Error('The answer is of a version that there is not.');
  const { responseHeader, batchItem } = decodeItem(ResponseMessage, root, version);
  if (responseHeader.batchCount !== batchItem.length) {
    throw new Error('The Batch Count of the answer is wrong.');
  }
  return { version, items: batchItem };
}
