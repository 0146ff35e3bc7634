/**
 * The requests that a server sends to its clients (1.4 §5, 2.1 §6.2): by a connection that it makes itself, or
 * by one of theirs whose roles were turned. A request is never sent twice here: who asks decides.
 */

import type { Version } from '@claviger/kmip-protocol';
import { operationFailed } from './error.ts';
import { type KmipClientOptions, resolveOptions } from './options.ts';
import type { RequestPayload, ServerOperation, ServerRequestAnswer } from './payloads.ts';
import { encodeRequest } from './request-message.ts';
import { malformed, parseResponse } from './response-message.ts';
import { loadSecureContext } from './secure-context.ts';
import { createTransport } from './transport.ts';

export interface ServerRequests {
  /**
   * Asks a client, in one version.
   *
   * @throws KmipClientError with any code; TypeError when the payload is not the operation's in that version.
   */
  request<O extends ServerOperation>(
    version: Version,
    operation: O,
    payload: RequestPayload<O>,
  ): Promise<ServerRequestAnswer<O>>;
  /** Fails what is under way; resolves when the connection is gone. */
  close(): Promise<void>;
}

export type ServerRequestsOptions = Pick<
  KmipClientOptions,
  'host' | 'port' | 'tls' | 'requestTimeoutMs' | 'connectTimeoutMs'
>;

/** Largest answer of a client: it says whether it was done, or lists what it can do. */
const MAX_ANSWER_BYTES = 1024 * 1024;

/**
 * By a connection of the server's own. It connects with the first request, and anew when it was closed.
 *
 * @throws as `createKmipClient`.
 */
export function createServerRequests(options: ServerRequestsOptions): ServerRequests {
  const resolved = resolveOptions({ ...options, maximumMessageBytes: MAX_ANSWER_BYTES });
  const transport = createTransport(resolved, loadSecureContext(resolved.tls));
  return serverRequestsOver(
    (request) => transport.exchange({ request, isRepeatable: false, parse: (answer) => answer }),
    () => transport.close(),
  );
}

/**
 * By whatever takes one message and answers with another.
 *
 * @param exchange - Gets a fresh buffer, which is wiped when the answer is there: it may hold key material.
 */
export function serverRequestsOver(
  exchange: (request: Uint8Array) => Promise<Uint8Array>,
  close: () => Promise<void>,
): ServerRequests {
  return {
    async request<O extends ServerOperation>(
      version: Version,
      operation: O,
      payload: RequestPayload<O>,
    ): Promise<ServerRequestAnswer<O>> {
      const items = [{ operation, payload, id: undefined }];
      const request = encodeRequest({
        version,
        items,
        maximumResponseSize: undefined,
        clientCorrelationValue: undefined,
      });
      let answer: Uint8Array;
      try {
        answer = await exchange(request);
      } finally {
        request.fill(0);
      }
      const parsed = parseResponse(answer, {
        version,
        items,
        mayStopEarly: false,
        maximumMessageBytes: MAX_ANSWER_BYTES,
      });
      if (parsed.kind === 'refused') throw operationFailed(operation, parsed.failure);
      const [result] = parsed.results;
      // `parseResponse` read the payload with the schema of the operation.
      if (result?.kind === 'success') return result.payload as ServerRequestAnswer<O>;
      if (result?.kind === 'failure') throw operationFailed(operation, result);
      throw malformed('it says nothing about the operation');
    },
    close,
  };
}
