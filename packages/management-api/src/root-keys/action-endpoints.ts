/** What is done to a root key: disable, enable, rotate, delete. */

import type { AdapterRecord, DetailedRootKey } from '@claviger/key-store';
import { z } from 'zod';
import type { Call, Refused, Work } from '../calls/call.ts';
import { defineEndpoint, type Endpoint } from '../calls/endpoint.ts';
import type { ManagementApiDependencies } from '../dependencies.ts';
import { ApiError, type ErrorTarget } from '../errors/api-error.ts';
import { itemEnvelope, itemOf } from '../http/envelope.ts';
import { fields } from '../http/field-names.ts';
import { booleanParameter } from '../http/query.ts';
import type { InstanceOptions, KeyActionDelays } from '../options.ts';
import { importPayload } from './create-key.ts';
import {
  findLivingKey,
  findLivingRootKey,
  KeyPath,
  keyNotFound,
  responseDataOf,
} from './find-key.ts';
import { assertRested, assertState } from './key-actions.ts';
import {
  KEY_COLLECTION,
  KEY_RESOURCE,
  KEY_STATE_NUMBERS,
  Key,
  KeyPayload,
  toKey,
} from './key-resource.ts';

const OF_A_KEY = { resourceType: KEY_RESOURCE, origin: 'key-protect' } as const;
const REFUSALS = [
  'KEY_NOT_FOUND_ERR',
  'KEY_RING_NOT_FOUND_ERR',
  'KEY_DELETED_ERR',
  'KEY_CHANGED_ERR',
] as const;
const ROOT_KEY_REFUSALS = [...REFUSALS, 'KEY_ROOT_REQ_ERR'] as const;
const PAYLOAD: ErrorTarget = { type: 'field', name: 'payload' };
/** More than there can be adapters. */
const ALL_ADAPTERS = 100_000;

