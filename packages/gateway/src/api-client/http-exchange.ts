/** One request and its answer over HTTPS, or over HTTP on a Unix socket; bounded in size and time. */

import { request as httpRequest, type IncomingMessage, type RequestOptions } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { z } from 'zod';
import { Failure } from '../failure.ts';
import type { ApiAnswer } from './api-connection.ts';
import { ApiRefusal, refusalIn } from './api-refusal.ts';

/** Where requests go. */
export type HttpDestination =
  | {
      readonly kind: 'https';
      readonly url: URL;
      /** PEM of the authorities that are trusted; those of the system when undefined. */
      readonly ca: Uint8Array | undefined;
    }
  | { readonly kind: 'socket'; readonly socketPath: string };

export interface HttpExchange {
  readonly method: string;
  /** From the root. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly content?: string | undefined;
}

/** 5,000 objects with all their attributes have about 10 MiB. */
const MAX_ANSWER_BYTES = 64 * 1024 * 1024;
const TIMEOUT_MS = 60_000;

/** @throws Failure `unreachable`. */
export async function exchange(to: HttpDestination, asked: HttpExchange): Promise<ApiAnswer> {
  const headers = { accept: 'application/json', ...asked.headers };
  try {
    return await readAnswer(await send(to, { ...asked, headers }, { timeout: TIMEOUT_MS }));
  } catch (error) {
    throw toUnreachable(to, error);
  }
}

/**
 * Asks for a stream. It may be silent for as long as the other side's heartbeats.
 *
 * @returns pieces of text.
 * @throws ApiRefusal; Failure `unreachable`, also while the pieces come.
 */
export async function exchangeStream(
  to: HttpDestination,
  asked: HttpExchange,
  signal: AbortSignal,
): Promise<AsyncIterable<string>> {
  try {
    const response = await send(to, asked, { timeout: TIMEOUT_MS, signal });
    if (response.statusCode !== 200) throw refusalIn(await readAnswer(response));
    return piecesOf(to, response, signal);
  } catch (error) {
    if (error instanceof ApiRefusal) throw error;
    throw toUnreachable(to, error);
  }
}

/** What asks for a stream. */
export function streamHeaders(accept: string, lastEventId: string | undefined) {
  return { accept, ...(lastEventId !== undefined && { 'last-event-id': lastEventId }) };
}

async function* piecesOf(
  to: HttpDestination,
  response: IncomingMessage,
  signal: AbortSignal,
): AsyncGenerator<string> {
  response.setEncoding('utf8');
  try {
    for await (const piece of response) yield String(piece);
  } catch (error) {
    if (!signal.aborted) throw toUnreachable(to, error);
  }
}

function send(
  to: HttpDestination,
  { method, path, headers, content }: HttpExchange,
  { timeout, signal }: { readonly timeout: number; readonly signal?: AbortSignal },
): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const options: RequestOptions = {
      method,
      headers: {
        ...headers,
        ...(content !== undefined && { 'content-length': String(Buffer.byteLength(content)) }),
      },
      agent: false,
      timeout,
      ...(signal !== undefined && { signal }),
    };
    const sent =
      to.kind === 'socket'
        ? httpRequest({ ...options, socketPath: to.socketPath, path }, resolve)
        : httpsRequest(
            new URL(to.url.pathname.replace(/\/$/, '') + path, to.url),
            { ...options, ...(to.ca !== undefined && { ca: Buffer.from(to.ca) }) },
            resolve,
          );
    sent.on('timeout', () => sent.destroy(new Error(`no answer within ${timeout / 1000} seconds`)));
    sent.on('error', reject);
    sent.end(content);
  });
}

async function readAnswer(response: IncomingMessage): Promise<ApiAnswer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of response) {
    const bytes = Buffer.from(chunk);
    length += bytes.length;
    if (length > MAX_ANSWER_BYTES) {
      response.destroy();
      throw new Error(`the answer is larger than ${MAX_ANSWER_BYTES} bytes`);
    }
    chunks.push(bytes);
  }
  const text = Buffer.concat(chunks).toString('utf8');
  const isJson = /\bjson\b/.test(response.headers['content-type'] ?? '');
  const body = text === '' ? undefined : isJson ? parseJson(text) : text;
  return { status: response.statusCode ?? 0, body };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new Error('the answer is no JSON', { cause });
  }
}

const WithCode = z.object({ code: z.string() });

/** What to do about what node:tls and node:net say. */
const ADVICE: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens there. Is the gateway running, and is this the port of its API?',
  ENOTFOUND: 'there is no such host.',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'its certificate is not trusted.',
  SELF_SIGNED_CERT_IN_CHAIN: 'its certificate is not trusted.',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'its certificate is not trusted.',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'its certificate is not trusted.',
  CERT_SIGNATURE_FAILURE: 'its certificate is not signed by the authority of --ca-file.',
  CERT_HAS_EXPIRED: 'its certificate has expired.',
  ERR_TLS_CERT_ALTNAME_INVALID:
    'its certificate is for other names. Use one of those, or add this one to tls.dns_names or tls.ip_addresses.',
  EPROTO: 'that is no HTTPS.',
  EACCES: 'its socket belongs to another account. Run the command as the account of the gateway.',
};

function toUnreachable(to: HttpDestination, error: unknown): Failure {
  return unreachable(to, error instanceof Error ? error : new Error(String(error)));
}

function unreachable(to: HttpDestination, cause: Error): Failure {
  const where = to.kind === 'socket' ? to.socketPath : to.url.origin;
  const parsed = WithCode.safeParse(cause);
  const advice = parsed.success ? ADVICE[parsed.data.code] : undefined;
  const why =
    advice ?? `${cause.message === '' && parsed.success ? parsed.data.code : cause.message}.`;
  const trust = /not trusted/.test(why)
    ? ' Name its authority with --ca-file; that of a gateway is pki/ca.crt of its data directory.'
    : '';
  return new Failure('unreachable', `The API at ${where} cannot be reached: ${why}${trust}`, {
    cause,
  });
}
