/** `/kmip_adapters/{adapter}/kmip_objects`: list, read, delete. Objects are made over KMIP only. */

import type { KmipStateName } from '@claviger/audit-emitter';
import type { ObjectSummary } from '@claviger/key-store';
import { z } from 'zod';
import { AdapterPath } from '../adapters/adapter-resource.ts';
import { findAdapter } from '../adapters/find-adapter.ts';
import { defineEndpoint, type Endpoint } from '../calls/endpoint.ts';
import type { ManagementApiDependencies } from '../dependencies.ts';
import { ApiError } from '../errors/api-error.ts';
import { answerPage } from '../http/answer-page.ts';
import { itemEnvelope, itemOf, listEnvelope } from '../http/envelope.ts';
import {
  booleanParameter,
  detailsParameter,
  integerListParameter,
  pageParameters,
} from '../http/query.ts';
import {
  detailsOf,
  KmipObject,
  OBJECT_COLLECTION,
  OBJECT_RESOURCE,
  STATE_NUMBERS,
  statesOf,
  toObject,
} from './object-resource.ts';

const PATH = '/kmip_adapters/:adapter/kmip_objects';
const ObjectPath = AdapterPath.extend({ object: z.string().describe('Id of the object.') });
const OF_AN_OBJECT = { resourceType: OBJECT_RESOURCE, origin: 'key-protect' } as const;

export function objectEndpoints(
  deps: Pick<ManagementApiDependencies, 'store' | 'objects'>,
): readonly Endpoint[] {
  const { store, objects } = deps;

  const list = defineEndpoint({
    ...OF_AN_OBJECT,
    method: 'GET',
    path: PATH,
    summary: 'List the objects of an adapter, newest first; destroyed ones only when asked for.',
    failed: 'KMIP objects could not be listed',
    action: 'hs-crypto.kmip-management.list',
    right: 'kmip-management.list',
    params: AdapterPath,
    query: z.object({
      ...pageParameters({ max: 5000, default: 100 }),
      state: integerListParameter({ min: 1, max: 6, default: [1, 2, 3, 4] }),
      details: detailsParameter,
    }),
    status: 200,
    response: listEnvelope(OBJECT_COLLECTION, KmipObject),
    refusals: ['KMIP_ADAPTER_NOT_FOUND_ERR'],
    async handle(call, { params, query }) {
      const { limit, offset, state, details, totalCount } = query;
      const adapter = await findAdapter(store, call, params.adapter);
      const where = objects.whereState(statesOf(state), call.now);
      // Counting a large store takes longer than reading a page of it.
      const countUpTo = totalCount ? undefined : 0;
      const page = await store.listObjectSummaries(adapter.id, { where, limit, offset, countUpTo });
      const show = (item: ObjectSummary) => view(item, call.now, details);
      return answerPage(call, OBJECT_COLLECTION, page, show, query);
    },
  });

  const read = defineEndpoint({
    ...OF_AN_OBJECT,
    method: 'GET',
    path: `${PATH}/:object`,
    summary: 'Read what is known of an object; its material is never shown.',
    failed: 'KMIP object could not be read',
    action: 'hs-crypto.kmip-management.read',
    right: 'kmip-management.read',
    params: ObjectPath,
    query: z.object({ details: detailsParameter }),
    status: 200,
    response: itemEnvelope(OBJECT_COLLECTION, KmipObject),
    refusals: ['KMIP_ADAPTER_NOT_FOUND_ERR', 'KMIP_OBJECT_NOT_FOUND_ERR'],
    async handle(call, { params, query }) {
      const adapter = await findAdapter(store, call, params.adapter);
      const object = await store.readObjectSummary(adapter.id, params.object.toLowerCase());
      if (object === undefined) throw objectNotFound();
      call.tell(factsOf(adapter.id, object.id));
      return { body: itemOf(OBJECT_COLLECTION, view(object, call.now, query.details)) };
    },
  });

  function view(
    summary: ObjectSummary,
    now: number,
    details: boolean,
  ): z.output<typeof KmipObject> {
    const object = toObject(summary, objects.stateAt(summary.attributes, now));
    if (!details) return object;
    return { ...object, ...detailsOf(summary, objects.attributesOf(summary.attributes)) };
  }

  const remove = defineEndpoint({
    ...OF_AN_OBJECT,
    method: 'DELETE',
    path: `${PATH}/:object`,
    summary: 'Destroy an object for good; an active one only with force.',
    failed: 'KMIP object could not be deleted',
    action: 'hs-crypto.kmip-management.delete',
    right: 'kmip-management.delete',
    params: ObjectPath,
    query: z.object({ force: booleanParameter.describe('Destroy it although it is active.') }),
    status: 204,
    refusals: [
      'KMIP_ADAPTER_NOT_FOUND_ERR',
      'KMIP_OBJECT_NOT_FOUND_ERR',
      'KMIP_OBJECT_ACTIVE_ERR',
      'KMIP_OBJECT_CHANGED_ERR',
      'KMIP_OBJECT_DELETED_ERR',
    ],
    async handle(call, { params, query }) {
      const adapter = await findAdapter(store, call, params.adapter);
      const object = await store.readObject(adapter.id, params.object.toLowerCase());
      if (object === undefined) throw objectNotFound();
      call.tell(factsOf(adapter.id, object.id));
      assertDestroyable(objects.stateAt(object.attributes, call.now), query.force);
      const destroyed = objects.destroyed(object, call.now);
      return {
        work: {
          changes: [{ kind: 'update-object', object: destroyed, by: call.by, destroyed: true }],
          retryOnConflict: true,
          refused({ kind }) {
            if (kind === 'not-found') return objectNotFound();
            if (kind !== 'conflict') return undefined;
            return new ApiError(
              'KMIP_OBJECT_CHANGED_ERR',
              'A client changes the object at this very moment; try again.',
            );
          },
        },
      };
    },
  });

  return [list, read, remove];
}

function assertDestroyable(state: KmipStateName, force: boolean): void {
  if (STATE_NUMBERS[state] >= STATE_NUMBERS.Destroyed) {
    throw new ApiError('KMIP_OBJECT_DELETED_ERR', 'The object has been destroyed already.');
  }
  if (state === 'Active' && !force) {
    throw new ApiError(
      'KMIP_OBJECT_ACTIVE_ERR',
      'The object is active; have its client revoke it first, or send force=true.',
    );
  }
}

function factsOf(adapterId: string, id: string) {
  const parent = { type: 'kmip_adapter', id: adapterId };
  return {
    target: { kind: 'resource', resourceType: OBJECT_RESOURCE, id, parent },
    responseData: { kmipObjectId: id },
  } as const;
}

function objectNotFound(): ApiError {
  return new ApiError(
    'KMIP_OBJECT_NOT_FOUND_ERR',
    'The adapter has no object of this id; list its objects to see all.',
  );
}
