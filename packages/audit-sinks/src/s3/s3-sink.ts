/** Each batch as an object in an S3-compatible store. */

import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { checkStatus } from '../http/check-status.ts';
import { checkUrl, createHttpSender } from '../http/http-sender.ts';
import type { HttpSinkDependencies } from '../http/https-sink.ts';
import { DeliveryError, type Sink } from '../sink.ts';
import type { ReadTls } from '../tls-options.ts';
import { objectKey } from './object-key.ts';
import { encodeKey, type S3Credentials, signRequest } from './sign-request.ts';

export interface S3SinkOptions {
  /** E.g. `https://s3.eu-central-1.amazonaws.com`; `https:`, or `http:` to this machine. */
  readonly endpoint: string;
  readonly region: string;
  readonly bucket: string;
  /** In front of every name, e.g. `claviger/`. Default none. */
  readonly prefix?: string | undefined;
  /** Names this gateway in the objects' names, so that two never write the same one. */
  readonly node: string;
  /** `path`: `https://endpoint/bucket/key` (default); `host`: `https://bucket.endpoint/key`. */
  readonly addressing?: 'path' | 'host' | undefined;
  /** Whether objects are compressed with gzip. Default true. */
  readonly compress?: boolean | undefined;
  /** Nobody may change an object for so many days; the bucket needs Object Lock. Default none. */
  readonly objectLock?:
    | { readonly mode: 'GOVERNANCE' | 'COMPLIANCE'; readonly days: number }
    | undefined;
  /** Read for each object. What it rejects with must not hold the secret. */
  readonly readCredentials: () => Promise<S3Credentials>;
  readonly readTls?: ReadTls | undefined;
}

const compressed = promisify(gzip);
const DAY_MS = 86_400_000;

/** @throws RangeError when the endpoint, the bucket or the node cannot be used. */
export function createS3Sink({ now }: HttpSinkDependencies, options: S3SinkOptions): Sink {
  const { region, bucket, node, prefix = '', compress = true, addressing = 'path' } = options;
  const endpoint = checkUrl(options.endpoint);
  if (!/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(bucket)) {
    throw new RangeError(`"${bucket}" is no name of a bucket.`);
  }
  if (!/^[A-Za-z0-9._-]{1,64}$/.test(node)) {
    throw new RangeError(`"${node}" cannot be part of an object's name.`);
  }
  const sender = createHttpSender({ readTls: options.readTls, now });

  function urlOf(key: string): URL {
    const url = new URL(endpoint);
    const base = url.pathname.replace(/\/$/, '');
    if (addressing === 'host') url.hostname = `${bucket}.${url.hostname}`;
    url.pathname = `${base}${addressing === 'path' ? `/${bucket}` : ''}/${encodeKey(key)}`;
    return url;
  }

  function lockHeaders(): Record<string, string> {
    const lock = options.objectLock;
    if (lock === undefined) return {};
    return {
      'x-amz-object-lock-mode': lock.mode,
      'x-amz-object-lock-retain-until-date': new Date(now() + lock.days * DAY_MS).toISOString(),
    };
  }

  return {
    async deliver(batch, signal) {
      const lines = Buffer.from(batch.map(({ body }) => `${body}\n`).join(''));
      // No `Content-Encoding`: clients would unpack what the name says is packed.
      const body = compress ? await compressed(lines) : lines;
      const credentials = await options.readCredentials().catch((error: unknown) => {
        const reason = error instanceof Error ? error.message : String(error);
        throw new DeliveryError('misconfigured', `credentials cannot be read: ${reason}`);
      });
      const url = urlOf(objectKey(batch, { prefix, node, compress }));
      const headers = signRequest(
        {
          method: 'PUT',
          url,
          headers: {
            'content-type': compress ? 'application/gzip' : 'application/x-ndjson',
            'x-amz-checksum-sha256': createHash('sha256').update(body).digest('base64'),
            ...lockHeaders(),
          },
          body,
          region,
          time: now(),
        },
        credentials,
      );
      const answer = await sender.send({ method: 'PUT', url, headers, body }, signal);
      checkStatus(answer, `${url.origin}/${bucket}`);
    },
    async close() {
      sender.close();
    },
  };
}
