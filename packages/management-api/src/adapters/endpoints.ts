/** `/kmip_adapters`: create, list, read, delete. */

import type { AdapterRecord, DetailedRootKey, KeyStore } from '@claviger/key-store';
import { z } from 'zod';
import type { Call, Refused } from '../calls/call.ts';
import { defineEndpoint, type Endpoint } from '../calls/endpoint.ts';
import type { ManagementApiDependencies } from '../dependencies.ts';
import { ApiError } from '../errors/api-error.ts';
import { answerPage, pageOf } from '../http/answer-page.ts';
import {
  itemEnvelope,
  itemOf,
  listEnvelope,
  onlyResource,
  requestEnvelope,
} from '../http/envelope.ts';
import { pageParameters } from '../http/query.ts';
import { generatedName } from '../http/resource-name.ts';
import {
  ADAPTER_COLLECTION,
  ADAPTER_RESOURCE,
  Adapter,
  AdapterPath,
  NewAdapter,
  toAdapter,
} from './adapter-resource.ts';
import { adapterNotFound, findAdapter } from './find-adapter.ts';

const PATH = '/kmip_adapters';
const MAX_ADAPTERS = 200;
const NOT_DESTROYED = ['PreActive', 'Active', 'Deactivated', 'Compromised'] as const;
const OF_AN_ADAPTER = { resourceType: ADAPTER_RESOURCE, origin: 'key-protect' } as const;

export function adapterEndpoints(
  deps: Pick<ManagementApiDependencies, 'store' | 'keys' | 'objects' | 'randomness'>,
): readonly Endpoint[] {
  const { store, keys, objects, randomness } = deps;

  const create = defineEndpoint({
    ...OF_AN_ADAPTER,
    method: 'POST',
    path: PATH,
    summary: 'Create a KMIP adapter over a root key.',
    failed: 'KMIP adapter could not be created',
    action: 'hs-crypto.kmip-management.create',
    right: 'kmip-management.create',
    body: requestEnvelope(NewAdapter),
    status: 201,
    oneByOne: true,
    response: itemEnvelope(ADAPTER_COLLECTION, Adapter),
    refusals: [
      'KMIP_ADAPTER_DUPLICATE_NAME_ERR',
      'KMIP_ADAPTER_QUOTA_ERR',
      'NATIVE_CRK_ID_NOT_FOUND_ERR',
      'NATIVE_INVALID_CRK_ERR',
    ],
    async handle(call, { body }) {
      const request = onlyResource(body);
      const rootKey = await findRootKey(store, request.profile_data.crk_id);
      const { total } = await store.pageAdapters({ offset: 0, limit: 0 });
      if (total >= MAX_ADAPTERS) {
        throw new ApiError(
          'KMIP_ADAPTER_QUOTA_ERR',
          `There are ${MAX_ADAPTERS} adapters, as many as there can be; delete one first.`,
        );
      }
      const adapter = newAdapter(call, request, rootKey);
      call.tell({
        target: target(adapter),
        adapterId: adapter.id,
        responseData: { adapterId: adapter.id },
      });
      return {
        body: itemOf(ADAPTER_COLLECTION, toAdapter(adapter)),
        work: {
          // Rotated in between, the new adapter's key would be wrapped by an old version.
          guards: [
            { kind: 'root-key-enabled', rootKeyId: rootKey.id },
            { kind: 'root-key-version', rootKeyId: rootKey.id, versionId: rootKey.version.id },
          ],
          changes: [{ kind: 'insert-adapter', adapter }],
          retryOnConflict: true,
          refused: creationRefused,
        },
      };
    },
  });

  function newAdapter(
    call: Call,
    request: z.output<typeof NewAdapter>,
    rootKey: DetailedRootKey,
  ): AdapterRecord {
    const id = randomness.uuid();
    return {
      id,
      name: request.name ?? generatedName('kmip_adapter', randomness.bytes),
      description: request.description ?? '',
      profile: request.profile,
      rootKeyId: rootKey.id,
      wrappedKey: keys.newAdapterKey({
        rootKeyId: rootKey.id,
        wrappedRootKey: rootKey.wrappedKey,
        adapterId: id,
      }),
      createdAt: call.now,
      createdBy: call.caller.iamId,
      updatedAt: call.now,
      updatedBy: call.caller.iamId,
    };
  }

  const list = defineEndpoint({
    ...OF_AN_ADAPTER,
    method: 'GET',
    path: PATH,
    summary: 'List the KMIP adapters.',
    failed: 'KMIP adapters could not be listed',
    action: 'hs-crypto.kmip-management.list',
    right: 'kmip-management.list',
    query: z.object({
      ...pageParameters({ max: 200, default: 100 }),
      crk_id: z.string().max(100).optional().describe('Only adapters over this root key.'),
      object: z.string().max(100).optional().describe('Ours: only the adapter of this object.'),
    }),
    status: 200,
    response: listEnvelope(ADAPTER_COLLECTION, Adapter),
    refusals: [],
    async handle(call, { query }) {
      const { limit, offset, crk_id: rootKeyId, object } = query;
      const page =
        object === undefined
          ? await store.pageAdapters({ limit, offset, rootKeyId })
          : pageOf(await holdersOf(object.toLowerCase()), query);
      return answerPage(call, ADAPTER_COLLECTION, page, toAdapter, query);
    },
  });

  /** The store finds objects within an adapter only, on purpose; there are few adapters. */
  async function holdersOf(objectId: string): Promise<readonly AdapterRecord[]> {
    for (const adapter of await store.listAdapters()) {
      const object = await store.readObjectSummary(adapter.id, objectId);
      if (object !== undefined) return [adapter];
    }
    return [];
  }

  const read = defineEndpoint({
    ...OF_AN_ADAPTER,
    method: 'GET',
    path: `${PATH}/:adapter`,
    summary: 'Read a KMIP adapter.',
    failed: 'KMIP adapter could not be read',
    action: 'hs-crypto.kmip-management.read',
    right: 'kmip-management.read',
    params: AdapterPath,
    status: 200,
    response: itemEnvelope(ADAPTER_COLLECTION, Adapter),
    refusals: ['KMIP_ADAPTER_NOT_FOUND_ERR'],
    async handle(call, { params }) {
      const adapter = await findAdapter(store, call, params.adapter);
      call.tell({ target: target(adapter), responseData: { adapterId: adapter.id } });
      return { body: itemOf(ADAPTER_COLLECTION, toAdapter(adapter)) };
    },
  });

  const remove = defineEndpoint({
    ...OF_AN_ADAPTER,
    method: 'DELETE',
    path: `${PATH}/:adapter`,
    summary: 'Delete a KMIP adapter with its certificates, when only destroyed objects are left.',
    failed: 'KMIP adapter could not be deleted',
    action: 'hs-crypto.kmip-management.delete',
    right: 'kmip-management.delete',
    params: AdapterPath,
    status: 204,
    refusals: ['KMIP_ADAPTER_NOT_FOUND_ERR', 'KMIP_ADAPTER_NOT_EMPTY_ERR'],
    async handle(call, { params }) {
      const adapter = await findAdapter(store, call, params.adapter);
      call.tell({ target: target(adapter), responseData: { adapterId: adapter.id } });
      keys.forget(adapter.id);
      return {
        work: {
          changes: [
            {
              kind: 'delete-adapter',
              id: adapter.id,
              unless: objects.whereState(NOT_DESTROYED, call.now),
              withCertificates: true,
              by: call.by,
            },
          ],
          refused: deletionRefused,
        },
      };
    },
  });

  return [create, list, read, remove];
}

