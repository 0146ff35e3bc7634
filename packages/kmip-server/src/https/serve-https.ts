/**
 * One HTTPS connection with a known principal: messages of KMIP in the bodies of `POST /kmip` (KMIP
 * Additional Message Encodings 1.0 §2). TLS and the client's certificate are the listener's business.
 *
 * Requests are worked on one after the other. The body of one is read only when the one before it is
 * answered, so that a client that does not wait fills no memory.
 */

import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { TtlvError } from '@claviger/ttlv-codec';
import type { ProcessedMessage } from '../batch/process-message.ts';
import { concatenate } from '../concatenate.ts';
import type { Connection, ConnectionOptions } from '../transport/connection.ts';
import type { FindEncoding, MessageEncoding } from './message-encoding.ts';

export interface HttpsConnectionOptions extends ConnectionOptions {
  readonly socket: Socket;
  readonly findEncoding: FindEncoding;
}

/** The path that the profile recommends (§2.3). */
const PATH = '/kmip';

/** Starts to serve. */
export function serveHttps(options: HttpsConnectionOptions): Connection {
  const { socket, limits, log, findEncoding } = options;
  let waiting = 0;
  let worked: Promise<void> = Promise.resolve();
  let isEnding = false;
  let timer: NodeJS.Timeout | undefined;

  // It never listens: the connection is handed to it. Node's own time-outs belong to servers that do.
  const http = createServer({ keepAlive: false }, (request, response) => {
    waiting += 1;
    if (waiting > limits.maxQueuedRequests) return void socket.destroy();
    // Nobody listens for the errors of a connection that breaks meanwhile; the socket tells of them.
    request.on('error', () => {});
    response.on('error', () => {});
    worked = worked.then(() => serve(request, response));
  });

  const done = new Promise<void>((resolve) => {
    socket.once('close', () => {
      clearTimeout(timer);
      worked.then(resolve);
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

  function waitForRequest(): void {
    destroyAfter(limits.idleTimeoutMs, 'idle');
  }

  /** Answers one request; never rejects. */
  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      if (!socket.destroyed) await answer(request, response);
    } catch (error) {
      log.error({ err: error }, 'a connection failed unexpectedly');
      socket.destroy();
    } finally {
      waiting -= 1;
      if (isEnding && waiting === 0) socket.end();
      else waitForRequest();
    }
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const encoding = findEncoding(request.headers['content-type']);
    if (request.url?.split('?')[0] !== PATH)
      return refuse(response, 404, `Messages are taken at ${PATH}.`);
    if (request.method !== 'POST') {
      response.setHeader('Allow', 'POST');
      return refuse(response, 405, 'A message is sent by POST.');
    }
    if (encoding === undefined) {
      const known = 'application/octet-stream (TTLV), text/xml or application/json';
      return refuse(response, 415, `The Content-Type has to be ${known}.`);
    }
    const body = await readBody(request, limits.maxMessageBytes);
    clearTimeout(timer);
    if (body === 'gone') return void socket.destroy();
    if (body === 'too-large') {
      return refuse(response, 413, `A message has ${limits.maxMessageBytes} bytes at most.`);
    }
    try {
      await answerMessage(encoding, body, response);
    } finally {
      body.fill(0);
    }
  }

  async function answerMessage(
    encoding: MessageEncoding,
    body: Uint8Array,
    response: ServerResponse,
  ): Promise<void> {
    let message: Uint8Array;
    try {
      message = encoding.toTtlv(body, limits.maxMessageBytes);
    } catch (error) {
      if (!(error instanceof TtlvError)) throw error;
      const processed = await options.processUnreadable(error);
      if (processed.kind === 'certificate-removed') return options.onCertificateRemoved();
      return refuse(response, 400, `The body is no message: ${error.message}.`);
    }
    const processed = await processedOf(message);
    switch (processed.kind) {
      case 'answer':
        return await write(response, encoding, processed.bytes);
      case 'close':
        log.info({ reason: processed.reason }, 'a connection was closed');
        return void socket.destroy();
      case 'certificate-removed':
        return options.onCertificateRemoved();
    }
  }

  /** What becomes of a message, whose bytes are wiped: they may hold a key that is registered. */
  async function processedOf(message: Uint8Array): Promise<ProcessedMessage> {
    try {
      return await options.process(message);
    } finally {
      message.fill(0);
    }
  }

  /** Writes an answer and waits until the socket has taken it; wipes it afterwards. */
  async function write(
    response: ServerResponse,
    encoding: MessageEncoding,
    bytes: Uint8Array,
  ): Promise<void> {
    const body = encoding.fromTtlv(bytes);
    try {
      await send(response, 200, encoding.contentType, body);
    } finally {
      bytes.fill(0);
      body.fill(0);
    }
  }

  async function refuse(response: ServerResponse, status: number, words: string): Promise<void> {
    // What is left of the body is not read.
    response.shouldKeepAlive = false;
    await send(response, status, 'text/plain', new TextEncoder().encode(`${words}\n`));
  }

  async function send(
    response: ServerResponse,
    status: number,
    contentType: string,
    body: Uint8Array,
  ): Promise<void> {
    destroyAfter(limits.writeTimeoutMs, 'the client does not take its answer', 'info');
    if (isEnding) response.shouldKeepAlive = false;
    response.writeHead(status, {
      'Content-Type': contentType,
      'Content-Length': body.byteLength,
      'Cache-Control': 'no-cache',
    });
    await new Promise<void>((resolve) => {
      response.once('close', resolve);
      response.end(body);
    });
    clearTimeout(timer);
  }

  waitForRequest();
  http.emit('connection', socket);
  socket.resume();

  return {
    done,
    async drain() {
      isEnding = true;
      if (waiting === 0) socket.end();
      await done;
    },
    destroy: () => socket.destroy(),
  };
}

/** The whole body; `gone` when the client has broken off. */
async function readBody(
  request: IncomingMessage,
  maxBytes: number,
): Promise<Uint8Array | 'too-large' | 'gone'> {
  if (Number(request.headers['content-length'] ?? 0) > maxBytes) return 'too-large';
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    for await (const chunk of request) {
      if (!(chunk instanceof Uint8Array)) throw new TypeError('A request has text for its body.');
      size += chunk.byteLength;
      if (size > maxBytes) return 'too-large';
      chunks.push(chunk);
    }
  } catch (error) {
    if (request.complete) throw error;
    return 'gone';
  }
  const body = concatenate(chunks);
  for (const chunk of chunks) chunk.fill(0); // nobody else has them
  return body;
}
