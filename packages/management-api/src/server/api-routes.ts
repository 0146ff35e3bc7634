/** Registers the endpoints under `/api/v2`, with everything that is the same for all of them. */

import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import { z } from 'zod';
import { type EventFacts, NO_FACTS } from '../calls/call.ts';
import {
  actionOfFailure,
  callEvent,
  failureOutcome,
  INVALID_REQUEST,
} from '../calls/call-events.ts';
import type { Endpoint } from '../calls/endpoint.ts';
import type { Queue } from '../calls/queue.ts';
import type { RefusalLog } from '../calls/refusal-log.ts';
import { type FactsSoFar, runCall, statusOf } from '../calls/run-call.ts';
import type { ManagementApiDependencies } from '../dependencies.ts';
import { ApiError } from '../errors/api-error.ts';
import { API_ERRORS, type ApiErrorCode } from '../errors/api-errors.ts';
import { ErrorBody, errorBody } from '../errors/error-body.ts';
import { toApiError } from '../errors/to-api-error.ts';
import type { Caller } from '../identity/caller.ts';
import { mayDo } from '../identity/roles.ts';
import type { ManagementApiOptions } from '../options.ts';
import { type Door, headerOf } from './door.ts';
import { parseJson } from './json-body.ts';
import { isUnrouted, watchOfferedMethods } from './offered-methods.ts';
import { sendStream, streamedResponse, streamFormOf } from './streamed-body.ts';

const BASE = '/api/v2';
const INSTANCE_HEADER = 'bluemix-instance';
const KEY_RING_HEADER = 'x-kms-key-ring';
const LAST_EVENT_HEADER = 'last-event-id';
const REPRESENTATION = /\breturn=representation\b/i;

/** What every endpoint may refuse with. */
const ALWAYS = [
  'INVALID_HEADER_ERR',
  'BEARER_SUB_EXTRACTION_ERR',
  'UNAUTHORIZED_ERR',
  'INTERNAL_ERR',
  'UNAVAILABLE_ERR',
  'OVERLOADED_ERR',
] as const satisfies readonly ApiErrorCode[];

/** What is found out about a request while it is answered. */
interface Progress extends FactsSoFar {
  caller: Caller | undefined;
}

/** What is one for all doors. */
export interface SharedByDoors {
  readonly refusals: RefusalLog;
  /** Of the endpoints that count before they add. */
  readonly queue: Queue;
}

export function registerApiRoutes(
  app: FastifyInstance,
  deps: ManagementApiDependencies,
  options: Pick<ManagementApiOptions, 'instanceId'>,
  endpoints: readonly Endpoint[],
  door: Door,
  { refusals, queue }: SharedByDoors,
): void {
  const { store, audit, log } = deps;
  const progress = new WeakMap<FastifyRequest, Progress>();

  /** @throws ApiError. */
  async function admit(
    request: FastifyRequest,
    endpoint: Endpoint,
    known: Progress,
  ): Promise<Caller> {
    const caller = await door.callerOf(request);
    known.caller = caller;
    checkInstance(request.headers[INSTANCE_HEADER] ?? door.defaultInstanceId, options.instanceId);
    if (!mayDo(caller.roles, endpoint.right)) {
      throw new ApiError(
        'UNAUTHORIZED_ERR',
        `The caller has no role with the right ${endpoint.right}.`,
      );
    }
    return caller;
  }

  /** Records what failed; whatever was thrown before, this is the answer. */
  async function refuse(
    request: FastifyRequest,
    reply: FastifyReply,
    thrown: unknown,
    endpoint: Endpoint | undefined,
  ): Promise<void> {
    const known = progress.get(request);
    const fallback = isKeyPath(request) ? INVALID_REQUEST.keys : INVALID_REQUEST.kmip;
    let error = toApiError(thrown);
    try {
      const action = endpoint === undefined ? fallback : actionOfFailure(endpoint.action, error);
      const facts = known?.facts ?? factsBefore(endpoint);
      const outcome = failureOutcome(error);
      const header = headerOf(request, door);
      const caller = known?.caller;
      if (caller === undefined) {
        const reason = `${action} ${error.code}`;
        await refusals.record(door.peerOf(request), reason, { header, action, outcome, facts });
      } else {
        const events = callEvent(audit, header, caller, action, outcome, facts);
        await store.commit({ guards: [], changes: [], events });
      }
    } catch (failure) {
      logFailure(request, failure, 'the event of a refusal could not be written');
      error = toApiError(failure);
    }
    if (error.status >= 500) logFailure(request, error.cause ?? error, 'a request failed');
    const failed = endpoint?.failed ?? 'The request could not be answered';
    if (error.status === 401) reply.header('www-authenticate', 'Bearer');
    if (error.status === 503) reply.header('retry-after', '1');
    reply.code(error.status).type('application/json').serializer(JSON.stringify);
    await reply.send(errorBody(error, failed));
  }

  function logFailure(request: FastifyRequest, failure: unknown, words: string): void {
    log.error({ err: failure, correlationId: request.id }, words);
  }

  function register(scope: FastifyInstance, endpoint: Endpoint): void {
    const { params, query, body } = endpoint.schemas;
    scope.withTypeProvider<ZodTypeProvider>().route({
      method: endpoint.method,
      url: endpoint.path,
      schema: {
        summary: endpoint.summary,
        tags: [tagOf(endpoint)],
        operationId: operationId(endpoint),
        security: [{ bearer: [], instance: [] }],
        ...(params === undefined ? {} : { params }),
        ...(query === undefined ? {} : { querystring: query }),
        ...(body === undefined ? {} : { body }),
        response: responsesOf(endpoint),
      },
      async onRequest(request) {
        // Clients send JSON with any media type or none.
        delete request.headers['content-type'];
        const known: Progress = { caller: undefined, facts: factsBefore(endpoint) };
        progress.set(request, known);
        await admit(request, endpoint, known);
      },
      async preValidation(request) {
        if (body === undefined || endpoint.bodyIsOptional) return;
        if (request.body !== undefined && request.body !== null) return;
        throw new ApiError('NO_BODY_ERR', 'The request needs a body.');
      },
      errorHandler: (error, request, reply) => refuse(request, reply, error, endpoint),
      async handler(request, reply) {
        const known = progress.get(request);
        const caller = known?.caller;
        if (known === undefined || caller === undefined) throw new Error('Nobody was admitted.');
        const admitted = {
          params: request.params,
          query: request.query,
          body: request.body,
          prefersRepresentation: REPRESENTATION.test(String(request.headers['prefer'] ?? '')),
          keyRingId: textHeader(request.headers[KEY_RING_HEADER]),
          streamForm: endpoint.streams && streamFormOf(request.headers.accept),
          lastEventId: textHeader(request.headers[LAST_EVENT_HEADER]),
          async stillAllowed() {
            await admit(request, endpoint, known);
          },
        };
        const header = headerOf(request, door);
        const run = () => runCall(deps, endpoint, header, caller, admitted, known);
        const answer = await (endpoint.oneByOne ? queue.run(run) : run());
        const status = statusOf(endpoint, admitted);
        reply.code(status).headers({ ...answer.headers });
        if (answer.stream !== undefined) return await sendStream(reply, answer.stream);
        return await (status === 204 ? reply.send() : reply.send(answer.body));
      },
    });
  }

  app.register(
    async (scope) => {
      const refusalOf = watchOfferedMethods(scope);
      scope.removeAllContentTypeParsers();
      scope.addContentTypeParser(
        '*',
        { parseAs: 'string' },
        async (_request: FastifyRequest, text: string) => parseJson(text),
      );
      const refuseUnrouted = async (request: FastifyRequest, reply: FastifyReply) => {
        // Who asked is told if it can be; whoever cannot be named learns nothing more.
        const caller = await door.callerOf(request).catch(() => undefined);
        progress.set(request, { caller, facts: factsBefore(undefined) });
        await refuse(request, reply, refusalOf(request, reply), undefined);
        return reply;
      };
      scope.setErrorHandler((error, request, reply) =>
        isUnrouted(error, request)
          ? refuseUnrouted(request, reply)
          : refuse(request, reply, error, undefined),
      );
      scope.setNotFoundHandler(refuseUnrouted);
      for (const endpoint of endpoints) register(scope, endpoint);
    },
    { prefix: BASE },
  );
}

