/** The API on another machine: HTTPS, with an API key or a token. */

import { z } from 'zod';
import { Failure } from '../failure.ts';
import type { ApiConnection } from './api-connection.ts';
import { exchange, exchangeStream, type HttpDestination, streamHeaders } from './http-exchange.ts';
import { logIn } from './log-in.ts';

/** What the caller shows. Never an argument of a command: arguments stand in `ps`. */
export type Credential =
  | { readonly kind: 'api-key'; readonly apiKey: string }
  | { readonly kind: 'token'; readonly token: string };

export interface RemoteOptions {
  readonly to: HttpDestination;
  readonly credential: Credential;
  /** UUID of the instance; read from the token when undefined. */
  readonly instanceId: string | undefined;
}

/**
 * Logs in, when there is an API key, and answers calls from then on.
 *
 * @throws ApiRefusal, Failure `unreachable`; `usage` when the instance cannot be found out.
 */
export async function connectRemotely(options: RemoteOptions): Promise<ApiConnection> {
  const { to, credential } = options;
  const token =
    credential.kind === 'token'
      ? credential.token
      : (await logIn(to, credential.apiKey)).accessToken;
  const headers = {
    authorization: `Bearer ${token}`,
    'bluemix-instance': options.instanceId ?? instanceIn(token),
  };
  return {
    call: (method, path, body) =>
      exchange(to, {
        method,
        path,
        headers: body === undefined ? headers : { ...headers, 'content-type': 'application/json' },
        content: body === undefined ? undefined : JSON.stringify(body),
      }),
    stream: (path, { accept, lastEventId, signal }) => {
      const asked = { ...headers, ...streamHeaders(accept, lastEventId) };
      return exchangeStream(to, { method: 'GET', path, headers: asked }, signal);
    },
    async close() {},
  };
}

const Claims = z.object({ iss: z.string() });
const ISSUER = /^urn:uuid:(?<instance>[0-9a-f-]{36})$/;

/** A gateway names its instance as the issuer of its tokens. The server checks them; this only reads. */
function instanceIn(token: string): string {
  const claims = Claims.safeParse(parsePart(token.split('.')[1] ?? ''));
  const instance = claims.success ? ISSUER.exec(claims.data.iss)?.groups?.['instance'] : undefined;
  if (instance !== undefined) return instance;
  throw new Failure(
    'usage',
    'The token does not say which instance it is for: name it with --instance. `claviger up` prints it.',
  );
}

function parsePart(part: string): unknown {
  try {
    return JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));
  } catch {
    return undefined; // a token of another kind
  }
}
