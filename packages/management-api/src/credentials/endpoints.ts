/** `/kmip_adapters/{adapter}/credentials`: users and devices of an adapter. An extension of ours. */

import type { AdapterRecord, CredentialRecord, KeyStore } from '@claviger/key-store';
import { ClavigerError } from '@claviger/kmip-protocol';
import { z } from 'zod';
import { AdapterPath } from '../adapters/adapter-resource.ts';
import { adapterNotFound, findAdapter } from '../adapters/find-adapter.ts';
import type { Refused } from '../calls/call.ts';
import { defineEndpoint, type Endpoint } from '../calls/endpoint.ts';
import type { ManagementApiDependencies } from '../dependencies.ts';
import { ApiError } from '../errors/api-error.ts';
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
import type { CredentialAdapterKey, CredentialWish } from './credential-maker.ts';
import {
  CREDENTIAL_RESOURCE,
  Credential,
  NewCredential,
  toCredential,
} from './credential-resource.ts';

const PATH = '/kmip_adapters/:adapter/credentials';
const COLLECTION = COLLECTION_TYPES.credential;
const MAX_CREDENTIALS = 200;

const CredentialPath = AdapterPath.extend({
  credential: z.string().describe('Id or name of the credential.'),
});

const OF_A_CREDENTIAL = { resourceType: CREDENTIAL_RESOURCE, origin: 'claviger' } as const;

export function credentialEndpoints(
  deps: Pick<ManagementApiDependencies, 'store' | 'randomness' | 'credentials'>,
): readonly Endpoint[] {
  const { store, randomness, credentials } = deps;

  const add = defineEndpoint({
    ...OF_A_CREDENTIAL,
    method: 'POST',
    path: PATH,
    summary: 'Let clients of the adapter show who they are: a user or a device, and its secret.',
    failed: 'Credential could not be created',
    action: 'hs-crypto.kmip-management.create',
    right: 'kmip-management.create',
    params: AdapterPath,
    body: requestEnvelope(NewCredential),
    status: 201,
    oneByOne: true,
    response: itemEnvelope(COLLECTION, Credential),
    refusals: [
      'KMIP_ADAPTER_NOT_FOUND_ERR',
      'NATIVE_INVALID_CRK_ERR',
      'CREDENTIAL_DUPLICATE_ERR',
      'CREDENTIAL_QUOTA_ERR',
    ],
    async handle(call, { params, body }) {
      const adapter = await findAdapter(store, call, params.adapter);
      const request = onlyResource(body);
      if ((await store.listCredentials(adapter.id)).length >= MAX_CREDENTIALS) {
        throw new ApiError(
          'CREDENTIAL_QUOTA_ERR',
          `The adapter has ${MAX_CREDENTIALS} credentials, as many as it can have; delete one first.`,
        );
      }
      const adapterKey = await adapterKeyOf(store, adapter);
      const id = randomness.uuid();
      const wish = wishOf(request);
      const made = await notOverloaded(() => credentials.make(adapterKey, id, wish));
      const record: CredentialRecord = {
        id,
        adapterId: adapter.id,
        name: request.name,
        kind: wish.kind,
        identity: made.identity,
        verifier: made.verifier,
        sealed: made.sealed,
        lastProof: 0,
        createdAt: call.now,
        createdBy: call.caller.iamId,
      };
      call.tell(factsOf(record));
      return {
        body: itemOf(COLLECTION, toCredential(record, made.oneTimeSecret)),
        work: {
          // What was sealed is sealed by the adapter's key, whichever version of the root key wraps that.
          guards: [{ kind: 'root-key-enabled', rootKeyId: adapter.rootKeyId }],
          changes: [
            { kind: 'insert-credential', credential: record },
            { kind: 'touch-adapter', id: adapter.id, by: call.by },
          ],
          refused: additionRefused,
        },
      };
    },
  });

  const list = defineEndpoint({
    ...OF_A_CREDENTIAL,
    method: 'GET',
    path: PATH,
    summary: 'List the credentials of the adapter, without their secrets.',
    failed: 'Credentials could not be listed',
    action: 'hs-crypto.kmip-management.list',
    right: 'kmip-management.list',
    params: AdapterPath,
    query: z.object(pageParameters({ max: 200, default: 100 })),
    status: 200,
    response: listEnvelope(COLLECTION, Credential),
    refusals: ['KMIP_ADAPTER_NOT_FOUND_ERR'],
    async handle(call, { params, query }) {
      const adapter = await findAdapter(store, call, params.adapter);
      const page = pageOf(await store.listCredentials(adapter.id), query);
      return answerPage(call, COLLECTION, page, (record) => toCredential(record), query);
    },
  });

  const remove = defineEndpoint({
    ...OF_A_CREDENTIAL,
    method: 'DELETE',
    path: `${PATH}/:credential`,
    summary: 'Remove a credential: the next request with it is refused. Its objects stay.',
    failed: 'Credential could not be deleted',
    action: 'hs-crypto.kmip-management.delete',
    right: 'kmip-management.delete',
    params: CredentialPath,
    status: 204,
    refusals: ['KMIP_ADAPTER_NOT_FOUND_ERR', 'CREDENTIAL_NOT_FOUND_ERR'],
    async handle(call, { params }) {
      const adapter = await findAdapter(store, call, params.adapter);
      const record = await store.findCredential(adapter.id, params.credential);
      if (record === undefined) throw credentialNotFound();
      call.tell(factsOf(record));
      return {
        work: {
          changes: [
            { kind: 'delete-credential', id: record.id },
            { kind: 'touch-adapter', id: adapter.id, by: call.by },
          ],
          refused: ({ kind }) => (kind === 'not-found' ? credentialNotFound() : undefined),
        },
      };
    },
  });

  return [add, list, remove];
}