/** @throws ApiError `INVALID_HEADER_ERR`; `UNAUTHORIZED_ERR` for another instance. */
function checkInstance(given: string | string[] | undefined, instanceId: string): void {
  if (typeof given !== 'string' || given === '') {
    throw new ApiError('INVALID_HEADER_ERR', 'Name the service instance in Bluemix-Instance.', {
      target: { type: 'header', name: 'Bluemix-Instance' },
    });
  }
  if (given.toLowerCase() !== instanceId) {
    throw new ApiError('UNAUTHORIZED_ERR', 'The caller has no access to that service instance.');
  }
}

function textHeader(given: string | string[] | undefined): string | undefined {
  return typeof given === 'string' && given !== '' ? given : undefined;
}

function factsBefore(endpoint: Endpoint | undefined): EventFacts {
  if (endpoint === undefined) return NO_FACTS;
  return { ...NO_FACTS, requestData: { resourceType: endpoint.resourceType } };
}

function isKeyPath(request: FastifyRequest): boolean {
  return request.url.startsWith(`${BASE}/keys`);
}

function tagOf({ origin, path }: Endpoint): string {
  if (origin === 'claviger') return 'Extensions of Claviger';
  if (path.includes('certificates')) return 'Client certificates';
  if (path.includes('kmip_objects')) return 'KMIP objects';
  return path.startsWith('/keys') ? 'Root keys' : 'KMIP adapters';
}

/** A name for code generators, e.g. `getKmipAdaptersCertificates`. */
function operationId({ method, path }: Endpoint): string {
  const words = path.split('/').flatMap((part) => part.replace(':', 'by_').split('_'));
  const named = words.filter((word) => word !== '');
  return (
    method.toLowerCase() +
    named.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('')
  );
}

/** The statuses of an endpoint with their bodies; refusals by the reason codes that they may have. */
function responsesOf(endpoint: Endpoint): Record<number, unknown> {
  const { status, response, schemas, minimalByDefault } = endpoint;
  const codes: ApiErrorCode[] = [...ALWAYS, ...endpoint.refusals];
  if (schemas.query !== undefined) codes.push('INVALID_QUERY_PARAM_ERR');
  if (endpoint.method === 'POST') codes.push('BAD_BODY_ERR');
  if (schemas.body !== undefined) {
    codes.push(
      'NO_BODY_ERR',
      'COLLECTION_TOTAL_MISMATCH_ERR',
      'NUM_COLLECTION_RESOURCE_ERR',
      'INVALID_FIELD_ERR',
    );
  }
  const statuses = [...new Set(codes.map((code) => API_ERRORS[code].status))];
  const nothing = z.undefined().describe('No content.');
  return {
    [status]: endpoint.streams ? streamedResponse(response) : (response ?? nothing),
    ...(minimalByDefault ? { 204: nothing } : {}),
    ...Object.fromEntries(
      statuses.map((refusal) => [
        refusal,
        {
          description: [...new Set(codes)]
            .filter((code) => API_ERRORS[code].status === refusal)
            .join(', '),
          content: { 'application/json': { schema: ErrorBody } },
        },
      ]),
    ),
  };
}
