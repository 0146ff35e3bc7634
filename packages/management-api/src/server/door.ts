/**
 * The doors of the API: over the network, and on the machine itself. Each has a server of its own, and
 * the server decides who may be behind a request; nothing in a request can change that.
 */

import type { FastifyRequest } from 'fastify';
import type { CallHeader, Origin } from '../calls/call-events.ts';
import { authenticate, type Verifier } from '../identity/authenticate.ts';
import type { Caller } from '../identity/caller.ts';
import { ACCOUNT_HEADER, localCaller } from '../identity/local-account.ts';
import type { InstanceOptions, ManagementApiOptions } from '../options.ts';
import type { ClientAddresses } from './client-addresses.ts';

export interface Door {
  /** @throws ApiError when nobody can be named. */
  callerOf(request: FastifyRequest): Promise<Caller>;
  /** What events tell of the place that a request came from. */
  originOf(request: FastifyRequest): Origin;
  /** Tells strangers apart, also where events do not name their place. */
  peerOf(request: FastifyRequest): string;
  /** The instance of requests that name none; undefined when they must. */
  readonly defaultInstanceId: string | undefined;
}

/** Callers are named by their tokens. */
export function networkDoor(
  { network, isPrivateAddress }: Pick<ManagementApiOptions, 'network' | 'isPrivateAddress'>,
  verifiers: readonly Verifier[],
  addresses: Pick<ClientAddresses, 'of'>,
): Door {
  const addressOf = (request: FastifyRequest) => addresses.of(request.raw.socket) || request.ip;
  return {
    callerOf: (request) => authenticate(request.headers.authorization, verifiers),
    originOf(request) {
      const hostAddress = addressOf(request);
      if (network === 'private' || isPrivateAddress?.(hostAddress) === true) return {};
      const agent = request.headers['user-agent'];
      return { hostAddress, ...(agent === undefined ? {} : { agent }) };
    },
    peerOf: addressOf,
    defaultInstanceId: undefined,
  };
}

/** Callers are Managers: they could open a socket that only the owner of the data can open. */
export function localDoor({ instanceId }: Pick<InstanceOptions, 'instanceId'>): Door {
  return {
    callerOf: async (request) => localCaller(request.headers[ACCOUNT_HEADER]),
    originOf: () => ({}),
    peerOf: () => 'local',
    defaultInstanceId: instanceId,
  };
}

/** Beyond this a path in an event tells nothing more. */
const MAX_URI_LENGTH = 512;

/** What is known of a request from its first line on. The path is the one that the client wrote. */
export function headerOf(request: FastifyRequest, door: Pick<Door, 'originOf'>): CallHeader {
  const [path = ''] = request.originalUrl.split('?', 1);
  return {
    correlationId: request.id,
    requestURI: path.slice(0, MAX_URI_LENGTH),
    origin: door.originOf(request),
  };
}
