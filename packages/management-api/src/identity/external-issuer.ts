/** Tokens of an OIDC issuer elsewhere, checked by its published keys. */

import { createRemoteJWKSet, type JWTPayload, type JWTVerifyGetKey, jwtVerify } from 'jose';
import type { Clock } from '../dependencies.ts';
import { ApiError } from '../errors/api-error.ts';
import type { Caller } from './caller.ts';
import type { Role } from './roles.ts';

export interface ExternalIssuerOptions {
  /** `iss` of its tokens. */
  readonly issuer: string;
  /** Where its keys are published. */
  readonly jwksUrl: string;
  /** `aud` that a token must have. */
  readonly audience: string;
  /** The claim that holds a text, or list of texts, by which roles are given. */
  readonly roleClaim: string;
  /** Roles by the texts of that claim; other texts give none. */
  readonly roles: Readonly<Record<string, Role>>;
}

export interface ExternalIssuer {
  readonly issuer: string;
  /** @throws ApiError `UNAUTHORIZED_ERR`; `UNAVAILABLE_ERR` when the keys cannot be fetched. */
  verify(token: string): Promise<Caller>;
}

/** Asymmetric ones only: with an HMAC the public key would be the secret. */
const ALGORITHMS = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'EdDSA',
];
const FETCH_TIMEOUT_MS = 5000;
/** So that forged key ids cannot make this server bother the issuer. */
const COOL_DOWN_MS = 30_000;
const UNREACHABLE = new Set(['ERR_JWKS_TIMEOUT', 'ERR_JOSE_GENERIC', 'ERR_JWKS_INVALID']);
const IAM_ID = /^(?:IBMid|iam-ServiceId|iam-Profile)-\S{1,200}$/;
const MAX_NAME_LENGTH = 100;

/**
 * Finds keys in the set that an issuer publishes. The set is kept for ten minutes; a token of a key that
 * is not in it makes it be fetched again, though not more often than the cool-down allows.
 */
export function publishedKeys(
  jwksUrl: string,
  { coolDownMs = COOL_DOWN_MS } = {},
): JWTVerifyGetKey {
  return createRemoteJWKSet(new URL(jwksUrl), {
    timeoutDuration: FETCH_TIMEOUT_MS,
    cooldownDuration: coolDownMs,
  });
}

/** @param keys - Finds the key of a token; fetches and caches the set at `jwksUrl` unless given. */
export function createExternalIssuer(
  clock: Clock,
  options: ExternalIssuerOptions,
  keys: JWTVerifyGetKey = publishedKeys(options.jwksUrl),
): ExternalIssuer {
  const { issuer, audience } = options;

  return {
    issuer,
    async verify(token) {
      try {
        const { payload } = await jwtVerify(token, keys, {
          algorithms: ALGORITHMS,
          issuer,
          audience,
          requiredClaims: ['exp', 'sub'],
          currentDate: new Date(clock.now()),
        });
        return toCaller(payload, options);
      } catch (cause) {
        if (isUnreachable(cause)) {
          throw new ApiError(
            'UNAVAILABLE_ERR',
            'The keys of the token issuer cannot be fetched; try again later.',
            { cause },
          );
        }
        throw new ApiError('UNAUTHORIZED_ERR', 'The token is not genuine or has expired.', {
          cause,
        });
      }
    },
  };
}

function isUnreachable(error: unknown): boolean {
  const code: unknown = Object(error).code;
  return error instanceof TypeError || (typeof code === 'string' && UNREACHABLE.has(code));
}

function toCaller(payload: JWTPayload, { roleClaim, roles }: ExternalIssuerOptions): Caller {
  const iamId = iamIdOf(payload);
  const claim = payload[roleClaim];
  const texts: readonly unknown[] = Array.isArray(claim) ? claim : [claim];
  return {
    iamId,
    name: nameOf(payload) ?? iamId,
    kind: iamId.startsWith('IBMid-') ? 'user' : 'service-id',
    credential: 'token',
    roles: texts.flatMap((text) =>
      typeof text === 'string' && Object.hasOwn(roles, text) ? (roles[text] ?? []) : [],
    ),
  };
}

/** IBM's own tokens name their holder; the subject of any other becomes a person. */
function iamIdOf(payload: JWTPayload): string {
  const stated = payload['iam_id'];
  if (typeof stated === 'string' && IAM_ID.test(stated)) return stated;
  const made = `IBMid-${encodeURIComponent(payload.sub ?? '')}`;
  if (IAM_ID.test(made)) return made;
  throw new Error('The subject of the token is too long or empty.');
}

function nameOf(payload: JWTPayload): string | undefined {
  const name = payload['name'] ?? payload['email'];
  return typeof name === 'string' && name !== '' ? name.slice(0, MAX_NAME_LENGTH) : undefined;
}
