/** `/metrics`: who may read it, and the answer. Whoever is not known to be allowed may not. */
import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { BlockList } from 'node:net';
import { inRanges } from '../config/address-ranges.ts';
import { Failure } from '../failure.ts';
import { readSecretFile } from '../secret-file.ts';
import type { Metrics } from './metrics.ts';

export type MetricsAccess =
  | { readonly kind: 'off' }
  /** Callers on this machine, without a proxy between. */
  | { readonly kind: 'loopback'; isTrustedProxy?(address: string): boolean }
  /** SHA-256 of the token, so that comparing takes the same time for every guess. */
  | { readonly kind: 'token'; readonly digest: Uint8Array };

export interface MetricsSettings {
  readonly metrics: MetricsAccess['kind'];
  readonly metrics_token_file?: string | undefined;
  /** Balancers, behind which anybody may be: also on this machine. */
  readonly trusted_proxies?: readonly string[];
}

const MIN_TOKEN_LENGTH = 16;
const MAX_TOKEN_BYTES = 4096;

/** @throws Failure `data` when the token file cannot be used. */
export async function metricsAccessOf(settings: MetricsSettings): Promise<MetricsAccess> {
  const { metrics: kind, metrics_token_file: path } = settings;
  if (kind === 'loopback')
    return { kind, isTrustedProxy: inRanges(settings.trusted_proxies ?? []) };
  if (kind === 'off') return { kind };
  if (path === undefined) throw new Failure('usage', 'api.metrics_token_file is needed.');
  const bytes = await readSecretFile('token file of the metrics', path, MAX_TOKEN_BYTES);
  try {
    const token = new TextDecoder().decode(bytes).trim();
    if (!/^[\x21-\x7e]+$/.test(token) || token.length < MIN_TOKEN_LENGTH) {
      throw new Failure(
        'data',
        `The token file of the metrics ${path} must hold one token of at least ${MIN_TOKEN_LENGTH} characters without spaces; make one with: openssl rand -hex 32`,
      );
    }
    return { kind, digest: digestOf(token) };
  } finally {
    bytes.fill(0);
  }
}

/** @returns undefined when nobody may read the metrics: then there is nothing at that path. */
export function createMetricsHandler(
  access: MetricsAccess,
  metrics: Pick<Metrics, 'render'>,
  log: { error(fields: object, message: string): void },
): RequestListener | undefined {
  if (access.kind === 'off') return undefined;
  return (request, response) => {
    request.resume();
    const refusal = refusalOf(access, request);
    if (refusal !== undefined) return refuse(response, access, refusal);
    metrics.render().then(
      ({ contentType, text }) => {
        response.writeHead(200, { 'Content-Type': contentType, 'Cache-Control': 'no-store' });
        response.end(text);
      },
      (error: unknown) => {
        log.error({ err: error }, 'the metrics could not be read');
        response.writeHead(500).end();
      },
    );
  };
}

/** Why the caller may not read; undefined when it may. */
function refusalOf(
  access: Exclude<MetricsAccess, { kind: 'off' }>,
  request: IncomingMessage,
): string | undefined {
  if (access.kind === 'token') {
    const [, token] = /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? '') ?? [];
    return token !== undefined && timingSafeEqual(digestOf(token), access.digest)
      ? undefined
      : 'The metrics need their token: Authorization: Bearer <token> (api.metrics_token_file).';
  }
  const isForwarded = ['forwarded', 'x-forwarded-for', 'via'].some(
    (name) => request.headers[name] !== undefined,
  );
  const { remoteAddress } = request.socket;
  const isBalanced = remoteAddress !== undefined && access.isTrustedProxy?.(remoteAddress) === true;
  return !isForwarded && !isBalanced && isLocal(remoteAddress)
    ? undefined
    : 'The metrics are for callers on the same machine; api.metrics = "token" opens them to others.';
}

const LOOPBACK = new BlockList();
LOOPBACK.addSubnet('127.0.0.0', 8, 'ipv4');
LOOPBACK.addAddress('::1', 'ipv6');

/** A Unix socket has no address; only its owner opens it. */
function isLocal(address: string | undefined): boolean {
  if (address === undefined) return true;
  const plain = address.replace(/^::ffff:/i, '');
  return LOOPBACK.check(plain, plain.includes(':') ? 'ipv6' : 'ipv4');
}

function refuse(response: ServerResponse, access: MetricsAccess, words: string): void {
  const isToken = access.kind === 'token';
  response.writeHead(isToken ? 401 : 403, {
    'Content-Type': 'text/plain; charset=utf-8',
    ...(isToken && { 'WWW-Authenticate': 'Bearer' }),
  });
  response.end(`${words}\n`);
}

function digestOf(token: string): Uint8Array {
  return createHash('sha256').update(token).digest();
}
