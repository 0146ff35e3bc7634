/**
 * One connection with a known principal: requests in, answers out, in order.
 *
 * A client may send several requests without waiting; they are worked on one after the other, so that each sees what
 * the one before it did. Reading stops while too many wait or while the client does not take its
 * answers; what is buffered never exceeds the queue, one message and one chunk. A client that ends its
 * side still gets the answers to what it has asked.
 */

import type { TLSSocket } from 'node:tls';
import { createFrameReader, TtlvError } from '@claviger/ttlv-codec';
import type { ProcessedMessage } from '../batch/process-message.ts';
import type { Logger } from '../dependencies.ts';
import type { KmipServerLimits } from '../limits.ts';

export interface ConnectionOptions {
  readonly socket: TLSSocket;
  readonly limits: KmipServerLimits;
  readonly log: Logger;
  process(request: Uint8Array): Promise<ProcessedMessage>;
  /** The bytes are no KMIP, or end in the middle of a message: there is nothing to answer. */
  onUnreadable(error: TtlvError): Promise<void>;
  onCertificateRemoved(): void;
}

export interface Connection {
  /** Finishes the requests that have arrived, then ends. Resolves when the socket is closed. */
  drain(): Promise<void>;
  destroy(): void;
}

/** How long a client may take to end its side after we have ended ours. */
const LINGER_MS = 1000;

export function serveConnection(options: ConnectionOptions): Connection {
  const { socket, limits, log } = options;
  const reader = createFrameReader({ maxMessageBytes: limits.maxMessageBytes });
  const queue: Uint8Array[] = [];
  let broken: TtlvError | undefined;
  let working = false;
  let draining = false;
  let ended = false; // the client sends no more
  let timer: NodeJS.Timeout | undefined;

  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));

  function arm(milliseconds: number, reason: string): void {
    clearTimeout(timer);
    timer = setTimeout(() => {
      log.debug({ reason }, 'a connection was closed');
      socket.destroy();
    }, milliseconds);
  }

  /** Waits for the next request; half of one is no less wrong than bytes that are none. */
  function waitForRequest(): void {
    clearTimeout(timer);
    timer = setTimeout(() => {
      broken ??= incomplete(reader.bufferedBytes);
      if (broken !== undefined) return void work();
      log.debug({ reason: 'idle' }, 'a connection was closed');
      socket.destroy();
    }, limits.idleTimeoutMs);
  }

  /** Takes whole requests from the reader, as many as may wait. */
  function fill(): void {
    try {
      while (broken === undefined && queue.length < limits.maxQueuedRequests) {
        const frame = reader.next();
        if (frame === undefined) break;
        queue.push(frame);
      }
    } catch (error) {
      if (!(error instanceof TtlvError)) throw error;
      broken = error;
    }
    const isFull = queue.length >= limits.maxQueuedRequests || broken !== undefined;
    if (isFull && !socket.isPaused()) socket.pause();
    else if (!isFull && socket.isPaused() && !draining) socket.resume();
  }

  async function work(): Promise<void> {
    if (working) return;
    working = true;
    clearTimeout(timer);
    try {
      for (let request = queue.shift(); request !== undefined; request = queue.shift()) {
        const goesOn = await answer(request);
        if (!goesOn || socket.destroyed) return;
        fill();
      }
      if (ended) broken ??= incomplete(reader.bufferedBytes);
      if (broken !== undefined) {
        await options.onUnreadable(broken);
        socket.destroy();
        return;
      }
    } catch (error) {
      log.error({ err: error }, 'a connection failed unexpectedly');
      socket.destroy();
      return;
    } finally {
      working = false;
    }
    if (draining || ended) finish();
    else waitForRequest();
  }

  /** Ends our side. What the client still sends is dropped; one that does not end its side is cut off. */
  function finish(): void {
    draining = true;
    socket.end();
    socket.resume();
    arm(LINGER_MS, 'the client did not end its side');
  }

  async function answer(request: Uint8Array): Promise<boolean> {
    const processed = await options.process(request);
    switch (processed.kind) {
      case 'answer':
        return await write(processed.bytes);
      case 'close':
        socket.destroy();
        return false;
      case 'certificate-removed':
        options.onCertificateRemoved();
        socket.destroy();
        return false;
    }
  }

  /** Writes an answer and waits until the socket has taken it; wipes it afterwards. */
  async function write(bytes: Uint8Array): Promise<boolean> {
    if (socket.destroyed || !socket.writable) return false;
    arm(limits.writeTimeoutMs, 'the client does not take its answer');
    const taken = await new Promise<boolean>((resolve) => {
      const onClose = () => resolve(false);
      socket.once('close', onClose);
      socket.write(bytes, (error) => {
        socket.off('close', onClose);
        resolve(error === undefined || error === null);
      });
    });
    clearTimeout(timer);
    bytes.fill(0);
    return taken;
  }

  socket.on('data', (chunk: Uint8Array) => {
    if (broken !== undefined || draining) return;
    try {
      reader.push(chunk);
    } catch (error) {
      if (!(error instanceof TtlvError)) throw error;
      broken = error;
    }
    fill();
    if (queue.length > 0 || broken !== undefined) void work();
  });
  function onEnd(): void {
    ended = true;
    if (!draining) void work();
  }
  socket.on('end', onEnd);
  socket.on('error', (error) => log.debug({ err: error }, 'a connection broke'));
  socket.once('close', () => clearTimeout(timer));
  waitForRequest();
  // A client that sent nothing may have ended its side before anybody listened.
  if (socket.readableEnded) onEnd();

  return {
    async drain() {
      draining = true;
      socket.pause();
      if (!working) finish();
      await closed;
    },
    destroy: () => socket.destroy(),
  };
}

/** The error for a client that stops in the middle of a message; undefined when there is nothing left. */
function incomplete(bufferedBytes: number): TtlvError | undefined {
  if (bufferedBytes === 0) return undefined;
  return new TtlvError('truncated', 'The rest of a message did not come', bufferedBytes, '');
}
