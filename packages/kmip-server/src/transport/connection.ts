/**
 * One connection with a known principal: requests in, answers out, in order.
 *
 * A client may send several requests without waiting; they are worked on one after the other, so that
 * each sees what the one before it did. Reading stops while as much waits as may wait, and while the
 * client does not take its answers.
 *
 * However a connection comes to its end, what had arrived in whole before is answered first: when the
 * client sends no more, when it sends something that is no KMIP, and when the server shuts down.
 */

import type { Duplex } from 'node:stream';
import type { Version } from '@claviger/kmip-protocol';
import { createFrameReader, TtlvError } from '@claviger/ttlv-codec';
import type { ProcessedMessage } from '../batch/process-message.ts';
import type { Logger } from '../dependencies.ts';
import type { KmipServerLimits } from '../limits.ts';

export interface ConnectionOptions {
  /** Half-open connections are allowed on it. Nobody else reads from it, writes to it or ends it. */
  readonly socket: Duplex;
  readonly limits: Pick<
    KmipServerLimits,
    'maxMessageBytes' | 'maxQueuedRequests' | 'idleTimeoutMs' | 'writeTimeoutMs'
  >;
  readonly log: Logger;
  process(request: Uint8Array): Promise<ProcessedMessage>;
  /** The bytes are no KMIP, or end in the middle of a message. */
  processUnreadable(error: TtlvError): Promise<ProcessedMessage>;
  onCertificateRemoved(): void;
  /** Whether so much of the client waits that nothing more is read while a request of the connection does. */
  isCrowded?(): boolean;
  /**
   * The server asks from now on, in this version: the socket is somebody else's to read. Serving it anew makes
   * the client the one that asks again.
   */
  onRolesTurned?(version: Version): void;
}

export interface Connection {
  /** Resolves when the socket is closed and nothing of it is being worked on any more. */
  readonly done: Promise<void>;
  /** Answers the requests that have arrived, then ends; resolves as `done`. */
  drain(): Promise<void>;
  destroy(): void;
}

/** How long the client has to close as well, once it has got everything. */
const LINGER_MS = 2000;

