/**
 * Registrations, by which other services of IBM's cloud say that they use a key. There are no such
 * services here; Terraform asks after every key it reads, and is content with an empty list.
 */

import { z } from 'zod';
import { defineEndpoint, type Endpoint } from '../calls/endpoint.ts';
import type { ManagementApiDependencies } from '../dependencies.ts';
import { answerPage } from '../http/answer-page.ts';
import { COLLECTION_TYPES, listEnvelope } from '../http/envelope.ts';
import { booleanParameter, pageParameters } from '../http/query.ts';
import { checkKeyRing, findKey, KeyPath } from './find-key.ts';
import { KEY_RESOURCE } from './key-resource.ts';

const REGISTRATIONS = COLLECTION_TYPES.registration;
const Registration = z.object({ keyId: z.string(), resourceCrn: z.string() }).meta({
  id: 'Registration',
  description: 'Another service that uses a key: there is none here.',
});

const NONE = { items: [], total: 0 } as const;

const LIST = {
  resourceType: KEY_RESOURCE,
  origin: 'key-protect',
  method: 'GET',
  failed: 'Registrations could not be listed',
  action: 'hs-crypto.registrations.list',
  right: 'registrations.list',
  query: z.object({
    ...pageParameters({ max: 5000, default: 200 }),
    preventKeyDeletion: booleanParameter.optional(),
    urlEncodedResourceCRNQuery: z.string().max(512).optional(),
  }),
  status: 200,
  response: listEnvelope(REGISTRATIONS, Registration),
} as const;

export function registrationEndpoints({
  store,
}: Pick<ManagementApiDependencies, 'store'>): readonly Endpoint[] {
  const ofAll = defineEndpoint({
    ...LIST,
    path: '/keys/registrations',
    summary: 'List the registrations of all keys: none.',
    refusals: ['KEY_RING_NOT_FOUND_ERR'],
    async handle(call, { query }) {
      checkKeyRing(call);
      return answerPage(call, REGISTRATIONS, NONE, (none) => none, query);
    },
  });

  const ofOne = defineEndpoint({
    ...LIST,
    path: '/keys/:key/registrations',
    summary: 'List the registrations of a key: none.',
    params: KeyPath,
    refusals: ['KEY_NOT_FOUND_ERR', 'KEY_RING_NOT_FOUND_ERR'],
    async handle(call, { params, query }) {
      await findKey(store, call, params.key);
      return answerPage(call, REGISTRATIONS, NONE, (none) => none, query);
    },
  });

  return [ofAll, ofOne];
}
