import { decodeJwt } from 'jose';
import { ApiError } from '../errors/api-error.ts';
import type { Caller } from './caller.ts';

/** Whoever issues tokens that are accepted here. */
export interface Verifier {
  readonly issuer: string;
  verify(token: string): Promise<Caller>;
}

const BEARER = /^(?:bearer\s+)?(?<token>\S+)$/i;
const MAX_TOKEN_LENGTH = 16_384;

/**
 * Finds out who calls, by the token in the Authorization header; the scheme may have any case.
 *
 * @throws ApiError `UNAUTHORIZED_ERR`; `BEARER_SUB_EXTRACTION_ERR` when what was sent is no token with a
 * subject; `UNAVAILABLE_ERR`.
 */
export async function authenticate(
  authorization: string | undefined,
  verifiers: readonly Verifier[],
): Promise<Caller> {
  if (authorization === undefined || authorization.trim() === '') {
    throw new ApiError('UNAUTHORIZED_ERR', 'The request has no Authorization header.');
  }
  const token = BEARER.exec(authorization.trim())?.groups?.['token'];
  if (token === undefined || token.length > MAX_TOKEN_LENGTH) throw unreadable();
  const issuer = issuerOf(token);
  const verifier = verifiers.find((candidate) => candidate.issuer === issuer);
  if (verifier === undefined) {
    throw new ApiError('UNAUTHORIZED_ERR', 'The token is of an issuer that is not known here.');
  }
  return await verifier.verify(token);
}

/** Not checked yet: it only says whose keys to check by. */
function issuerOf(token: string): string | undefined {
  let claims: ReturnType<typeof decodeJwt>;
  try {
    claims = decodeJwt(token);
  } catch (cause) {
    throw unreadable(cause);
  }
  if (typeof claims.sub !== 'string' || claims.sub === '') throw unreadable();
  return claims.iss;
}

function unreadable(cause?: unknown): ApiError {
  return new ApiError(
    'BEARER_SUB_EXTRACTION_ERR',
    'The subject of the bearer token cannot be read; send an IAM access token.',
    { cause },
  );
}
