/** Issues and checks the tokens of this server: JWT, RS256, with the claims that IBM's clients read. */

import { createPublicKey, type KeyObject } from 'node:crypto';
import type { ApiKeyRecord, KeyStore } from '@claviger/key-store';
import { exportJWK, jwtVerify, SignJWT } from 'jose';
import type { Clock, Randomness } from '../dependencies.ts';
import { ApiError } from '../errors/api-error.ts';
import type { Caller } from './caller.ts';
import { isRole } from './roles.ts';

/** The key that signs tokens. */
export interface TokenSigningKey {
  /** Names the key in tokens and in the key set. */
  readonly kid: string;
  /** RSA of at least 2048 bits. */
  readonly privateKey: KeyObject;
}

export interface TokenIssuer {
  /** A token for whoever has shown the API key. */
  issue(apiKey: ApiKeyRecord): Promise<IssuedToken>;
  /**
   * Reads a token that names this issuer.
   *
   * @throws ApiError `UNAUTHORIZED_ERR` when it is not genuine, has expired, or its API key is gone.
   */
  verify(token: string): Promise<Caller>;
  /** The public key, as a JSON Web Key Set. */
  keySet(): Promise<{ readonly keys: readonly Readonly<Record<string, unknown>>[] }>;
}

export interface IssuedToken {
  readonly accessToken: string;
  readonly expiresInSeconds: number;
  /** Seconds since the epoch. */
  readonly expiresAt: number;
}

export interface TokenIssuerOptions {
  readonly issuer: string;
  readonly accountId: string;
  readonly lifetimeSeconds: number;
  tokenSigningKey(): Promise<TokenSigningKey>;
}

export const APIKEY_GRANT = 'urn:ibm:params:oauth:grant-type:apikey';
const ALGORITHM = 'RS256';

export function createTokenIssuer(
  deps: {
    readonly store: Pick<KeyStore, 'findApiKey'>;
    readonly clock: Clock;
    readonly randomness: Randomness;
  },
  options: TokenIssuerOptions,
): TokenIssuer {
  const { issuer, accountId, lifetimeSeconds } = options;

  async function issue(apiKey: ApiKeyRecord): Promise<IssuedToken> {
    const { kid, privateKey } = await options.tokenSigningKey();
    const now = Math.floor(deps.clock.now() / 1000);
    const expiresAt = now + lifetimeSeconds;
    const iamId = serviceIdOf(apiKey.id);
    const accessToken = await new SignJWT({
      iam_id: iamId,
      id: iamId,
      realmid: 'iam',
      jti: deps.randomness.uuid(),
      identifier: `ServiceId-${apiKey.id}`,
      name: apiKey.name,
      sub: `ServiceId-${apiKey.id}`,
      sub_type: 'ServiceId',
      account: { valid: true, bss: accountId },
      iat: now,
      exp: expiresAt,
      iss: issuer,
      grant_type: APIKEY_GRANT,
      scope: 'ibm openid',
      client_id: 'default',
      apikey_id: apiKey.id,
    })
      .setProtectedHeader({ alg: ALGORITHM, kid })
      .sign(privateKey);
    return { accessToken, expiresInSeconds: lifetimeSeconds, expiresAt };
  }

  async function verify(token: string): Promise<Caller> {
    const { privateKey } = await options.tokenSigningKey();
    const apiKeyId = await apiKeyIdIn(token, createPublicKey(privateKey));
    // The record decides, not the token: a key that is revoked is out at once.
    const apiKey = await deps.store.findApiKey(apiKeyId);
    if (apiKey === undefined || apiKey.revokedAt !== null) {
      throw new ApiError('UNAUTHORIZED_ERR', 'The API key of the token is revoked; use another.');
    }
    return callerOf(apiKey);
  }

  async function apiKeyIdIn(token: string, publicKey: KeyObject): Promise<string> {
    try {
      const { payload } = await jwtVerify(token, publicKey, {
        algorithms: [ALGORITHM],
        issuer,
        requiredClaims: ['exp', 'sub', 'apikey_id'],
        currentDate: new Date(deps.clock.now()),
      });
      return String(payload['apikey_id']);
    } catch (cause) {
      throw new ApiError(
        'UNAUTHORIZED_ERR',
        'The token is not genuine or has expired; log in again.',
        { cause },
      );
    }
  }

  return {
    issue,
    verify,
    async keySet() {
      const { kid, privateKey } = await options.tokenSigningKey();
      const jwk = await exportJWK(createPublicKey(privateKey));
      return { keys: [{ ...jwk, kid, use: 'sig', alg: ALGORITHM }] };
    },
  };
}

/** IAM id of whoever logs in with an API key. */
export function serviceIdOf(apiKeyId: string): string {
  return `iam-ServiceId-${apiKeyId}`;
}

/** Whoever logs in with an API key; without rights when a newer version has given it a role. */
export function callerOf(apiKey: Pick<ApiKeyRecord, 'id' | 'name' | 'role'>): Caller {
  return {
    iamId: serviceIdOf(apiKey.id),
    name: apiKey.name,
    kind: 'service-id',
    credential: 'apikey',
    roles: isRole(apiKey.role) ? [apiKey.role] : [],
  };
}