export function keyActionEndpoints(
  deps: Pick<ManagementApiDependencies, 'store' | 'keys' | 'randomness'>,
  instance: InstanceOptions,
  delays: KeyActionDelays,
): readonly Endpoint[] {
  const { store, keys, randomness } = deps;

  const disable = defineEndpoint({
    ...OF_A_KEY,
    method: 'POST',
    path: '/keys/:key/actions/disable',
    summary: 'Disable a root key: the keys of its adapters cannot be used from now on.',
    failed: 'Action could not be performed on key',
    action: 'hs-crypto.secrets.disable',
    right: 'secrets.disable',
    params: KeyPath,
    status: 204,
    refusals: [...ROOT_KEY_REFUSALS, 'KEY_ACTION_INVALID_STATE_ERR'],
    async handle(call, { params }) {
      const key = await findLivingRootKey(store, call, params.key);
      assertState(key, 'enabled');
      call.tell({ responseData: { keyState: KEY_STATE_NUMBERS.disabled } });
      return { work: setState(call, key, 'disabled') };
    },
  });

  const enable = defineEndpoint({
    ...OF_A_KEY,
    method: 'POST',
    path: '/keys/:key/actions/enable',
    summary: 'Enable a root key that was disabled.',
    failed: 'Action could not be performed on key',
    action: 'hs-crypto.secrets.enable',
    right: 'secrets.enable',
    params: KeyPath,
    status: 204,
    refusals: [...ROOT_KEY_REFUSALS, 'KEY_ACTION_INVALID_STATE_ERR', 'REQ_TOO_EARLY_ERR'],
    async handle(call, { params }) {
      const key = await findLivingRootKey(store, call, params.key);
      assertState(key, 'disabled');
      const disabledAt = key.lastUpdateAt ?? key.createdAt;
      assertRested(call, disabledAt, delays.enableAfterMs, 'REQ_TOO_EARLY_ERR');
      call.tell({ responseData: { keyState: KEY_STATE_NUMBERS.enabled } });
      return { work: setState(call, key, 'enabled') };
    },
  });

  const rotate = defineEndpoint({
    ...OF_A_KEY,
    method: 'POST',
    path: '/keys/:key/actions/rotate',
    summary: 'Give a root key a new version, and wrap the keys of its adapters by that.',
    failed: 'Action could not be performed on key',
    action: 'hs-crypto.secrets.rotate',
    right: 'secrets.rotate',
    params: KeyPath,
    body: fields({ payload: KeyPayload.optional() }).nullish(),
    bodyIsOptional: true,
    status: 204,
    refusals: [
      ...ROOT_KEY_REFUSALS,
      'KEY_ACTION_INVALID_STATE_ERR',
      'KEY_ROTATION_NOT_PERMITTED',
      'KEY_PAYLOAD_REQ_ERR',
      'INVALID_QUERY_PARAM_ERR',
    ],
    async handle(call, { params, body }) {
      const key = await findLivingRootKey(store, call, params.key);
      assertState(key, 'enabled');
      const payload = checkPayload(key, body?.payload);
      if (key.lastRotateAt !== null) {
        assertRested(call, key.lastRotateAt, delays.rotateAfterMs, 'KEY_ROTATION_NOT_PERMITTED');
      }
      const { items } = await store.pageAdapters({
        rootKeyId: key.id,
        offset: 0,
        limit: ALL_ADAPTERS,
      });
      const wrappedKey =
        payload === undefined ? keys.newRootKey(key.id) : importPayload(keys, key.id, payload);
      const version = { id: randomness.uuid(), wrappedKey, createdAt: call.now };
      call.tell({ responseData: responseDataOf({ ...key, version }) });
      return {
        work: {
          guards: [{ kind: 'root-key-enabled', rootKeyId: key.id }],
          changes: [
            {
              kind: 'rotate-root-key',
              id: key.id,
              fromVersionId: key.version.id,
              version,
              adapters: items.map((adapter) => rewrapped(adapter, key, wrappedKey)),
            },
          ],
          retryOnConflict: true,
          refused: actionRefused,
        },
      };
    },
  });

  function rewrapped(adapter: AdapterRecord, key: DetailedRootKey, wrappedRootKey: Uint8Array) {
    const ref = {
      adapterId: adapter.id,
      wrappedAdapterKey: adapter.wrappedKey,
      rootKeyId: key.id,
      wrappedRootKey: key.wrappedKey,
    };
    return { id: adapter.id, wrappedKey: keys.rewrapAdapterKey(ref, wrappedRootKey) };
  }

  const remove = defineEndpoint({
    ...OF_A_KEY,
    method: 'DELETE',
    path: '/keys/:key',
    summary: 'Delete a key that no adapter uses.',
    failed: 'Key could not be deleted',
    action: 'hs-crypto.secrets.delete',
    right: 'secrets.delete',
    params: KeyPath,
    query: z.object({
      force: booleanParameter.describe('Counts for nothing while an adapter uses the key.'),
    }),
    status: 200,
    minimalByDefault: true,
    response: itemEnvelope(KEY_COLLECTION, Key),
    refusals: [...REFUSALS, 'PROTECTED_RESOURCE_ERR'],
    async handle(call, { params }) {
      const key = await findLivingKey(store, call, params.key);
      call.tell({ responseData: { keyState: KEY_STATE_NUMBERS.deleted } });
      const deleted: DetailedRootKey = {
        ...key,
        state: 'deleted',
        aliases: [],
        lastUpdateAt: call.now,
        deletedAt: call.now,
        deletedBy: call.caller.iamId,
      };
      return {
        body: itemOf(KEY_COLLECTION, toKey(deleted, instance)),
        work: setState(call, key, 'deleted'),
      };
    },
  });

  return [disable, enable, rotate, remove];
}

function setState(call: Call, key: DetailedRootKey, state: DetailedRootKey['state']): Work {
  const { id, state: from } = key;
  const unlessUsed = state === 'deleted' ? true : undefined;
  return {
    changes: [{ kind: 'set-root-key-state', id, state, from: [from], by: call.by, unlessUsed }],
    retryOnConflict: true,
    refused: actionRefused,
  };
}

function actionRefused(outcome: Refused): ApiError | undefined {
  switch (outcome.kind) {
    case 'not-found':
      return keyNotFound();
    case 'in-use':
      return new ApiError(
        'PROTECTED_RESOURCE_ERR',
        'A KMIP adapter uses the key, and its objects would be lost; delete the adapter first.',
      );
    case 'conflict':
    case 'guard-failed':
      return new ApiError('KEY_CHANGED_ERR', 'Somebody else changes the key; try again.');
    default:
      return undefined;
  }
}

/** An imported key is rotated with material, a generated one without. */
function checkPayload(key: DetailedRootKey, payload: string | undefined): string | undefined {
  if (key.imported && payload === undefined) {
    throw new ApiError('KEY_PAYLOAD_REQ_ERR', 'An imported key is rotated with a new payload.', {
      target: PAYLOAD,
    });
  }
  if (!key.imported && payload !== undefined) {
    throw new ApiError(
      'INVALID_QUERY_PARAM_ERR',
      "'payload' must be: provided only if key is imported",
      { target: PAYLOAD },
    );
  }
  return payload;
}
