/**
 * Requests from the server to its clients (1.4 §5, 2.1 §6.2): by connections that it makes to the endpoints of its
 * settings, and by those that clients hand over with Set Endpoint Role. Nobody who changes an object waits for it.
 */

import type { OPERATION_SCHEMAS, ResponseOf, Version } from '@claviger/kmip-protocol';
import type { KmipServerDependencies } from '../dependencies.ts';
import type { Principal } from '../principal.ts';
import {
  type ClientEndpoint,
  createClientEndpoint,
  type EndpointLimits,
  type EndpointSettings,
  type ObjectsChanged,
} from './client-endpoint.ts';
import type { ClientRequests } from './client-requests.ts';
import { createOperatorRequests, type OperatorRequests } from './operator-requests.ts';

/** An endpoint of the settings, and the way to it. */
export interface ConfiguredEndpoint
  extends EndpointSettings,
    Pick<EndpointLimits, 'maxWaiting' | 'giveUpAfterMs'> {
  readonly requests: ClientRequests;
}

/** A connection whose roles were turned. */
export interface TurnedConnection {
  readonly principal: Principal;
  /** In which the client asked for it. */
  readonly version: Version;
  readonly requestURI: string;
  /** One message out, one message in. @throws Error with a reason that may be shown. */
  exchange(request: Uint8Array): Promise<Uint8Array>;
  /** Whether the client may still be told anything; it is asked before each message. */
  isAdmitted(): Promise<boolean>;
  /** Makes the client the one that asks again. */
  turnBack(): void;
  /** Ends the connection. */
  close(): void;
  /** Resolves when the connection is gone, or turned back. */
  readonly ended: Promise<void>;
}

/** The limits are those of connections whose roles were turned. */
export interface ServerToClientOptions extends EndpointLimits {
  readonly endpoints: readonly ConfiguredEndpoint[];
  /** Requests by whatever takes one message and answers with another. */
  requestsOver(exchange: (request: Uint8Array) => Promise<Uint8Array>): ClientRequests;
}

export interface ServerToClient {
  /** What an operator may have sent to the endpoints of the settings. */
  readonly operator: OperatorRequests;
  /** Returns at once; never throws. */
  objectsChanged(changed: ObjectsChanged): void;
  /** Takes over a connection until it ends or is turned back. */
  rolesTurned(connection: TurnedConnection): void;
  /** Sends nothing more. What still waits is not sent: the log says how much. */
  close(): Promise<void>;
}

type QueryAnswer = ResponseOf<typeof OPERATION_SCHEMAS.Query>;

export function createServerToClient(
  dependencies: KmipServerDependencies,
  options: ServerToClientOptions,
): ServerToClient {
  const { log } = dependencies;
  const { endpoints, requestsOver, ...limits } = options;
  const configured = endpoints.map(({ requests, maxWaiting, giveUpAfterMs, ...settings }) => ({
    settings,
    endpoint: createClientEndpoint(dependencies, settings, requests, {
      wait: limits.wait,
      maxWaiting,
      giveUpAfterMs,
    }),
  }));
  const all = new Set<ClientEndpoint>(configured.map(({ endpoint }) => endpoint));
  let isClosed = false;

  /** Of a client that has just handed over its connection: it is told of changes if it says that it can be. */
  function welcome(endpoint: ClientEndpoint, connection: TurnedConnection): void {
    const queryFunction = ['QueryOperations'] as const;
    endpoint.ask(connection.version, 'Query', { queryFunction: [...queryFunction] }, (answer) => {
      // The payload was read with the schema of Query.
      const { operation } = answer as QueryAnswer;
      if (operation.includes('Notify')) return;
      endpoint.ask(connection.version, 'SetEndpointRole', { endpointRole: 'Client' }, () =>
        connection.turnBack(),
      );
    });
  }

  return {
    operator: createOperatorRequests(dependencies, configured),

    objectsChanged(changed) {
      try {
        for (const endpoint of all) endpoint.objectsChanged(changed);
      } catch (error) {
        log.error({ err: error }, 'clients cannot be told of a change');
      }
    },

    rolesTurned(connection) {
      if (isClosed) {
        connection.close();
        return;
      }
      const over = requestsOver(connection.exchange);
      const requests: ClientRequests = {
        async ask(version, operation, payload) {
          if (!(await connection.isAdmitted())) {
            connection.close();
            return { kind: 'refused', reason: 'the client is no longer let in' };
          }
          const answer = await over.ask(version, operation, payload);
          // The connection is the client's: there is no other by which to try again.
          if (answer.kind !== 'failed') return answer;
          connection.close();
          return { kind: 'refused', reason: answer.reason };
        },
        async close() {
          connection.close();
          await over.close();
        },
      };
      const { principal, requestURI, version } = connection;
      const endpoint = createClientEndpoint(
        dependencies,
        {
          adapter: principal.record.adapter.id,
          requestURI,
          version,
          putsNewObjects: false,
          notifies: 'all',
          // Its certificate does not say whose credential it has.
          seesOwnedObjects: false,
        },
        requests,
        limits,
      );
      all.add(endpoint);
      void connection.ended.then(() => {
        all.delete(endpoint);
        if (!isClosed) void endpoint.close();
      });
      welcome(endpoint, connection);
    },

    async close() {
      isClosed = true;
      await Promise.all([...all].map((endpoint) => endpoint.close()));
    },
  };
}