/** Starts to serve. */
export function serveConnection(options: ConnectionOptions): Connection {
  const { socket, limits, log } = options;
  const reader = createFrameReader({ maxMessageBytes: limits.maxMessageBytes });
  const queue: Uint8Array[] = [];
  let queuedBytes = 0;
  /** Why the bytes after those in the queue are no message. */
  let fault: TtlvError | undefined;
  let isWorking = false;
  /** The client sends no more. */
  let hasEnded = false;
  /** No more is read: the client has ended, or the server shuts down. */
  let isEnding = false;
  /** Everything is answered; what the client still sends is of no interest. */
  let isFinished = false;
  /** Another one reads the socket, for good. */
  let isHandedOver = false;
  let timer: NodeJS.Timeout | undefined;

  let worked: Promise<void> = Promise.resolve();

  /** Of the answer that is being written, when the socket will take no more of it. */
  let giveUpWriting: (() => void) | undefined;

  const done = new Promise<void>((resolve) => {
    socket.once('close', () => {
      giveUpWriting?.();
      void worked.then(resolve);
    });
  });

  function destroyAfter(
    milliseconds: number,
    reason: string,
    level: 'debug' | 'info' = 'debug',
  ): void {
    clearTimeout(timer);
    if (socket.destroyed) return;
    timer = setTimeout(() => {
      log[level]({ reason }, 'a connection was closed');
      socket.destroy();
    }, milliseconds);
  }

  /** Moves whole requests into the queue, and reads on as long as there is room for more. */
  function fill(): void {
    while (fault === undefined && !isFull()) {
      const request = nextFrame();
      if (request === undefined) break;
      queue.push(request);
      queuedBytes += request.byteLength;
    }
    if (isFull() || isEnding || fault !== undefined) socket.pause();
    else socket.resume();
  }

  function isFull(): boolean {
    if (queue.length > 0 && options.isCrowded?.() === true) return true;
    return queue.length >= limits.maxQueuedRequests || queuedBytes >= limits.maxMessageBytes;
  }

  function nextFrame(): Uint8Array | undefined {
    try {
      return reader.next();
    } catch (error) {
      fault = asTtlvError(error);
      return undefined;
    }
  }

  function receive(chunk: Uint8Array): void {
    if (isFinished || fault !== undefined) return;
    try {
      reader.push(chunk);
    } catch (error) {
      fault = asTtlvError(error);
    }
    fill();
    if (queue.length > 0 || fault !== undefined) startWork();
  }

  function startWork(): void {
    if (!isWorking) worked = work();
  }

  /** Answers what waits; never rejects. */
  async function work(): Promise<void> {
    isWorking = true;
    clearTimeout(timer);
    try {
      for (let request = queue.shift(); request !== undefined; request = queue.shift()) {
        queuedBytes -= request.byteLength;
        const processed = await processedOf(request);
        if (!(await answer(processed))) return void socket.destroy();
        if (processed.kind === 'answer' && processed.turnsRolesIn !== undefined) {
          return handOver(processed.turnsRolesIn);
        }
        fill();
      }
      if (hasEnded) fault ??= incomplete(reader.bufferedBytes);
      if (fault !== undefined) await answer(await options.processUnreadable(fault));
    } catch (error) {
      giveUp(error);
      return;
    } finally {
      isWorking = false;
    }
    if (isEnding || fault !== undefined) finish();
    else waitForRequest();
  }

  /** What becomes of a request, whose bytes are wiped: they may hold a key that is registered. */
  async function processedOf(request: Uint8Array): Promise<ProcessedMessage> {
    try {
      return await options.process(request);
    } finally {
      request.fill(0);
    }
  }

  /** Leaves the socket to whoever asks the client. */
  function handOver(version: Version): void {
    if (isEnding) {
      finish();
      return;
    }
    if (queue.length > 0 || fault !== undefined || reader.bufferedBytes > 0) {
      log.info({ reason: 'requests after Set Endpoint Role' }, 'a connection was closed');
      socket.destroy();
      return;
    }
    isHandedOver = true;
    socket.off('data', onData);
    socket.off('end', onEnd);
    options.onRolesTurned?.(version);
  }

  /** Half a request is no less wrong than bytes that are none. */
  function waitForRequest(): void {
    clearTimeout(timer);
    if (socket.destroyed) return;
    timer = setTimeout(() => {
      fault = incomplete(reader.bufferedBytes);
      if (fault !== undefined) return startWork();
      log.debug({ reason: 'idle' }, 'a connection was closed');
      socket.destroy();
    }, limits.idleTimeoutMs);
  }

  /** @returns false when the connection is of no more use. */
  async function answer(processed: ProcessedMessage): Promise<boolean> {
    switch (processed.kind) {
      case 'answer':
        return await write(processed.bytes);
      case 'close':
        log.info({ reason: processed.reason }, 'a connection was closed');
        return false;
      case 'certificate-removed':
        options.onCertificateRemoved();
        return false;
    }
  }

  /** Writes an answer and waits until the socket has taken it; wipes it afterwards. */
  async function write(bytes: Uint8Array): Promise<boolean> {
    destroyAfter(limits.writeTimeoutMs, 'the client does not take its answer', 'info');
    try {
      return await new Promise<boolean>((resolve) => {
        if (!socket.writable) return resolve(false);
        giveUpWriting = () => resolve(false);
        socket.write(bytes, (error) => resolve(!error));
      });
    } finally {
      giveUpWriting = undefined;
      clearTimeout(timer);
      bytes.fill(0);
    }
  }

  /** Says that no more comes, and waits a little for the client to do the same. */
  function finish(): void {
    if (isFinished) return;
    isFinished = true;
    socket.end();
    // Bytes left unread would become a reset, and could cost the client answers under way to it.
    socket.resume();
    destroyAfter(LINGER_MS, 'the client does not close');
  }

  /** The client sends no more: what is there is answered. */
  function onEnd(): void {
    hasEnded = true;
    isEnding = true;
    if (!isFinished) startWork();
  }

  function giveUp(error: unknown): void {
    log.error({ err: error }, 'a connection failed unexpectedly');
    socket.destroy();
  }

  function onData(chunk: Uint8Array): void {
    try {
      receive(chunk);
    } catch (error) {
      giveUp(error);
    }
  }

  socket.on('data', onData);
  socket.on('end', onEnd);
  socket.once('close', () => clearTimeout(timer));
  waitForRequest();
  // A client that sent nothing may have ended before anybody listened.
  if (socket.readableEnded) onEnd();

  return {
    done,
    async drain() {
      isEnding = true;
      if (isHandedOver) return void (await done);
      socket.pause();
      if (!isWorking) finish();
      await done;
    },
    destroy: () => socket.destroy(),
  };
}

/** The error for a client that stops in the middle of a message; undefined when there is nothing left. */
function incomplete(bufferedBytes: number): TtlvError | undefined {
  if (bufferedBytes === 0) return undefined;
  return new TtlvError('truncated', 'The rest of a message did not come', bufferedBytes, '');
}

/** What a frame reader throws; anything else is a fault of the program and goes on. */
function asTtlvError(error: unknown): TtlvError {
  if (error instanceof TtlvError) return error;
  throw error;
}
