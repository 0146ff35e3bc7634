/**
 * `/kmip_adapters/{adapter}/client_endpoints`: clients that the gateway connects to, asked and given objects by an
 * operator. Extensions of ours.
 */

import type { AdapterRecord } from '@claviger/key-store';
import { ClavigerError, type Version } from '@claviger/kmip-protocol';
import { z } from 'zod';
import { AdapterPath } from '../adapters/adapter-resource.ts';
import { findAdapter } from '../adapters/find-adapter.ts';
import type { Call } from '../calls/call.ts';
import { defineEndpoint, type Endpoint } from '../calls/endpoint.ts';
import type { ManagementApiDependencies } from '../dependencies.ts';
import { ApiError } from '../errors/api-error.ts';
import { sentence } from '../errors/to-api-error.ts';
import { answerPage, pageOf } from '../http/answer-page.ts';
import {
  COLLECTION_TYPES,
  itemEnvelope,
  itemOf,
  listEnvelope,
  onlyResource,
  requestEnvelope,
} from '../http/envelope.ts';
import { pageParameters } from '../http/query.ts';
import { mayDo } from '../identity/roles.ts';
import { OBJECT_RESOURCE } from '../objects/object-resource.ts';
import { answerFields } from './answer-fields.ts';
import {
  addressOf,
  ClientAnswer,
  ClientEndpoint,
  functionsOf,
  NewClientQuery,
  NewPut,
  NewVersionDiscovery,
  toClientEndpoint,
} from './client-endpoint-resource.ts';
import type { ClientEndpoints, ClientQuestion, ClientReply } from './client-endpoints.ts';

const PATH = '/kmip_adapters/:adapter/client_endpoints';
const ENDPOINTS = COLLECTION_TYPES.clientEndpoint;
const ANSWERS = COLLECTION_TYPES.clientAnswer;

const EndpointPath = AdapterPath.extend({
  endpoint: z.string().describe('Address of the endpoint, `host:port`.'),
});

/** As the client of the protocol reads them. */
const DiscoveredVersions = z.object({
  protocolVersion: z.array(
    z.object({ protocolVersionMajor: z.int(), protocolVersionMinor: z.int() }),
  ),
});
type DiscoveredVersion = z.output<typeof DiscoveredVersions>['protocolVersion'][number];
const numberOf = ({ protocolVersionMajor, protocolVersionMinor }: DiscoveredVersion) =>
  `${protocolVersionMajor}.${protocolVersionMinor}`;

const OF_AN_ENDPOINT = {
  resourceType: 'client_endpoint',
  origin: 'claviger',
  action: 'hs-crypto.kmip-management.read',
} as const;
const REFUSALS = [
  'KMIP_ADAPTER_NOT_FOUND_ERR',
  'CLIENT_ENDPOINT_NOT_FOUND_ERR',
  'CLIENT_ENDPOINT_FAILED_ERR',
] as const;

