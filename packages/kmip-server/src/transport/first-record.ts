/**
 * Looks at the first record of a connection before TLS does, and gives it back: when the handshake
 * fails, TLS tells neither what the client has offered nor that it spoke something else.
 */

import type { Socket } from 'node:net';
import { HANDSHAKE_RECORD, MAX_RECORD_BYTES, RECORD_HEADER_BYTES } from './client-hello.ts';

export type FirstRecord =
  /** The bytes are in the socket again: whoever reads it gets them. At most one record, to be read only. */
  | { readonly kind: 'seen'; readonly bytes: Uint8Array }
  /** The client ended, or was cut off, before it had sent a whole record. */
  | { readonly kind: 'ended'; readonly bytes: Uint8Array }
  /** It did not come in time. */
  | { readonly kind: 'late'; readonly bytes: Uint8Array };

const MAX_CHUNKS = 16;

/** Waits for one TLS record, or for as many bytes as show that there will be none. */
export function firstRecordOf(socket: Socket, timeoutMs: number): Promise<FirstRecord> {
  return new Promise((resolve) => {
    let chunks: Buffer[] = [];
    let length = 0;
    const timer = setTimeout(() => done('late'), timeoutMs);

    function done(kind: FirstRecord['kind']): void {
      clearTimeout(timer);
      socket.off('readable', onReadable);
      socket.off('end', onEnd);
      socket.off('close', onEnd);
      const bytes = joined(chunks, length);
      if (kind === 'seen') socket.unshift(bytes);
      resolve({ kind, bytes: bytes.subarray(0, MAX_RECORD_BYTES) });
    }
    function onReadable(): void {
      for (let chunk = socket.read(); chunk !== null; chunk = socket.read()) {
        chunks.push(chunk);
        length += chunk.length;
      }
      // A client that sends byte by byte must not make a long list.
      if (chunks.length > MAX_CHUNKS) chunks = [Buffer.concat(chunks, length)];
      if (isEnough(chunks, length)) done('seen');
    }
    function onEnd(): void {
      done('ended');
    }

    socket.on('readable', onReadable);
    socket.once('end', onEnd);
    socket.once('close', onEnd);
  });
}

function isEnough(chunks: readonly Buffer[], length: number): boolean {
  if (length === 0) return false;
  if (chunks[0]?.[0] !== HANDSHAKE_RECORD || length >= MAX_RECORD_BYTES) return true;
  if (length < RECORD_HEADER_BYTES) return false;
  const header = joined(chunks, RECORD_HEADER_BYTES);
  return length >= RECORD_HEADER_BYTES + header.readUInt16BE(3);
}

/** At least so many bytes. Nearly every client sends its first record in one piece, which needs no copy. */
function joined(chunks: readonly Buffer[], length: number): Buffer {
  const [first] = chunks;
  return first !== undefined && chunks.length === 1 ? first : Buffer.concat(chunks, length);
}
