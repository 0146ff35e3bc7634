/** Looking at keys: list, count, read, metadata, versions. */

import type { DetailedRootKey } from '@claviger/key-store';
import { z } from 'zod';
import { defineEndpoint, type Endpoint } from '../calls/endpoint.ts';
import type { ManagementApiDependencies } from '../dependencies.ts';
import { answerPage } from '../http/answer-page.ts';
import { itemEnvelope, itemOf, listEnvelope } from '../http/envelope.ts';
import { booleanParameter, integerListParameter, pageParameters } from '../http/query.ts';
import type { InstanceOptions } from '../options.ts';
import {
  checkKeyRing,
  findKey,
  KeyPath,
  keyNotFound,
  keyTypeOf,
  responseDataOf,
} from './find-key.ts';
import {
  KEY_COLLECTION,
  KEY_RESOURCE,
  KEY_VERSION_COLLECTION,
  Key,
  KeyVersion,
  keyStatesOf,
  toKey,
  toKeyVersion,
} from './key-resource.ts';
import { payloadOf } from './standard-key.ts';

const OF_A_KEY = { resourceType: KEY_RESOURCE, origin: 'key-protect' } as const;

/** Said rather than ignored: a client that filters must not be shown everything. */
const notOffered = z
  .undefined('must be: left out; searching, sorting and filtering are not offered')
  .optional();

const KeyFilter = {
  state: integerListParameter({ min: 0, max: 5, default: [0, 1, 2, 3] }),
  // Left out, it is no filter.
  extractable: booleanParameter.removeDefault().optional(),
  filter: notOffered,
};

export function keyReadEndpoints(
  { store, keys }: Pick<ManagementApiDependencies, 'store' | 'keys'>,
  instance: InstanceOptions,
): readonly Endpoint[] {
  const list = defineEndpoint({
    ...OF_A_KEY,
    method: 'GET',
    path: '/keys',
    summary: 'List the keys; deleted ones only when asked for.',
    failed: 'Keys could not be listed',
    action: 'hs-crypto.secrets.list',
    right: 'secrets.list',
    query: z.object({
      ...pageParameters({ max: 5000, default: 200 }),
      ...KeyFilter,
      search: notOffered,
      sort: notOffered,
    }),
    status: 200,
    response: listEnvelope(KEY_COLLECTION, Key),
    refusals: ['KEY_RING_NOT_FOUND_ERR'],
    async handle(call, { query }) {
      checkKeyRing(call);
      const { limit, offset, state, extractable } = query;
      const states = keyStatesOf(state);
      const page =
        states.length === 0
          ? { items: [], total: 0 }
          : await store.pageRootKeys({ limit, offset, states, extractable });
      return answerPage(call, KEY_COLLECTION, page, (key) => toKey(key, instance), query);
    },
  });

  const count = defineEndpoint({
    ...OF_A_KEY,
    method: 'HEAD',
    path: '/keys',
    summary: 'Count the keys; the number is in the header Key-Total.',
    failed: 'Keys could not be counted',
    action: 'hs-crypto.secrets.head',
    right: 'secrets.head',
    query: z.object(KeyFilter),
    status: 200,
    refusals: ['KEY_RING_NOT_FOUND_ERR'],
    async handle(call, { query }) {
      checkKeyRing(call);
      const states = keyStatesOf(query.state);
      const { extractable } = query;
      const { total } =
        states.length === 0
          ? { total: 0 }
          : await store.pageRootKeys({ limit: 0, offset: 0, states, extractable });
      call.tell({ responseData: { totalResources: total } });
      return { headers: { 'key-total': String(total) } };
    },
  });

  const readKey = (
    path: string,
    facts: Pick<Endpoint, 'action' | 'right' | 'summary'>,
    secrets: (key: DetailedRootKey) => { readonly payload?: string },
  ) =>
    defineEndpoint({
      ...OF_A_KEY,
      ...facts,
      method: 'GET',
      path,
      failed: 'Key could not be read',
      params: KeyPath,
      status: 200,
      response: itemEnvelope(KEY_COLLECTION, Key),
      refusals: ['KEY_NOT_FOUND_ERR', 'KEY_RING_NOT_FOUND_ERR'],
      async handle(call, { params }) {
        const key = await findKey(store, call, params.key);
        call.tell({ requestData: keyTypeOf(key), responseData: responseDataOf(key) });
        return { body: itemOf(KEY_COLLECTION, { ...toKey(key, instance), ...secrets(key) }) };
      },
    });

  const versions = defineEndpoint({
    ...OF_A_KEY,
    method: 'GET',
    path: '/keys/:key/versions',
    summary: 'List the versions of a root key, newest first.',
    failed: 'Key versions could not be listed',
    action: 'hs-crypto.secrets-key-versions.list',
    right: 'secrets-key-versions.list',
    params: KeyPath,
    query: z.object({
      ...pageParameters({ max: 5000, default: 200 }),
      allKeyStates: booleanParameter.describe('Also of a key that is deleted.'),
    }),
    status: 200,
    response: listEnvelope(KEY_VERSION_COLLECTION, KeyVersion),
    refusals: ['KEY_NOT_FOUND_ERR', 'KEY_RING_NOT_FOUND_ERR'],
    async handle(call, { params, query }) {
      const { limit, offset, allKeyStates } = query;
      const key = await findKey(store, call, params.key);
      if (key.state === 'deleted' && !allKeyStates) throw keyNotFound();
      const page = await store.pageRootKeyVersions(key.id, { limit, offset });
      return answerPage(call, KEY_VERSION_COLLECTION, page, toKeyVersion, query);
    },
  });

  return [
    list,
    count,
    readKey(
      '/keys/:key',
      {
        action: 'hs-crypto.secrets.read',
        right: 'secrets.read',
        summary: 'Read a key: a standard key with its payload, a root key without.',
      },
      (key) => payloadOf({ keys }, key),
    ),
    readKey(
      '/keys/:key/metadata',
      {
        action: 'hs-crypto.secrets-metadata.read',
        right: 'secrets-metadata.read',
        summary: 'Read what is known of a key, without its payload.',
      },
      () => ({}),
    ),
    versions,
  ];
}
