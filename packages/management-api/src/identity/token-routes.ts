/** `/identity/token` and `/oidc/token`: an API key for a token, as IBM's IAM has it. */

import type { AuditEmitter, TargetInput } from '@claviger/audit-emitter';
import type { KeyStore } from '@claviger/key-store';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { type EventFacts, NO_FACTS } from '../calls/call.ts';
import { callEvent, successOutcome } from '../calls/call-events.ts';
import type { RefusalLog } from '../calls/refusal-log.ts';
import type { Logger } from '../dependencies.ts';
import { toApiError } from '../errors/to-api-error.ts';
import { formatDateTime } from '../http/date-time.ts';
import { type Door, headerOf } from '../server/door.ts';
import {
  apiKeyTarget,
  type LoginFailure,
  logIn,
  TOO_MANY_FAILURES,
  TokenRequest,
  unreadableForm,
} from './log-in.ts';
import type { LoginLimiter } from './login-limiter.ts';
import { callerOf, type TokenIssuer } from './token-issuer.ts';

export const TOKEN_PATHS = ['/identity/token', '/oidc/token'] as const;

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
  readonly store: Pick<KeyStore, 'findApiKey' | 'commit'>;
  readonly audit: AuditEmitter;
  readonly issuer: TokenIssuer;
  readonly limiter: LoginLimiter;
  readonly refusals: RefusalLog;
  readonly log: Logger;
}

const ACTION = 'claviger.apikey.login';

/** Every log-in has an event before it is answered; those that fail are bundled when they are many. */
export function registerTokenRoutes(
  app: FastifyInstance,
  deps: TokenRouteDependencies,
  door: Door,
): void {
  const { store, audit, issuer, limiter, refusals, log } = deps;

  async function answer(request: FastifyRequest, reply: FastifyReply): Promise<unknown> {
    reply.header('cache-control', 'no-store');
    const peer = door.peerOf(request);
    const waitMs = limiter.waitMs(peer);
    if (waitMs > 0) {
      reply.header('retry-after', String(Math.ceil(waitMs / 1000)));
      return await refuse(request, reply, TOO_MANY_FAILURES);
    }
    // The framework has parsed the form by this schema.
    const result = await logIn(store, request.body as z.output<typeof TokenRequest>);
    if (result.kind === 'refused') {
      if (result.isGuess) {
        limiter.failed(peer);
        log.warn({ correlationId: request.id, address: peer }, 'a log-in failed');
      }
      return await refuse(request, reply, result.failure);
    }
    const { apiKey } = result;
    const token = await issuer.issue(apiKey);
    const header = headerOf(request, door);
    const facts = {
      ...factsOf(apiKeyTarget(apiKey)),
      responseData: { expiration: formatDateTime(token.expiresAt * 1000) },
    };
    const events = callEvent(audit, header, callerOf(apiKey), ACTION, successOutcome(200), facts);
    await store.commit({ guards: [], changes: [], events });
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

  async function refuse(
    request: FastifyRequest,
    reply: FastifyReply,
    { target, outcome, ...words }: LoginFailure,
  ): Promise<unknown> {
    await refusals.record(door.peerOf(request), `${ACTION} ${outcome.reasonText}`, {
      header: headerOf(request, door),
      action: ACTION,
      outcome,
      facts: factsOf(target),
    });
    return await send(request, reply, words);
  }

  async function answerError(error: unknown, request: FastifyRequest, reply: FastifyReply) {
    // What the framework cannot read is the client's mistake.
    if (toApiError(error).status === 400) {
      return await refuse(request, reply, unreadableForm('The form needs grant_type and apikey.'));
    }
    throw error;
  }

  app.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser(
      '*',
      { parseAs: 'string' },
      async (_request: FastifyRequest, text: string) =>
        Object.fromEntries(new URLSearchParams(text)),
    );
    scope.setErrorHandler(async (error, request, reply) => {
      try {
        return await answerError(error, request, reply);
      } catch (err) {
        log.error({ err, correlationId: request.id }, 'a token could not be issued');
        return await send(request, reply, UNAVAILABLE);
      }
    });
    for (const url of TOKEN_PATHS) {
      scope.route({
        method: 'POST',
        url,
        schema: {
          summary: 'Get a token for an API key.',
          tags: ['Identity'],
          consumes: ['application/x-www-form-urlencoded'],
          body: TokenRequest,
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

const UNAVAILABLE = {
  status: 503,
  errorCode: 'BXNIM0500E',
  message: 'The token service failed; try again later.',
} as const;

function factsOf(target: TargetInput): EventFacts {
  return { ...NO_FACTS, target, requestData: { resourceType: 'apikey' } };
}

function send(
  request: FastifyRequest,
  reply: FastifyReply,
  words: { readonly status: 400 | 429 | 503; readonly errorCode: string; readonly message: string },
) {
  const { status, errorCode, message } = words;
  reply.code(status);
  return reply.send({ errorCode, errorMessage: message, context: { requestId: request.id } });
}