export function clientEndpointEndpoints(
  deps: Pick<ManagementApiDependencies, 'store' | 'clientEndpoints'>,
): readonly Endpoint[] {
  const { store, clientEndpoints } = deps;

  const list = defineEndpoint({
    ...OF_AN_ENDPOINT,
    method: 'GET',
    path: PATH,
    summary: 'List the clients of the adapter that the gateway connects to, by its settings.',
    failed: 'Client endpoints could not be listed',
    action: 'hs-crypto.kmip-management.list',
    right: 'kmip-management.list',
    params: AdapterPath,
    query: z.object(pageParameters({ max: 200, default: 100 })),
    status: 200,
    response: listEnvelope(ENDPOINTS, ClientEndpoint),
    refusals: ['KMIP_ADAPTER_NOT_FOUND_ERR'],
    async handle(call, { params, query }) {
      const adapter = await findAdapter(store, call, params.adapter);
      const page = pageOf((await clientEndpoints()).endpointsOf(adapter), query);
      return answerPage(call, ENDPOINTS, page, toClientEndpoint, query);
    },
  });

  const query = defineEndpoint({
    ...OF_AN_ENDPOINT,
    method: 'POST',
    path: `${PATH}/:endpoint/actions/query`,
    summary: 'Ask a client what it can do (KMIP Query).',
    failed: 'Client endpoint could not be asked',
    right: 'kmip-management.read',
    params: EndpointPath,
    body: requestEnvelope(NewClientQuery),
    status: 200,
    response: itemEnvelope(ANSWERS, ClientAnswer),
    refusals: REFUSALS,
    async handle(call, { params, body }) {
      const wish = onlyResource(body);
      const { question, clients } = await find(call, params, wish.version);
      const reply = await sent(() => clients.query(question, functionsOf(wish)));
      return { body: answerOf(question, answerFields(payloadOf(reply))) };
    },
  });

  const discoverVersions = defineEndpoint({
    ...OF_AN_ENDPOINT,
    method: 'POST',
    path: `${PATH}/:endpoint/actions/discover_versions`,
    summary: 'Ask a client which versions of KMIP it speaks (Discover Versions).',
    failed: 'Client endpoint could not be asked',
    right: 'kmip-management.read',
    params: EndpointPath,
    body: requestEnvelope(NewVersionDiscovery),
    status: 200,
    response: itemEnvelope(ANSWERS, ClientAnswer),
    refusals: REFUSALS,
    async handle(call, { params, body }) {
      const { question, clients } = await find(call, params, onlyResource(body).version);
      const payload = payloadOf(await sent(() => clients.discoverVersions(question)));
      const { protocolVersion } = DiscoveredVersions.parse(payload);
      return { body: answerOf(question, { versions: protocolVersion.map(numberOf) }) };
    },
  });

  const put = defineEndpoint({
    ...OF_AN_ENDPOINT,
    method: 'POST',
    path: `${PATH}/:endpoint/actions/put`,
    summary: 'Send an object to a client, with its key (KMIP Put).',
    failed: 'Object could not be sent to the client endpoint',
    right: 'secrets.read',
    params: EndpointPath,
    body: requestEnvelope(NewPut),
    status: 204,
    refusals: [...REFUSALS, 'KMIP_OBJECT_NOT_FOUND_ERR', 'KMIP_OBJECT_NOT_PUT_ERR'],
    async handle(call, { params, body }) {
      // Whoever may read keys has no say in KMIP, and whoever manages KMIP does not see keys: this takes both.
      if (!mayDo(call.caller.roles, 'kmip-management.read')) throw mayNotPut();
      const { object, version } = onlyResource(body);
      const { adapter, question, clients } = await find(call, params, version);
      const id = object.toLowerCase();
      const known = await store.readObjectSummary(adapter.id, id);
      if (known === undefined) {
        throw new ApiError(
          'KMIP_OBJECT_NOT_FOUND_ERR',
          'The adapter has no object of this id; list its objects to see all.',
        );
      }
      const parent = { type: 'kmip_adapter', id: adapter.id };
      call.tell({
        target: { kind: 'resource', resourceType: OBJECT_RESOURCE, id, parent },
        responseData: { kmipObjectId: id },
      });
      payloadOf(await sent(() => clients.put(question, id)));
      return {};
    },
  });

  async function find(
    call: Call,
    params: z.output<typeof EndpointPath>,
    version: Version | undefined,
  ): Promise<{ adapter: AdapterRecord; question: ClientQuestion; clients: ClientEndpoints }> {
    const adapter = await findAdapter(store, call, params.adapter);
    const clients = await clientEndpoints();
    const endpoint = clients
      .endpointsOf(adapter)
      .find(({ requestURI }) => addressOf(requestURI) === params.endpoint);
    if (endpoint === undefined) {
      throw new ApiError(
        'CLIENT_ENDPOINT_NOT_FOUND_ERR',
        'The settings name no client endpoint of the adapter at this address; list them to see all.',
      );
    }
    const { requestURI } = endpoint;
    call.tell({ requestData: { clientEndpoint: requestURI } });
    const { correlationId, caller } = call;
    const question = { adapter, requestURI, version, correlationId, actor: caller.iamId };
    return { adapter, question, clients };
  }

  return [list, query, discoverVersions, put];
}

/** What may not leave is a refusal; that something could not be recorded is a fault. */
async function sent(ask: () => Promise<ClientReply>): Promise<ClientReply> {
  try {
    return await ask();
  } catch (cause) {
    if (!(cause instanceof ClavigerError) || cause.code === 'internal') throw cause;
    const code = cause.code === 'unavailable' ? 'UNAVAILABLE_ERR' : 'KMIP_OBJECT_NOT_PUT_ERR';
    throw new ApiError(code, sentence(cause.message), { cause });
  }
}

function payloadOf(reply: ClientReply): unknown {
  if (reply.kind === 'answered') return reply.payload;
  throw new ApiError(
    'CLIENT_ENDPOINT_FAILED_ERR',
    `The client was asked, and did not do it: ${sentence(reply.reason)}`,
  );
}

function answerOf({ requestURI }: ClientQuestion, answer: Record<string, unknown>) {
  return itemOf(ANSWERS, { address: addressOf(requestURI), answer });
}

function mayNotPut(): ApiError {
  return new ApiError(
    'UNAUTHORIZED_ERR',
    'Objects leave with their keys: that takes a role which reads keys and manages KMIP (Manager).',
  );
}
