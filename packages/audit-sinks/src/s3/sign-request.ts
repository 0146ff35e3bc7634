/**
 * AWS Signature Version 4 for S3, in the form of headers.
 *
 * @see Amazon S3 API Reference, "Signature Calculations for the Authorization Header"
 */

import { createHash, createHmac } from 'node:crypto';

export interface S3Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** Of temporary credentials. */
  readonly sessionToken?: string | undefined;
}

export interface SignedRequest {
  readonly method: string;
  readonly url: URL;
  /** All of them are signed. Their names may be in any case; `Host` is added. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
  readonly region: string;
  /** Milliseconds since the epoch. */
  readonly time: number;
}

const ALGORITHM = 'AWS4-HMAC-SHA256';

/** @returns the headers to send: those given, in lower case, and those of the signature. */
export function signRequest(
  request: SignedRequest,
  { accessKeyId, secretAccessKey, sessionToken }: S3Credentials,
): Record<string, string> {
  const { method, url, body, region, time } = request;
  const timestamp = new Date(time).toISOString().replaceAll(/[-:]|\.\d{3}/g, '');
  const date = timestamp.slice(0, 8);
  const bodyHash = sha256(body);
  const headers: Record<string, string> = {
    ...Object.fromEntries(
      Object.entries(request.headers).map(([name, value]) => [name.toLowerCase(), value.trim()]),
    ),
    host: url.host,
    'x-amz-content-sha256': bodyHash,
    'x-amz-date': timestamp,
    ...(sessionToken === undefined ? {} : { 'x-amz-security-token': sessionToken }),
  };

  const names = Object.keys(headers).sort();
  const signedHeaders = names.join(';');
  const canonicalRequest = [
    method,
    url.pathname,
    canonicalQuery(url),
    ...names.map((name) => `${name}:${headers[name]}`),
    '',
    signedHeaders,
    bodyHash,
  ].join('\n');
  const scope = `${date}/${region}/s3/aws4_request`;
  const toSign = [ALGORITHM, timestamp, scope, sha256(canonicalRequest)].join('\n');

  const key = [date, region, 's3', 'aws4_request'].reduce<Uint8Array>(
    (secret, part) => createHmac('sha256', secret).update(part).digest(),
    Buffer.from(`AWS4${secretAccessKey}`),
  );
  const signature = createHmac('sha256', key).update(toSign).digest('hex');
  const credential = `Credential=${accessKeyId}/${scope}`;
  return {
    ...headers,
    authorization: `${ALGORITHM} ${credential},SignedHeaders=${signedHeaders},Signature=${signature}`,
  };
}

function canonicalQuery(url: URL): string {
  return [...url.searchParams]
    .map(([name, value]) => `${encodeUri(name)}=${encodeUri(value)}`)
    .sort()
    .join('&');
}

/**
 * A path as S3 signs it: every octet but the unreserved ones (RFC 3986 §2.3) as %XX, slashes left.
 *
 * @param key - Key of an object, without a leading slash.
 */
export function encodeKey(key: string): string {
  return key.split('/').map(encodeUri).join('/');
}

function encodeUri(text: string): string {
  return encodeURIComponent(text).replaceAll(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

const sha256 = (data: string | Uint8Array) => createHash('sha256').update(data).digest('hex');
