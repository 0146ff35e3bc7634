/** The server: puts identity, endpoints and documents together. Nothing listens before `listen()`. */

import { Server as HttpsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import swagger from '@fastify/swagger';
import Fastify, {
  type FastifyInstance,
  type FastifyReply,
  type FastifyServerOptions,
  type InjectOptions,
  type LightMyRequestResponse,
} from 'fastify';
import {
  jsonSchemaTransform,
  jsonSchemaTransformObject,
  serializerCompiler,
  validatorCompiler,
} from 'fastify-type-provider-zod';
import { allEndpoints } from '../all-endpoints.ts';
import type { ManagementApiDependencies } from '../dependencies.ts';
import { registerDocs } from '../docs/docs-routes.ts';
import { ApiError } from '../errors/api-error.ts';
import { errorBody } from '../errors/error-body.ts';
import { toApiError } from '../errors/to-api-error.ts';
import { createExternalIssuer } from '../identity/external-issuer.ts';
import { createLoginLimiter, DEFAULT_LOGIN_LIMITS } from '../identity/login-limiter.ts';
import { createTokenIssuer } from '../identity/token-issuer.ts';
import { registerTokenRoutes } from '../identity/token-routes.ts';
import type { ManagementApiOptions, TlsMaterial } from '../options.ts';
import { registerApiRoutes } from './api-routes.ts';
import { registerHealthRoutes } from './health-routes.ts';

export interface ManagementApi {
  /**
   * @returns The address with the real port.
   * @throws what node:net throws, e.g. `EADDRINUSE`.
   */
  listen(endpoint: { readonly host: string; readonly port: number }): Promise<{
    readonly host: string;
    readonly port: number;
  }>;
  /** Answers what was asked already, then closes. */
  close(): Promise<void>;
  /** Answers a request without a socket. */
  inject(request: InjectOptions): Promise<LightMyRequestResponse>;
  /** Another certificate for connections from now on; those that are open stay. */
  replaceCertificate(tls: TlsMaterial): void;
}

const DEFAULT_TOKEN_LIFETIME_SECONDS = 3600;
const BODY_LIMIT_BYTES = 128 * 1024;
const REQUEST_TIMEOUT_MS = 30_000;
const KEEP_ALIVE_TIMEOUT_MS = 10_000;
const MAX_CONNECTIONS = 512;
const MAX_HEADER_BYTES = 32 * 1024;
const UUID_FORM = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const CORRELATION_ID = /^[\x21-\x7e]{1,128}$/;

/** @throws RangeError when the instance id is no UUID in lower case. */
export function createManagementApi(
  deps: ManagementApiDependencies,
  options: ManagementApiOptions,
): ManagementApi {
  const { store, clock, log } = deps;
  if (!UUID_FORM.test(options.instanceId)) {
    throw new RangeError('The instance id must be a UUID in lower case.');
  }
  const app = Fastify(serverOptions(deps, options));
  app.server.maxConnections = MAX_CONNECTIONS;
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  app.addHook('onRequest', async (request, reply) => {
    reply.header('correlation-id', request.id);
    reply.header('x-content-type-options', 'nosniff');
  });
  app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'Claviger management API',
        version: '2.0.0',
        description:
          'KMIP adapters, client certificates, KMIP objects and root keys, as IBM Key Protect has them.',
      },
      components: {
        securitySchemes: {
          bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' },
          instance: { type: 'apiKey', in: 'header', name: 'Bluemix-Instance' },
        },
      },
    },
    exposeHeadRoutes: true,
    transform: jsonSchemaTransform,
    transformObject: jsonSchemaTransformObject,
  });

  const issuer = createTokenIssuer(deps, {
    issuer: options.issuer,
    accountId: options.accountId,
    lifetimeSeconds: options.tokenLifetimeSeconds ?? DEFAULT_TOKEN_LIFETIME_SECONDS,
    tokenSigningKey: () => options.tokenSigningKey(),
  });
  const verifiers = [
    { issuer: options.issuer, verify: issuer.verify },
    ...(options.oidc === undefined ? [] : [createExternalIssuer(clock, options.oidc)]),
  ];
  const limiter = createLoginLimiter(clock, options.loginLimits ?? DEFAULT_LOGIN_LIMITS);
  // In a scope of its own: routes are documented only when they come after the plug-in is ready.
  app.register(async (scope) => {
    registerTokenRoutes(scope, { store, issuer, limiter, clock, log });
    registerApiRoutes(scope, deps, options, allEndpoints(deps, options), verifiers);
    registerDocs(scope);
    if (options.health !== undefined) registerHealthRoutes(scope, options.health);
  });
  app.setNotFoundHandler((_request, reply) => sendOutside(reply, nothingHere()));
  app.setErrorHandler((error, request, reply) => {
    const refusal = toApiError(error);
    if (refusal.status >= 500)
      log.error({ err: error, correlationId: request.id }, 'a request failed');
    return sendOutside(reply, refusal);
  });

  return {
    async listen({ host, port }) {
      await app.listen({ host, port });
      return { host, port: portOf(app, port) };
    },
    close: () => app.close(),
    inject: (request) => app.inject(request),
    replaceCertificate({ cert, key }) {
      if (app.server instanceof HttpsServer) {
        app.server.setSecureContext({ cert, key, minVersion: 'TLSv1.2' });
      }
    },
  };

  function serverOptions(
    { randomness: { uuid } }: ManagementApiDependencies,
    { tls }: ManagementApiOptions,
  ): FastifyServerOptions {
    const common: FastifyServerOptions = {
      logger: false,
      bodyLimit: BODY_LIMIT_BYTES,
      requestTimeout: REQUEST_TIMEOUT_MS,
      keepAliveTimeout: KEEP_ALIVE_TIMEOUT_MS,
      forceCloseConnections: 'idle',
      exposeHeadRoutes: false,
      return503OnClosing: true,
      requestIdHeader: false,
      genReqId(request) {
        const given = request.headers['correlation-id'];
        return typeof given === 'string' && CORRELATION_ID.test(given) ? given : uuid();
      },
      // Longer names are not found like any other; the server's limit on headers bounds them.
      routerOptions: { ignoreDuplicateSlashes: true, maxParamLength: MAX_HEADER_BYTES },
      frameworkErrors(error, request, reply) {
        reply.header('correlation-id', request.id);
        return sendOutside(reply, toApiError(error));
      },
    };
    const limits = { maxHeaderSize: MAX_HEADER_BYTES };
    if (tls === undefined) return { ...common, http: limits } as FastifyServerOptions;
    // Fastify's types tie `https` to the type of the server, which is of no concern beyond this line.
    return {
      ...common,
      https: { cert: tls.cert, key: tls.key, minVersion: 'TLSv1.2', ...limits },
    } as FastifyServerOptions;
  }
}

function nothingHere(): ApiError {
  return new ApiError(
    'OPERATION_NOT_OFFERED_ERR',
    'There is nothing at this path; /openapi.json lists what there is.',
  );
}

/** A refusal outside of the API proper: nobody was named, so there is no event. */
function sendOutside(reply: FastifyReply, error: ApiError): FastifyReply {
  reply.code(error.status).type('application/json').serializer(JSON.stringify);
  return reply.send(errorBody(error, 'The request could not be answered'));
}

function portOf(app: FastifyInstance, fallback: number): number {
  const address: AddressInfo | string | null = app.server.address();
  return typeof address === 'object' && address !== null ? address.port : fallback;
}
