/** By which key, and for which place, the store's material is sealed. */

import type { AdapterKeyRef } from '@claviger/key-hierarchy';
import type { AdapterRecord, RootKeyRecord } from '@claviger/key-store';

/** Material never changes once it is made: re-wrapping replaces the keys above it. */
const MATERIAL_VERSION = 1;

/** The key of an adapter, as it is kept. Whether its root key may be used is for the caller to know. */
export function adapterKeyOf(
  adapter: Pick<AdapterRecord, 'id' | 'wrappedKey'>,
  rootKey: Pick<RootKeyRecord, 'id' | 'wrappedKey'>,
): AdapterKeyRef {
  return {
    adapterId: adapter.id,
    wrappedAdapterKey: adapter.wrappedKey,
    rootKeyId: rootKey.id,
    wrappedRootKey: rootKey.wrappedKey,
  };
}

/** What the material of an object is sealed for: it opens nowhere else. */
export function materialPlace(objectId: string) {
  return { objectId, materialVersion: MATERIAL_VERSION } as const;
}
