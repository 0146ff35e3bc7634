/** Standard keys: their payload may leave the service, so it is sealed rather than used. */

import type { KeyHierarchy } from '@claviger/key-hierarchy';
import type { DetailedRootKey } from '@claviger/key-store';
import type { Randomness } from '../dependencies.ts';
import { base64Of } from './base64-of.ts';

export interface StandardKeyDependencies {
  readonly keys: Pick<
    KeyHierarchy,
    'newRootKey' | 'importRootKey' | 'sealByRootKey' | 'openByRootKey'
  >;
  readonly randomness: Pick<Randomness, 'bytes'>;
}

const GENERATED_BYTES = 32;

const contextOf = (id: string) => ({ purpose: 'key-payload', rootKeyId: id }) as const;

/**
 * Seals what was brought along, or random bytes; what was decoded or made is wiped.
 *
 * @param payload - Base64 that was checked, or undefined to make one.
 */
export function newPayload(
  { keys, randomness }: StandardKeyDependencies,
  key: { readonly id: string; readonly wrappedKey: Uint8Array },
  payload: string | undefined,
): Uint8Array {
  const bytes =
    payload === undefined ? randomness.bytes(GENERATED_BYTES) : Buffer.from(payload, 'base64');
  try {
    return keys.sealByRootKey(key.wrappedKey, bytes, contextOf(key.id));
  } finally {
    bytes.fill(0);
  }
}

/**
 * The payload for whoever may read it: of a standard key that is not deleted, and never of a root key.
 *
 * @throws Error when the stored payload does not open: somebody changed the database.
 */
export function payloadOf(
  { keys }: Pick<StandardKeyDependencies, 'keys'>,
  key: DetailedRootKey,
): { readonly payload?: string } {
  if (!key.extractable || key.wrappedPayload === null || key.state !== 'enabled') return {};
  const opened = keys.openByRootKey(key.wrappedKey, key.wrappedPayload, contextOf(key.id));
  if (opened === undefined) throw new Error(`The payload of key ${key.id} does not open.`);
  try {
    return { payload: opened.use(base64Of) };
  } finally {
    opened.wipe();
  }
}
