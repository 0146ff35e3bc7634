/** Batches of events as JSON to a collector, by POST over HTTPS. */

import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { Sink, SinkEvent } from '../sink.ts';
import type { ReadTls } from '../tls-options.ts';
import { type Authorization, authorizationHeaders } from './authorization.ts';
import { checkStatus } from './check-status.ts';
import { checkUrl, createHttpSender } from './http-sender.ts';

export interface HttpsSinkOptions {
  /** `https:`, or `http:` to this machine. Without credentials. */
  readonly url: string;
  /** `json`: one array (default); `ndjson`: an event a line. Events stand as they are stored in both. */
  readonly format?: 'json' | 'ndjson' | undefined;
  /** Whether bodies are compressed with gzip. Default true. */
  readonly compress?: boolean | undefined;
  readonly authorization?: Authorization | undefined;
  readonly readTls?: ReadTls | undefined;
  /** Sent with each request; no place for secrets. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
}

export interface HttpSinkDependencies {
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

const compressed = promisify(gzip);

/**
 * A batch is delivered when the collector has answered 2xx and the answer has come whole. Each request
 * tells its batch in `Claviger-Batch: <first sequence>-<last sequence>`.
 *
 * @throws RangeError when the URL cannot be used.
 */
export function createHttpsSink({ now }: HttpSinkDependencies, options: HttpsSinkOptions): Sink {
  const { format = 'json', compress = true, authorization, headers } = options;
  const url = checkUrl(options.url);
  const sender = createHttpSender({ readTls: options.readTls, now });

  return {
    async deliver(batch, signal) {
      const plain = Buffer.from(format === 'json' ? jsonArray(batch) : lines(batch));
      const body = compress ? await compressed(plain) : plain;
      const request = {
        method: 'POST' as const,
        url,
        body,
        headers: {
          'Content-Type': format === 'json' ? 'application/json' : 'application/x-ndjson',
          ...(compress ? { 'Content-Encoding': 'gzip' } : {}),
          'Claviger-Batch': `${batch[0]?.sequence}-${batch.at(-1)?.sequence}`,
          ...headers,
          ...(await authorizationHeaders(authorization, plain, now())),
        },
      };
      checkStatus(await sender.send(request, signal), url.origin);
    },
    async close() {
      sender.close();
    },
  };
}

const jsonArray = (batch: readonly SinkEvent[]) => `[${batch.map(({ body }) => body).join(',\n')}]`;

const lines = (batch: readonly SinkEvent[]) => batch.map(({ body }) => `${body}\n`).join('');