function target({ id, name }: AdapterRecord) {
  return { kind: 'resource', resourceType: ADAPTER_RESOURCE, id, name } as const;
}

async function findRootKey(
  store: Pick<KeyStore, 'findRootKey'>,
  idOrAlias: string,
): Promise<DetailedRootKey> {
  const rootKey = await store.findRootKey(idOrAlias);
  if (rootKey === undefined) {
    throw new ApiError(
      'NATIVE_CRK_ID_NOT_FOUND_ERR',
      'There is no root key of this id or alias; list the keys to see all.',
    );
  }
  if (rootKey.extractable || rootKey.state !== 'enabled') throw unusableRootKey();
  return rootKey;
}

function unusableRootKey(): ApiError {
  return new ApiError(
    'NATIVE_INVALID_CRK_ERR',
    'An adapter needs an active root key; enable this one or name another.',
  );
}

function creationRefused(outcome: Refused): ApiError | undefined {
  if (outcome.kind === 'duplicate') {
    return new ApiError(
      'KMIP_ADAPTER_DUPLICATE_NAME_ERR',
      'There is a KMIP adapter of this name already; choose another name.',
    );
  }
  if (outcome.kind === 'guard-failed') return unusableRootKey();
  return undefined;
}

function deletionRefused(outcome: Refused): ApiError | undefined {
  if (outcome.kind === 'in-use') {
    return new ApiError(
      'KMIP_ADAPTER_NOT_EMPTY_ERR',
      'The adapter has objects that are not destroyed; delete them first.',
    );
  }
  return outcome.kind === 'not-found' ? adapterNotFound() : undefined;
}