async function adapterKeyOf(
  store: Pick<KeyStore, 'findRootKey'>,
  adapter: AdapterRecord,
): Promise<CredentialAdapterKey> {
  const rootKey = await store.findRootKey(adapter.rootKeyId);
  if (rootKey?.state !== 'enabled') throw rootKeyUnusable();
  return {
    adapterId: adapter.id,
    wrappedAdapterKey: adapter.wrappedKey,
    rootKeyId: rootKey.id,
    wrappedRootKey: rootKey.wrappedKey,
  };
}

function wishOf(request: z.output<typeof NewCredential>): CredentialWish {
  const { username, device = {}, password = '' } = request;
  if (username !== undefined) {
    return {
      kind: 'user',
      username,
      password,
      acceptsHashed: request.hashed ?? false,
      needsOneTimePassword: request.one_time_password ?? false,
    };
  }
  return {
    kind: 'device',
    device: {
      deviceSerialNumber: device.serial_number,
      deviceIdentifier: device.identifier,
      networkIdentifier: device.network_identifier,
      machineIdentifier: device.machine_identifier,
      mediaIdentifier: device.media_identifier,
    },
    password: request.password,
  };
}

async function notOverloaded<T>(make: () => Promise<T>): Promise<T> {
  try {
    return await make();
  } catch (cause) {
    if (!(cause instanceof ClavigerError) || cause.code !== 'overloaded') throw cause;
    const words = 'Too many passwords are being hashed at once; try again later.';
    throw new ApiError('OVERLOADED_ERR', words, { cause });
  }
}

/** Never the identity: somebody may have typed a password there. */
function factsOf({ id, name, kind, adapterId }: CredentialRecord) {
  return {
    target: {
      kind: 'resource',
      resourceType: CREDENTIAL_RESOURCE,
      id,
      name,
      parent: { type: 'kmip_adapter', id: adapterId },
    },
    responseData: { credentialId: id, credentialKind: kind },
  } as const;
}

function additionRefused(outcome: Refused): ApiError | undefined {
  if (outcome.kind === 'not-found') return adapterNotFound();
  if (outcome.kind === 'guard-failed') return rootKeyUnusable();
  if (outcome.kind !== 'duplicate') return undefined;
  return new ApiError(
    'CREDENTIAL_DUPLICATE_ERR',
    'The adapter has a credential of this name, or of this user or device, already.',
  );
}

function rootKeyUnusable(): ApiError {
  return new ApiError(
    'NATIVE_INVALID_CRK_ERR',
    'The root key of the adapter is disabled or deleted; enable it first.',
  );
}

function credentialNotFound(): ApiError {
  return new ApiError(
    'CREDENTIAL_NOT_FOUND_ERR',
    'The adapter has no credential of this id or name; list its credentials to see all.',
  );
}
