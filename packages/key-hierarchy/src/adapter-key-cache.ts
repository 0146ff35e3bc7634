import type { AdapterKeyRef } from './adapter-key-ref.ts';
import type { PlaintextKey } from './plaintext-key.ts';

interface Entry {
  readonly ref: AdapterKeyRef;
  readonly key: PlaintextKey;
}

/**
 * Unwrapped adapter keys, the least recently used leaving first. Every key that leaves is wiped.
 *
 * An entry answers only to the very same wrapped bytes and root key that it was unwrapped from, so a
 * rotated key, or a row somebody altered, is unwrapped and checked again.
 */
export interface AdapterKeyCache {
  find(ref: AdapterKeyRef): PlaintextKey | undefined;
  /** Takes the key over; replaces what was there for the adapter. */
  add(ref: AdapterKeyRef, key: PlaintextKey): void;
  remove(adapterId: string): void;
  clear(): void;
}

/** @param maxEntries - At least 1. */
export function createAdapterKeyCache(maxEntries: number): AdapterKeyCache {
  // A Map iterates in the order of insertion: the first entry is the least recently used one.
  const entries = new Map<string, Entry>();

  function remove(adapterId: string): void {
    entries.get(adapterId)?.key.wipe();
    entries.delete(adapterId);
  }

  return {
    find(ref) {
      const entry = entries.get(ref.adapterId);
      if (entry === undefined || !isSameRef(entry.ref, ref)) {
        return undefined;
      }
      entries.delete(ref.adapterId);
      entries.set(ref.adapterId, entry);
      return entry.key;
    },
    add(ref, key) {
      remove(ref.adapterId);
      const [oldest] = entries.keys();
      if (oldest !== undefined && entries.size >= maxEntries) {
        remove(oldest);
      }
      entries.set(ref.adapterId, { ref: copyRef(ref), key });
    },
    remove,
    clear() {
      for (const { key } of entries.values()) {
        key.wipe();
      }
      entries.clear();
    },
  };
}

/** The arrays of a ref belong to the caller, who may reuse them. */
function copyRef(ref: AdapterKeyRef): AdapterKeyRef {
  return {
    adapterId: ref.adapterId,
    wrappedAdapterKey: new Uint8Array(ref.wrappedAdapterKey),
    rootKeyId: ref.rootKeyId,
    wrappedRootKey: new Uint8Array(ref.wrappedRootKey),
  };
}

function isSameRef(a: AdapterKeyRef, b: AdapterKeyRef): boolean {
  return (
    a.rootKeyId === b.rootKeyId &&
    Buffer.compare(a.wrappedAdapterKey, b.wrappedAdapterKey) === 0 &&
    Buffer.compare(a.wrappedRootKey, b.wrappedRootKey) === 0
  );
}
