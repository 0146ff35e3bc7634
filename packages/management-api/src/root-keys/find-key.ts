import type { DetailedRootKey, KeyStore } from '@claviger/key-store';
import { z } from 'zod';
import type { Call } from '../calls/call.ts';
import { ApiError } from '../errors/api-error.ts';
import { formatDateTime } from '../http/date-time.ts';
import { DEFAULT_KEY_RING, KEY_RESOURCE, KEY_STATE_NUMBERS } from './key-resource.ts';

export const KeyPath = z.object({ key: z.string().describe('Id or alias of the key.') });

/**
 * The key of an id or alias, also a deleted one, and notes it for the event.
 *
 * @throws ApiError `KEY_NOT_FOUND_ERR`, `KEY_RING_NOT_FOUND_ERR`.
 */
export async function findKey(
  store: Pick<KeyStore, 'findRootKey'>,
  call: Call,
  idOrAlias: string,
): Promise<DetailedRootKey> {
  checkKeyRing(call);
  const key = await store.findRootKey(idOrAlias);
  if (key === undefined) throw keyNotFound();
  call.tell({ target: targetOf(key) });
  return key;
}

/** @throws ApiError `KEY_DELETED_ERR` besides those of {@link findKey}. */
export async function findLivingKey(
  store: Pick<KeyStore, 'findRootKey'>,
  call: Call,
  idOrAlias: string,
): Promise<DetailedRootKey> {
  const key = await findKey(store, call, idOrAlias);
  if (key.state === 'deleted') {
    throw new ApiError('KEY_DELETED_ERR', 'The key has been deleted already.');
  }
  return key;
}

/** @throws ApiError `KEY_ROOT_REQ_ERR` besides those of {@link findLivingKey}. */
export async function findLivingRootKey(
  store: Pick<KeyStore, 'findRootKey'>,
  call: Call,
  idOrAlias: string,
): Promise<DetailedRootKey> {
  const key = await findLivingKey(store, call, idOrAlias);
  if (key.extractable) {
    throw new ApiError(
      'KEY_ROOT_REQ_ERR',
      'The action is possible with root keys only; this is a standard key.',
    );
  }
  return key;
}

/** There is one key ring, and every key is in it. */
export function checkKeyRing({ keyRingId }: Call): void {
  if (keyRingId === undefined || keyRingId === DEFAULT_KEY_RING) return;
  throw new ApiError('KEY_RING_NOT_FOUND_ERR', 'There is no key ring but `default`.', {
    target: { type: 'header', name: 'X-Kms-Key-Ring' },
  });
}

export function keyNotFound(): ApiError {
  return new ApiError('KEY_NOT_FOUND_ERR', 'Key does not exist.');
}

export function targetOf({ id, name }: Pick<DetailedRootKey, 'id' | 'name'>) {
  return { kind: 'resource', resourceType: KEY_RESOURCE, id, name } as const;
}

/** What events tell of a key that was made or read. */
export function responseDataOf(
  key: Pick<DetailedRootKey, 'id' | 'state'> & {
    readonly version: Pick<DetailedRootKey['version'], 'id' | 'createdAt'>;
  },
) {
  return {
    keyId: key.id,
    keyState: KEY_STATE_NUMBERS[key.state],
    keyVersionId: key.version.id,
    keyVersionCreationDate: formatDateTime(key.version.createdAt),
  };
}

/** The `keyType` of events. */
export function keyTypeOf({ extractable }: Pick<DetailedRootKey, 'extractable'>) {
  return { keyType: extractable ? 'standard_key' : 'root_key' };
}
