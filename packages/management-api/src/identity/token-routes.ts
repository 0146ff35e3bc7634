/** `/identity/token` and `/oidc/token`: an API key for a token, as IBM's IAM has it. */

import type { ApiKeyRecord, KeyStore } from '@claviger/key-store';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Clock, Logger } from '../dependencies.ts';
import { apiKeyId, isApiKeyOf } from './api-key.ts';
import type { LoginLimiter } from './login-limiter.ts';
import { APIKEY_GRANT, type TokenIssuer } from './token-issuer.ts';

export const TOKEN_PATHS = ['/identity/token', '/oidc/token'] as const;

const TokenRequest = z.looseObject({
  grant_type: z.string().describe(APIKEY_GRANT),
  apikey: z.string().describe('The API key.'),
});

const TokenAnswer = z
  .object({
    access_token: z.string(),
    refresh_token: z.string(),
    token_type: z.literal('Bearer'),
    expires_in: z.int(),
    expiration: z.int(),
    scope: z.string(),
  })
  .meta({ id: 'Token' });

const TokenRefusal = z
  .object({
    errorCode: z.string(),
    errorMessage: z.string(),
    context: z.object({ requestId: z.string() }),
  })
  .meta({ id: 'TokenRefusal' });

export interface TokenRouteDependencies {
  readonly store: Pick<KeyStore, 'findApiKey'>;
  readonly issuer: TokenIssuer;
  readonly limiter: LoginLimiter;
  readonly clock: Clock;
  readonly log: Logger;
}

export function registerTokenRoutes(app: FastifyInstance, deps: TokenRouteDependencies): void {
  const { store, issuer, limiter, log } = deps;

  async function answer(request: FastifyRequest, reply: FastifyReply): Promise<unknown> {
    reply.header('cache-control', 'no-store');
    const waitMs = limiter.waitMs(request.ip);
    if (waitMs > 0) {
      reply.header('retry-after', String(Math.ceil(waitMs / 1000)));
      return refuse(request, reply, 429, 'BXNIM0430E', 'Too many failed log-ins; wait.');
    }
    const form = TokenRequest.safeParse(request.body);
    if (!form.success) {
      return refuse(request, reply, 400, 'BXNIM0109E', 'The form needs grant_type and apikey.');
    }
    if (form.data.grant_type !== APIKEY_GRANT) {
      return refuse(request, reply, 400, 'BXNIM0106E', `The grant_type must be ${APIKEY_GRANT}.`);
    }
    const apiKey = await logIn(form.data.apikey);
    if (apiKey === undefined) {
      limiter.failed(request.ip);
      log.warn({ correlationId: request.id, address: request.ip }, 'a log-in failed');
      return refuse(request, reply, 400, 'BXNIM0415E', 'Provided API key could not be found.');
    }
    const token = await issuer.issue(apiKey);
    log.info({ correlationId: request.id, apiKeyId: apiKey.id }, 'a token was issued');
    return await reply.send({
      access_token: token.accessToken,
      // IBM's word where an API key is shown again instead.
      refresh_token: 'not_supported',
      token_type: 'Bearer',
      expires_in: token.expiresInSeconds,
      expiration: token.expiresAt,
      scope: 'ibm openid',
    });
  }

  /** Unknown, wrong and revoked keys are alike to whoever asks. */
  async function logIn(apiKey: string): Promise<ApiKeyRecord | undefined> {
    const id = apiKeyId(apiKey);
    const record = id === undefined ? undefined : await store.findApiKey(id);
    if (record === undefined || record.revokedAt !== null) return undefined;
    return isApiKeyOf(apiKey, record) ? record : undefined;
  }

  app.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser(
      '*',
      { parseAs: 'string' },
      async (_request: FastifyRequest, text: string) =>
        Object.fromEntries(new URLSearchParams(text)),
    );
    scope.setErrorHandler((error, request, reply) => {
      log.error({ err: error, correlationId: request.id }, 'a token could not be issued');
      const words = 'The token service failed; try again later.';
      return refuse(request, reply, 503, 'BXNIM0500E', words);
    });
    for (const url of TOKEN_PATHS) {
      scope.route({
        method: 'POST',
        url,
        schema: {
          summary: 'Get a token for an API key.',
          tags: ['Identity'],
          consumes: ['application/x-www-form-urlencoded'],
          response: { 200: TokenAnswer, 400: TokenRefusal, 429: TokenRefusal, 503: TokenRefusal },
        },
        async onRequest(request) {
          delete request.headers['content-type'];
        },
        handler: answer,
      });
    }
    scope.get(
      '/identity/keys',
      {
        schema: {
          summary: 'The public keys of the tokens (JSON Web Key Set).',
          tags: ['Identity'],
          response: {
            200: z.object({ keys: z.array(z.record(z.string(), z.unknown())) }),
            503: TokenRefusal,
          },
        },
      },
      async () => await issuer.keySet(),
    );
  });
}

function refuse(
  request: FastifyRequest,
  reply: FastifyReply,
  status: 400 | 429 | 503,
  errorCode: string,
  errorMessage: string,
) {
  reply.code(status);
  return reply.send({ errorCode, errorMessage, context: { requestId: request.id } });
}
