import { randomBytes } from 'node:crypto';
import type { AdapterKeyRef } from './adapter-key-ref.ts';
import { createKeyHierarchy, type KeyHierarchy } from './key-hierarchy.ts';
import { createMasterKey, type MasterKey } from './master-key.ts';

/** A master key of 32 equal bytes. */
export function aMasterKey(byte = 1): MasterKey {
  return createMasterKey(new Uint8Array(32).fill(byte), randomBytes);
}

/** A master key that counts how often it unwraps, which shows when the cache was not used. */
export function aCountingMasterKey(): MasterKey & { readonly unwraps: () => number } {
  const master = aMasterKey();
  let count = 0;
  return {
    ...master,
    unwrap(blob, context) {
      count += 1;
      return master.unwrap(blob, context);
    },
    unwraps: () => count,
  };
}

/** A new adapter under a new root key. */
export function anAdapter(
  hierarchy: KeyHierarchy,
  adapterId = 'adapter-1',
  rootKeyId = 'root-1',
): AdapterKeyRef {
  const wrappedRootKey = hierarchy.newRootKey(rootKeyId);
  const wrappedAdapterKey = hierarchy.newAdapterKey({ rootKeyId, wrappedRootKey, adapterId });
  return { adapterId, wrappedAdapterKey, rootKeyId, wrappedRootKey };
}

export function aHierarchy(master: MasterKey = aMasterKey(), cacheSize = 10): KeyHierarchy {
  return createKeyHierarchy({ master, cacheSize });
}
