/** A server of HTTP with what is the same behind every door: limits, headers, documents, refusals. */

import swagger from '@fastify/swagger';
import Fastify, {
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
  type FastifyServerOptions,
} from 'fastify';
import {
  jsonSchemaTransform,
  jsonSchemaTransformObject,
  serializerCompiler,
  validatorCompiler,
} from 'fastify-type-provider-zod';
import type { ManagementApiDependencies } from '../dependencies.ts';
import { registerDocs } from '../docs/docs-routes.ts';
import type { ApiError } from '../errors/api-error.ts';
import { errorBody } from '../errors/error-body.ts';
import { toApiError } from '../errors/to-api-error.ts';
import type { ManagementApiOptions, RequestWatch, TlsMaterial } from '../options.ts';
import { currentPath } from './deprecated-path.ts';
import { type HealthHandlers, registerHealthRoutes } from './health-routes.ts';
import { isUnrouted, watchOfferedMethods } from './offered-methods.ts';

const BODY_LIMIT_BYTES = 128 * 1024;
const REQUEST_TIMEOUT_MS = 30_000;
const KEEP_ALIVE_TIMEOUT_MS = 10_000;
const MAX_HEADER_BYTES = 32 * 1024;
const CORRELATION_ID = /^[\x21-\x7e]{1,128}$/;

/** Of each door, at a time. */
export const MAX_API_CONNECTIONS = 512;

export interface HttpServerOptions {
  /** HTTPS; plain HTTP without. */
  readonly tls: TlsMaterial | undefined;
  readonly health: HealthHandlers | undefined;
  readonly onAnswered: ManagementApiOptions['onAnswered'];
  readonly watchRequest: ManagementApiOptions['watchRequest'];
  /** Adds the routes of this server. They stand in its OpenAPI document. */
  register(scope: FastifyInstance): void;
  /** Gets requests whose path cannot be decoded, before they are refused. */
  recordUndecodable(request: FastifyRequest, error: ApiError): Promise<void>;
}

/** Nothing listens before `listen()` of the result. */
export function createHttpServer(
  deps: Pick<ManagementApiDependencies, 'randomness' | 'log'>,
  options: HttpServerOptions,
): FastifyInstance {
  const app = Fastify(serverOptions(deps, options));
  app.server.maxConnections = MAX_API_CONNECTIONS;
  const refusalOf = watchOfferedMethods(app);
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  app.addHook('onRequest', async (request, reply) => {
    reply.header('correlation-id', request.id);
    reply.header('x-content-type-options', 'nosniff');
  });
  if (options.watchRequest !== undefined) watchRequests(app, options.watchRequest);
  const { onAnswered } = options;
  if (onAnswered !== undefined) {
    app.addHook('onResponse', async (request, reply) => {
      onAnswered({
        method: request.method,
        route: routeOf(request),
        status: reply.raw.statusCode,
        durationMs: reply.elapsedTime,
      });
    });
  }
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

  // In a scope of its own: routes are documented only when they come after the plug-in is ready.
  app.register(async (scope) => {
    options.register(scope);
    registerDocs(scope);
    if (options.health !== undefined) registerHealthRoutes(scope, options.health);
  });
  app.setNotFoundHandler((request, reply) => sendOutside(reply, refusalOf(request, reply)));
  app.setErrorHandler((error, request, reply) => {
    const refusal = isUnrouted(error, request) ? refusalOf(request, reply) : toApiError(error);
    if (refusal.status >= 500)
      deps.log.error({ err: error, correlationId: request.id }, 'a request failed');
    return sendOutside(reply, refusal);
  });
  return app;
}

/** Once for each request, also for those that get no answer since the caller has gone. */
function watchRequests(
  app: FastifyInstance,
  watchRequest: NonNullable<ManagementApiOptions['watchRequest']>,
): void {
  const watches = new WeakMap<FastifyRequest, RequestWatch>();
  app.addHook('onRequest', (request, reply, done) => {
    const { id: correlationId, method, headers } = request;
    const watch = watchRequest({ method, route: routeOf(request), correlationId, headers });
    reply.raw.once('close', () => watch.answered(reply.raw.statusCode));
    watches.set(request, watch);
    watch.within(done);
  });
  // Bodies come by events of the connection, which know nothing of the request they are for.
  app.addHook('preValidation', (request, _reply, done) => {
    const watch = watches.get(request);
    if (watch === undefined) done();
    else watch.within(done);
  });
}

/** The pattern of the path, which is no text of the caller. */
function routeOf(request: FastifyRequest): string | undefined {
  return request.is404 ? undefined : request.routeOptions.url;
}

function serverOptions(
  { randomness: { uuid }, log }: Pick<ManagementApiDependencies, 'randomness' | 'log'>,
  { tls, recordUndecodable }: HttpServerOptions,
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
    rewriteUrl: ({ method, url = '/' }) => (method === 'POST' ? currentPath(url) : url),
    genReqId(request) {
      const given = request.headers['correlation-id'];
      return typeof given === 'string' && CORRELATION_ID.test(given) ? given : uuid();
    },
    // Longer names are not found like any other; the server's limit on headers bounds them.
    routerOptions: { ignoreDuplicateSlashes: true, maxParamLength: MAX_HEADER_BYTES },
    async frameworkErrors(error, request, reply) {
      reply.header('correlation-id', request.id);
      const refusal = toApiError(error);
      try {
        await recordUndecodable(request, refusal);
      } catch (err) {
        log.error(
          { err, correlationId: request.id },
          'the event of a refusal could not be written',
        );
        return await sendOutside(reply, toApiError(err));
      }
      return await sendOutside(reply, refusal);
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

/** A refusal outside of the API proper: nobody was named, so there is no event. */
function sendOutside(reply: FastifyReply, error: ApiError): FastifyReply {
  reply.code(error.status).type('application/json').serializer(JSON.stringify);
  return reply.send(errorBody(error, 'The request could not be answered'));
}
