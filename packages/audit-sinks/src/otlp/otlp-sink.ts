/** Events as OpenTelemetry logs to a collector, over OTLP/HTTP. */

import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { type Authorization, authorizationHeaders } from '../http/authorization.ts';
import { checkStatus } from '../http/check-status.ts';
import { checkUrl, createHttpSender } from '../http/http-sender.ts';
import type { HttpSinkDependencies } from '../http/https-sink.ts';
import { DeliveryError, type Sink } from '../sink.ts';
import type { ReadTls } from '../tls-options.ts';
import { type ResourceAttributes, rejectedRecords, toOtlpLogs } from './otlp-logs.ts';

export interface OtlpSinkOptions {
  /** The whole address, e.g. `https://collector.example.com:4318/v1/logs`. */
  readonly url: string;
  /** Default `service.name: claviger`. */
  readonly resource?: ResourceAttributes | undefined;
  /** Whether bodies are compressed with gzip. Default true. */
  readonly compress?: boolean | undefined;
  readonly authorization?: Authorization | undefined;
  readonly readTls?: ReadTls | undefined;
}

const compressed = promisify(gzip);

/** @throws RangeError when the URL cannot be used. */
export function createOtlpSink({ now }: HttpSinkDependencies, options: OtlpSinkOptions): Sink {
  const { resource = { 'service.name': 'claviger' }, compress = true, authorization } = options;
  const url = checkUrl(options.url);
  const sender = createHttpSender({ readTls: options.readTls, now });

  return {
    async deliver(batch, signal) {
      const plain = Buffer.from(toOtlpLogs(batch, resource, now()));
      const request = {
        method: 'POST' as const,
        url,
        body: compress ? await compressed(plain) : plain,
        headers: {
          'Content-Type': 'application/json',
          ...(compress ? { 'Content-Encoding': 'gzip' } : {}),
          ...(await authorizationHeaders(authorization, plain, now())),
        },
      };
      const answer = await sender.send(request, signal);
      checkStatus(answer, url.origin);
      const rejected = rejectedRecords(answer.body);
      if (rejected > 0) {
        throw new DeliveryError('refused', `${url.origin} rejected ${rejected} of the records`);
      }
    },
    async close() {
      sender.close();
    },
  };
}
