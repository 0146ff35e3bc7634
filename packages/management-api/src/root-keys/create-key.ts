import type { DetailedRootKey, RootKeyRecord } from '@claviger/key-store';
import type { Call } from '../calls/call.ts';
import { defineEndpoint, type Endpoint } from '../calls/endpoint.ts';
import type { ManagementApiDependencies } from '../dependencies.ts';
import { ApiError } from '../errors/api-error.ts';
import { itemEnvelope, itemOf, onlyResource, requestEnvelope } from '../http/envelope.ts';
import type { InstanceOptions } from '../options.ts';
import { checkKeyRing, KEY_TYPE, responseDataOf, targetOf } from './find-key.ts';
import {
  DEFAULT_KEY_RING,
  KEY_COLLECTION,
  KEY_RESOURCE,
  Key,
  NewKey,
  toBriefKey,
  toKey,
} from './key-resource.ts';

/** `POST /keys`: makes a root key, or takes one that was made elsewhere. */
export function createKeyEndpoint(
  { keys, randomness }: Pick<ManagementApiDependencies, 'keys' | 'randomness'>,
  instance: InstanceOptions,
): Endpoint {
  return defineEndpoint({
    resourceType: KEY_RESOURCE,
    origin: 'key-protect',
    method: 'POST',
    path: '/keys',
    summary: 'Create a root key, or import one.',
    failed: 'Key could not be created',
    action: 'hs-crypto.secrets.create',
    right: 'secrets.create',
    body: requestEnvelope(NewKey),
    status: 201,
    response: itemEnvelope(KEY_COLLECTION, Key),
    refusals: ['KEY_ALIAS_NOT_UNIQUE_ERR', 'KEY_RING_NOT_FOUND_ERR'],
    async handle(call, { body }) {
      checkKeyRing(call);
      const { name, description, tags = [], aliases = [], payload } = onlyResource(body);
      const id = randomness.uuid();
      const record: RootKeyRecord = {
        id,
        name,
        state: 'enabled',
        wrappedKey: payload === undefined ? keys.newRootKey(id) : importPayload(keys, id, payload),
        createdAt: call.now,
      };
      const details = {
        description: description ?? null,
        tags,
        aliases: [...new Set(aliases)].sort(),
        imported: payload !== undefined,
        createdBy: call.caller.iamId,
        versionId: randomness.uuid(),
      };
      const key = detailed(record, details, call);
      call.tell({
        target: targetOf(key),
        requestData: KEY_TYPE,
        responseData: responseDataOf(key),
      });
      const view = call.prefersRepresentation ? toKey(key, instance) : toBriefKey(key, instance);
      return {
        body: itemOf(KEY_COLLECTION, view),
        work: {
          changes: [{ kind: 'insert-root-key', rootKey: record, details }],
          refused: ({ kind }) =>
            kind === 'duplicate'
              ? new ApiError(
                  'KEY_ALIAS_NOT_UNIQUE_ERR',
                  'One of the aliases belongs to another key; choose other aliases.',
                )
              : undefined,
        },
      };
    },
  });
}

/** Wraps what was brought along; the decoded bytes are wiped. */
export function importPayload(
  keys: Pick<ManagementApiDependencies['keys'], 'importRootKey'>,
  rootKeyId: string,
  payload: string,
): Uint8Array {
  const material = Buffer.from(payload, 'base64');
  try {
    return keys.importRootKey(rootKeyId, material);
  } finally {
    material.fill(0);
  }
}

/** The key as the store will tell it. */
function detailed(
  record: RootKeyRecord,
  details: {
    readonly description: string | null;
    readonly tags: readonly string[];
    readonly aliases: readonly string[];
    readonly imported: boolean;
    readonly createdBy: string;
    readonly versionId: string;
  },
  { now }: Call,
): DetailedRootKey {
  const { versionId, ...rest } = details;
  return {
    ...record,
    ...rest,
    extractable: false,
    keyRingId: DEFAULT_KEY_RING,
    version: { id: versionId, createdAt: now },
    lastUpdateAt: null,
    lastRotateAt: null,
    deletedAt: null,
    deletedBy: null,
    expirationAt: null,
    wrappedPayload: null,
  };
}
