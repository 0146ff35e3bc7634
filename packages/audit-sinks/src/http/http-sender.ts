/**
 * One request after the other to one receiver. On `node:https` since `fetch` has no way to give a request
 * authorities and a client certificate of its own. Redirects are not followed: secrets stay here.
 */

import { request as httpRequest, type IncomingMessage } from 'node:http';
import { Agent, request as httpsRequest } from 'node:https';
import { toConnectionError } from '../connection-error.ts';
import { throwIfAborted } from '../sink.ts';
import { loadTls, type ReadTls, toTlsConnectOptions } from '../tls-options.ts';

export interface HttpRequest {
  readonly method: 'POST' | 'PUT';
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

export interface HttpAnswer {
  readonly status: number;
  /** What `Retry-After` said, in milliseconds. */
  readonly retryAfterMs: number | undefined;
  /** The beginning of the body; what is longer is not read. */
  readonly body: Uint8Array;
}

export interface HttpSender {
  /**
   * The answer counts when it has come whole, or as much of it as is read: a receiver that says 200 and
   * breaks off has not answered.
   *
   * @throws DeliveryError when there is no answer.
   */
  send(request: HttpRequest, signal: AbortSignal): Promise<HttpAnswer>;
  close(): void;
}

export interface HttpSenderOptions {
  readonly readTls?: ReadTls | undefined;
  /** Milliseconds since the epoch, for `Retry-After` with a date. */
  readonly now: () => number;
}

/** More of an answer is not read; the connection is given up then. */
const MAX_ANSWER_BYTES = 65_536;
/** A connection that has been idle for longer is likely to be gone on the other side. */
const IDLE_MS = 5_000;

/** @throws RangeError when the URL is neither https nor http on this machine. */
export function checkUrl(text: string): URL {
  const url = new URL(text);
  const isLocal = ['localhost', '127.0.0.1', '[::1]'].includes(url.hostname);
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && isLocal)) {
    throw new RangeError(`${url.origin}: events leave this machine over https only.`);
  }
  if (url.username !== '' || url.password !== '') {
    throw new RangeError(`${url.origin}: credentials belong into a file, not into the URL.`);
  }
  return url;
}

export function createHttpSender({ readTls, now }: HttpSenderOptions): HttpSender {
  const agent = new Agent({ keepAlive: true, maxSockets: 1, timeout: IDLE_MS });

  return {
    async send({ method, url, headers, body }, signal) {
      throwIfAborted(signal);
      const tls = toTlsConnectOptions(readTls ? await loadTls(readTls) : {});
      const options = { method, headers: { ...headers, 'content-length': body.length }, signal };
      try {
        return await new Promise<HttpAnswer>((resolve, reject) => {
          const request =
            url.protocol === 'https:'
              ? httpsRequest(url, { ...options, ...tls, agent })
              : httpRequest(url, options);
          request.once('error', reject);
          request.once('response', (response) => {
            readAnswer(response, now).then((answer) => {
              // Nothing more is wanted of this exchange, whether the receiver goes on or not.
              if (!response.complete) request.destroy();
              resolve(answer);
            }, reject);
          });
          request.end(body);
        });
      } catch (error) {
        throwIfAborted(signal);
        throw toConnectionError(error, url.origin);
      }
    },
    close: () => agent.destroy(),
  };
}

async function readAnswer(response: IncomingMessage, now: () => number): Promise<HttpAnswer> {
  const parts: Uint8Array[] = [];
  let bytes = 0;
  // Leaving the loop early closes the connection.
  for await (const part of response) {
    if (!(part instanceof Uint8Array)) continue;
    parts.push(part.subarray(0, MAX_ANSWER_BYTES - bytes));
    bytes += part.length;
    if (bytes >= MAX_ANSWER_BYTES) break;
  }
  return {
    status: response.statusCode ?? 0,
    retryAfterMs: parseRetryAfter(response.headers['retry-after'], now()),
    body: Buffer.concat(parts),
  };
}

/**
 * Seconds, or a date (RFC 9110 §10.2.3).
 *
 * @returns milliseconds from now, undefined for anything else.
 */
export function parseRetryAfter(text: string | undefined, now: number): number | undefined {
  if (text === undefined) return undefined;
  if (/^\d{1,9}$/.test(text)) return Number(text) * 1000;
  const date = Date.parse(text);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}
