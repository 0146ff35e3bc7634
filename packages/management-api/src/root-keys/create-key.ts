import type { DetailedRootKey, RootKeyRecord } from '@claviger/key-store';
import type { Call } from '../calls/call.ts';
import { defineEndpoint, type Endpoint } from '../calls/endpoint.ts';
import type { ManagementApiDependencies } from '../dependencies.ts';
import { ApiError } from '../errors/api-error.ts';
import { itemEnvelope, itemOf, onlyResource, requestEnvelope } from '../http/envelope.ts';
import type { InstanceOptions } from '../options.ts';
import { checkKeyRing, keyTypeOf, responseDataOf, targetOf } from './find-key.ts';
import {
  DEFAULT_KEY_RING,
  KEY_COLLECTION,
  KEY_RESOURCE,
  Key,
  NewKey,
  toBriefKey,
  toKey,
} from './key-resource.ts';
import { newPayload, payloadOf, type StandardKeyDependencies } from './standard-key.ts';

/** `POST /keys`: makes a root key or standard key, or takes one that was made elsewhere. */
export function createKeyEndpoint(
  deps: Pick<ManagementApiDependencies, 'randomness'> & StandardKeyDependencies,
  instance: InstanceOptions,
): Endpoint {
  const { keys, randomness } = deps;

  return defineEndpoint({
    resourceType: KEY_RESOURCE,
    origin: 'key-protect',
    method: 'POST',
    path: '/keys',
    summary: 'Create a root key or a standard key, or import one.',
    failed: 'Key could not be created',
    action: 'hs-crypto.secrets.create',
    right: 'secrets.create',
    body: requestEnvelope(NewKey),
    status: 201,
    response: itemEnvelope(KEY_COLLECTION, Key),
    refusals: ['KEY_ALIAS_NOT_UNIQUE_ERR', 'KEY_RING_NOT_FOUND_ERR'],
    async handle(call, { body }) {
      checkKeyRing(call);
      const {
        name,
        description,
        tags = [],
        aliases = [],
        extractable = false,
        payload,
      } = onlyResource(body);
      const id = randomness.uuid();
      // The material of a root key is the key itself; that of a standard key is sealed by one of its own.
      const isMade = extractable || payload === undefined;
      const wrappedKey = isMade ? keys.newRootKey(id) : importPayload(keys, id, payload);
      const record: RootKeyRecord = { id, name, state: 'enabled', wrappedKey, createdAt: call.now };
      const details = {
        description: description ?? null,
        tags,
        aliases: [...new Set(aliases)].sort(),
        imported: payload !== undefined,
        extractable,
        createdBy: call.caller.iamId,
        versionId: randomness.uuid(),
        wrappedPayload: extractable ? newPayload(deps, { id, wrappedKey }, payload) : null,
      };
      const key = detailed(record, details, call);
      call.tell({
        target: targetOf(key),
        requestData: keyTypeOf(key),
        responseData: responseDataOf(key),
      });
      const view = call.prefersRepresentation
        ? { ...toKey(key, instance), ...payloadOf(deps, key) }
        : toBriefKey(key, instance);
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
    readonly extractable: boolean;
    readonly createdBy: string;
    readonly versionId: string;
    readonly wrappedPayload: Uint8Array | null;
  },
  { now }: Call,
): DetailedRootKey {
  const { versionId, ...rest } = details;
  return {
    ...record,
    ...rest,
    keyRingId: DEFAULT_KEY_RING,
    version: { id: versionId, createdAt: now },
    lastUpdateAt: null,
    lastRotateAt: null,
    deletedAt: null,
    deletedBy: null,
    expirationAt: null,
  };
}
