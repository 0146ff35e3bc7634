/**
 * A connection whose roles were turned (2.1 §6.1.54): the server writes requests, the client answers them, one at
 * a time. Whatever comes without having been asked for ends it.
 */

import type { Duplex } from 'node:stream';
import { createFrameReader } from '@claviger/ttlv-codec';

export interface ClientChannelOptions {
  readonly socket: Duplex;
  readonly maxMessageBytes: number;
  /** From a request to the end of its answer. */
  readonly answerTimeoutMs: number;
}

export interface ClientChannel {
  /** @throws Error saying what became of the connection, or that another request is under way. */
  exchange(request: Uint8Array): Promise<Uint8Array>;
  /** Lets go of the socket, which somebody else reads from now on. */
  release(): void;
  close(): void;
  /** Resolves when the channel is closed or released. */
  readonly ended: Promise<void>;
}

interface Pending {
  answered(bytes: Uint8Array): void;
  failed(error: Error): void;
}

export function createClientChannel(options: ClientChannelOptions): ClientChannel {
  const { socket, maxMessageBytes, answerTimeoutMs } = options;
  const reader = createFrameReader({ maxMessageBytes });
  let pending: Pending | undefined;
  /** What came behind an answer. */
  let ahead: Uint8Array | undefined;
  let isOver = false;
  let end = () => {};
  const ended = new Promise<void>((resolve) => {
    end = resolve;
  });

  function letGo(why: string): void {
    if (isOver) return;
    isOver = true;
    socket.off('data', receive);
    socket.off('end', onEnd);
    socket.off('close', onEnd);
    pending?.failed(new Error(why));
    end();
  }

  function fail(why: string): void {
    if (isOver) return; // the socket may be another's by now
    letGo(why);
    socket.destroy();
  }

  function receive(chunk: Uint8Array): void {
    try {
      reader.push(chunk);
      const frame = reader.next();
      if (frame === undefined) return;
      if (pending === undefined) {
        fail('the client sent what it was not asked for');
        return;
      }
      if (reader.bufferedBytes > 0) {
        // After the answer to Set Endpoint Role this may be a request: whoever reads next decides.
        ahead = chunk.subarray(chunk.byteLength - reader.bufferedBytes);
        socket.pause();
      }
      pending.answered(frame);
    } catch {
      fail('the client sent something that is no KMIP message');
    }
  }

  function onEnd(): void {
    fail('the client closed the connection');
  }

  socket.on('data', receive);
  socket.once('end', onEnd);
  socket.once('close', onEnd);
  socket.resume();
  if (socket.destroyed || socket.readableEnded) onEnd();

  return {
    async exchange(request) {
      if (ahead !== undefined) fail('the client sent what it was not asked for');
      if (isOver) throw new Error('the connection is gone');
      if (pending !== undefined) throw new Error('another request is under way');
      let timer: NodeJS.Timeout | undefined;
      try {
        return await new Promise<Uint8Array>((resolve, reject) => {
          pending = { answered: resolve, failed: reject };
          timer = setTimeout(
            () => fail(`the client did not answer within ${answerTimeoutMs} ms`),
            answerTimeoutMs,
          );
          socket.write(request);
        });
      } finally {
        clearTimeout(timer);
        pending = undefined;
      }
    },
    release() {
      letGo('the roles were turned back');
      if (ahead !== undefined) socket.unshift(ahead);
    },
    close: () => fail('the connection was closed'),
    ended,
  };
}
