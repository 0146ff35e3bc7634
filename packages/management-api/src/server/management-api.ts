/** The management API: one set of endpoints behind two doors. Nothing listens before it is told to. */

import { once } from 'node:events';
import { Server as HttpsServer } from 'node:https';
import type { AddressInfo, Server } from 'node:net';
import type {
  FastifyInstance,
  FastifyRequest,
  InjectOptions,
  LightMyRequestResponse,
} from 'fastify';
import { allEndpoints } from '../all-endpoints.ts';
import { NO_FACTS } from '../calls/call.ts';
import { failureOutcome, INVALID_REQUEST } from '../calls/call-events.ts';
import { createQueue } from '../calls/queue.ts';
import { createRefusalLog } from '../calls/refusal-log.ts';
import type { ManagementApiDependencies } from '../dependencies.ts';
import type { ApiError } from '../errors/api-error.ts';
import { createEventStreams } from '../events/event-streams.ts';
import { createExternalIssuer } from '../identity/external-issuer.ts';
import { ACCOUNT_HEADER } from '../identity/local-account.ts';
import { createLoginLimiter, DEFAULT_LOGIN_LIMITS } from '../identity/login-limiter.ts';
import { createTokenIssuer } from '../identity/token-issuer.ts';
import { registerTokenRoutes } from '../identity/token-routes.ts';
import type { ManagementApiOptions, TlsMaterial } from '../options.ts';
import { registerApiRoutes } from './api-routes.ts';
import { createClientAddresses } from './client-addresses.ts';
import { type Door, headerOf, localDoor, networkDoor } from './door.ts';
import { createFrontServer, type FrontServer } from './front-server.ts';
import { createHttpServer } from './http-server.ts';
import { createLocalSocket, type LocalSocket } from './local-socket.ts';

export interface LocalCall {
  readonly method: 'GET' | 'HEAD' | 'POST' | 'DELETE' | 'PUT' | 'PATCH';
  /** From the root, with its query, e.g. `/api/v2/keys?limit=10`. */
  readonly path: string;
  /** Becomes JSON; none when undefined. */
  readonly body?: unknown;
  /** Name of the account in the operating system that asks. */
  readonly account: string;
}

export interface LocalAnswer {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** Parsed when it is JSON, a text otherwise; undefined when there is none. */
  readonly body: unknown;
}

export interface ManagementApi {
  /**
   * @returns The address with the real port.
   * @throws what node:net throws, e.g. `EADDRINUSE`.
   */
  listen(endpoint: { readonly host: string; readonly port: number }): Promise<{
    readonly host: string;
    readonly port: number;
  }>;
  /**
   * Answers the owner of the process on a Unix socket, in plain HTTP: Manager without a token, in the
   * name of the account in `X-Claviger-Account` (`operator` without). Removes a socket that nobody
   * answers on.
   *
   * @throws Error `EADDRINUSE` when another process answers there or something else has that path;
   * `ENAMETOOLONG`; what node:fs and node:net throw.
   */
  listenLocally(socketPath: string): Promise<void>;
  /** Answers one call of the machine without a network: same endpoints, rules and events. */
  callLocally(call: LocalCall): Promise<LocalAnswer>;
  /**
   * As `callLocally`, for an answer that comes as a stream.
   *
   * @param accept - Which form of stream, e.g. `text/event-stream`.
   */
  streamLocally(
    call: LocalCall & { readonly accept: string; readonly lastEventId?: string | undefined },
  ): Promise<{ readonly status: number; readonly body: AsyncIterable<Uint8Array> }>;
  /** Answers what was asked already, then closes and removes the local socket. */
  close(): Promise<void>;
  /** Answers a request without a socket, as one that came over the network. */
  inject(request: InjectOptions): Promise<LightMyRequestResponse>;
  /** Another certificate for connections from now on; those that are open stay. */
  replaceCertificate(tls: TlsMaterial): void;
}

const DEFAULT_TOKEN_LIFETIME_SECONDS = 3600;
const UUID_FORM = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** @throws RangeError when the instance id is no UUID in lower case. */
export function createManagementApi(
  deps: ManagementApiDependencies,
  options: ManagementApiOptions,
): ManagementApi {
  if (!UUID_FORM.test(options.instanceId)) {
    throw new RangeError('The instance id must be a UUID in lower case.');
  }
  const streams = createEventStreams(deps.store);
  const endpoints = allEndpoints(deps, options, streams);
  const refusals = createRefusalLog(deps);
  const shared = { refusals, queue: createQueue() };
  const addresses = createClientAddresses();
  const app = networkServer();
  let front: FrontServer | undefined;
  // Made when it is needed: most tests and some installations never call locally.
  let localApp: FastifyInstance | undefined;
  let socket: LocalSocket | undefined;

  function networkServer(): FastifyInstance {
    const { store, audit, clock, log } = deps;
    const issuer = createTokenIssuer(deps, {
      issuer: options.issuer,
      accountId: options.accountId,
      lifetimeSeconds: options.tokenLifetimeSeconds ?? DEFAULT_TOKEN_LIFETIME_SECONDS,
      tokenSigningKey: () => options.tokenSigningKey(),
    });
    const limiter = createLoginLimiter(clock, options.loginLimits ?? DEFAULT_LOGIN_LIMITS);
    const door = networkDoor(
      options,
      [
        { issuer: options.issuer, verify: issuer.verify },
        ...(options.oidc ?? []).map((other) => createExternalIssuer(clock, other)),
      ],
      addresses,
    );
    return createHttpServer(deps, {
      tls: options.tls,
      health: options.health,
      onAnswered: options.onAnswered,
      watchRequest: options.watchRequest,
      register(scope) {
        registerTokenRoutes(scope, { store, audit, issuer, limiter, refusals, log }, door);
        registerApiRoutes(scope, deps, options, endpoints, door, shared);
      },
      recordUndecodable: recordUndecodable(door),
    });
  }

  function recordUndecodable(door: Door) {
    return async (request: FastifyRequest, error: ApiError): Promise<void> => {
      if (!request.originalUrl.startsWith('/api/')) return;
      const header = headerOf(request, door);
      const action = INVALID_REQUEST.kmip;
      await refusals.record(door.peerOf(request), `${action} ${error.code}`, {
        header,
        action,
        outcome: failureOutcome(error),
        facts: NO_FACTS,
      });
    };
  }

  /** Nobody logs in here, so there is no token to get. */
  function localServer(): FastifyInstance {
    const door = localDoor(options);
    localApp ??= createHttpServer(deps, {
      tls: undefined,
      health: options.health,
      onAnswered: options.onAnswered,
      watchRequest: options.watchRequest,
      register: (scope) => registerApiRoutes(scope, deps, options, endpoints, door, shared),
      recordUndecodable: recordUndecodable(door),
    });
    return localApp;
  }

  return {
    async listen({ host, port }) {
      if (options.readClientAddress === undefined) {
        await app.listen({ host, port });
        return { host, port: portOf(app.server, port) };
      }
      await app.ready();
      front = createFrontServer(app.server, {
        readClientAddress: options.readClientAddress,
        addresses,
        maxConnections: app.server.maxConnections,
      });
      const { server } = front;
      server.listen(port, host);
      await once(server, 'listening');
      return { host, port: portOf(server, port) };
    },
    async listenLocally(socketPath) {
      const server = localServer();
      socket = await createLocalSocket(socketPath, (path) => server.listen({ path }));
    },
    async callLocally({ method, path, body, account }) {
      const response = await localServer().inject({
        method,
        url: path,
        headers: { accept: 'application/json', [ACCOUNT_HEADER]: account },
        ...(body === undefined ? {} : { payload: JSON.stringify(body) }),
      });
      return toLocalAnswer(response);
    },
    async streamLocally({ method, path, body, account, accept, lastEventId }) {
      const response = await localServer().inject({
        method,
        url: path,
        headers: {
          accept,
          [ACCOUNT_HEADER]: account,
          ...(lastEventId === undefined ? {} : { 'last-event-id': lastEventId }),
        },
        ...(body === undefined ? {} : { payload: JSON.stringify(body) }),
        payloadAsStream: true,
      });
      return { status: response.statusCode, body: response.stream() };
    },
    async close() {
      await socket?.remove();
      streams.close();
      await front?.close();
      await Promise.all([app.close(), localApp?.close()]);
      await refusals.close();
    },
    inject: (request) => app.inject(request),
    replaceCertificate({ cert, key }) {
      if (app.server instanceof HttpsServer) {
        app.server.setSecureContext({ cert, key, minVersion: 'TLSv1.2' });
      }
    },
  };
}

function toLocalAnswer(response: LightMyRequestResponse): LocalAnswer {
  const { statusCode, body } = response;
  const headers = Object.entries(response.headers).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, String(value)] as const],
  );
  const isJson = String(response.headers['content-type']).startsWith('application/json');
  return {
    status: statusCode,
    headers: Object.fromEntries(headers),
    body: body === '' ? undefined : isJson ? JSON.parse(body) : body,
  };
}

function portOf(server: Server, fallback: number): number {
  const address: AddressInfo | string | null = server.address();
  return typeof address === 'object' && address !== null ? address.port : fallback;
}
