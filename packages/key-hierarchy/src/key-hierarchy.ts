import { randomBytes as nodeRandomBytes } from 'node:crypto';
import { createAdapterKeyCache } from './adapter-key-cache.ts';
import type { AdapterKeyRef } from './adapter-key-ref.ts';
import { openEnvelope, type RandomBytes, sealEnvelope, WRAPPING_KEY_BYTES } from './envelope.ts';
import type { RootKeyDataContext } from './envelope-context.ts';
import { KeyHierarchyError } from './error.ts';
import type { MasterKey } from './master-key.ts';
import { PlaintextKey } from './plaintext-key.ts';

/** Which material this is; sealed and opened with the same values. */
export interface MaterialContext {
  readonly objectId: string;
  /** A whole number from 0. */
  readonly materialVersion: number;
}

export interface NewAdapterKeyRequest {
  readonly rootKeyId: string;
  readonly wrappedRootKey: Uint8Array;
  readonly adapterId: string;
}

/**
 * Master key -> root keys -> adapter keys -> object material. Synchronous throughout: a key is never
 * in the clear across an await.
 *
 * All methods but `forget` and `close` throw KeyHierarchyError `closed` after `close()`, and
 * `invalid-argument` for an id that cannot be encoded.
 */
export interface KeyHierarchy {
  /** Makes a root key and returns it wrapped by the master key. */
  newRootKey(rootKeyId: string): Uint8Array;
  /**
   * Wraps a root key that was made elsewhere by the master key.
   *
   * @param material - 32 bytes; only read, the caller wipes it.
   * @throws KeyHierarchyError `invalid-argument` for another length.
   */
  importRootKey(rootKeyId: string, material: Uint8Array): Uint8Array;
  /**
   * Makes an adapter's key and returns it wrapped by the root key.
   *
   * @throws KeyHierarchyError `integrity` when the root key does not open.
   */
  newAdapterKey(request: NewAdapterKeyRequest): Uint8Array;
  /**
   * Wraps an adapter's key by another version of its root key. The key itself stays as it is, and with
   * it everything that was sealed.
   *
   * @param wrappedRootKey - The version to wrap by: from `newRootKey` or `importRootKey` for the same id.
   * @returns The key wrapped anew; the adapter's own reference is only read.
   * @throws KeyHierarchyError `integrity` when one of the keys does not open.
   */
  rewrapAdapterKey(adapter: AdapterKeyRef, wrappedRootKey: Uint8Array): Uint8Array;
  /**
   * Encrypts material for one object.
   *
   * @param material - Only read; the caller wipes it. May be empty.
   * @throws KeyHierarchyError `integrity` when the root or adapter key does not open.
   */
  seal(adapter: AdapterKeyRef, material: Uint8Array, context: MaterialContext): Uint8Array;
  /**
   * Decrypts what `seal` made for the same adapter and context. The caller wipes the key.
   *
   * @throws KeyHierarchyError `integrity`, saying which of root key, adapter key and material does
   * not open.
   */
  open(adapter: AdapterKeyRef, blob: Uint8Array, context: MaterialContext): PlaintextKey;
  /**
   * Encrypts data by a root key itself, without an adapter: the payload of a standard key, or what a
   * client keeps.
   *
   * @param wrappedRootKey - The version to seal by, of the key that the context names.
   * @param data - Only read; the caller wipes it. May be empty.
   * @throws KeyHierarchyError `integrity` when the root key does not open.
   */
  sealByRootKey(
    wrappedRootKey: Uint8Array,
    data: Uint8Array,
    context: RootKeyDataContext,
  ): Uint8Array;
  /**
   * Decrypts what `sealByRootKey` made by the same version in the same context. The caller wipes it.
   *
   * @returns undefined when the envelope is anything else: a client may send whatever it likes.
   * @throws KeyHierarchyError `integrity` when the root key does not open.
   */
  openByRootKey(
    wrappedRootKey: Uint8Array,
    envelope: Uint8Array,
    context: RootKeyDataContext,
  ): PlaintextKey | undefined;
  /** Wipes the adapter's key from memory, if it is there. */
  forget(adapterId: string): void;
  /** Wipes all adapter keys. The master key stays open: whoever opened it closes it. */
  close(): void;
}

export interface KeyHierarchyDeps {
  readonly master: MasterKey;
  readonly randomBytes?: RandomBytes;
  /** How many unwrapped adapter keys are held at most; 1,000 unless told. */
  readonly cacheSize?: number;
}

const DEFAULT_CACHE_SIZE = 1000;

/** @throws KeyHierarchyError `invalid-argument` when `cacheSize` is not a whole number from 1. */
export function createKeyHierarchy(deps: KeyHierarchyDeps): KeyHierarchy {
  const { master, randomBytes = nodeRandomBytes, cacheSize = DEFAULT_CACHE_SIZE } = deps;
  if (!Number.isSafeInteger(cacheSize) || cacheSize < 1) {
    throw new KeyHierarchyError('invalid-argument', 'cacheSize must be a whole number from 1');
  }
  const cache = createAdapterKeyCache(cacheSize);
  let closed = false;

  function checkOpen(): void {
    if (closed) {
      throw new KeyHierarchyError('closed', 'the key hierarchy is closed');
    }
  }

  /** Makes a random key, hands it to `wrap` and wipes it. */
  function newWrappedKey(wrap: (key: Uint8Array) => Uint8Array): Uint8Array {
    const key = randomBytes(WRAPPING_KEY_BYTES);
    try {
      return wrap(key);
    } finally {
      key.fill(0);
    }
  }

  /** Root keys are in the clear only while `fn` runs. */
  function withRootKey<T>(
    root: { readonly rootKeyId: string; readonly wrappedRootKey: Uint8Array },
    fn: (rootKey: Uint8Array) => T,
  ): T {
    const rootKey = master.unwrap(root.wrappedRootKey, {
      purpose: 'root-key',
      rootKeyId: root.rootKeyId,
    });
    try {
      return fn(rootKey);
    } finally {
      rootKey.fill(0);
    }
  }

  function unwrapAdapterKey(adapter: AdapterKeyRef): PlaintextKey {
    return withRootKey(adapter, (rootKey) => {
      const { adapterId, rootKeyId } = adapter;
      const bytes = openEnvelope(rootKey, adapter.wrappedAdapterKey, {
        purpose: 'adapter-key',
        rootKeyId,
        adapterId,
      });
      try {
        return new PlaintextKey(bytes);
      } finally {
        bytes.fill(0);
      }
    });
  }

  function withAdapterKey<T>(adapter: AdapterKeyRef, fn: (adapterKey: Uint8Array) => T): T {
    checkOpen();
    let key = cache.find(adapter);
    if (key === undefined) {
      key = unwrapAdapterKey(adapter);
      cache.add(adapter, key);
    }
    return key.use(fn);
  }

  return {
    newRootKey(rootKeyId) {
      checkOpen();
      return newWrappedKey((key) => master.wrap(key, { purpose: 'root-key', rootKeyId }));
    },
    importRootKey(rootKeyId, material) {
      checkOpen();
      if (material.length !== WRAPPING_KEY_BYTES) {
        throw new KeyHierarchyError(
          'invalid-argument',
          `a root key has ${WRAPPING_KEY_BYTES} bytes, not ${material.length}`,
        );
      }
      return master.wrap(material, { purpose: 'root-key', rootKeyId });
    },
    rewrapAdapterKey(adapter, wrappedRootKey) {
      checkOpen();
      const { rootKeyId, adapterId } = adapter;
      const key = unwrapAdapterKey(adapter);
      try {
        return withRootKey({ rootKeyId, wrappedRootKey }, (rootKey) =>
          key.use((bytes) =>
            sealEnvelope(
              rootKey,
              bytes,
              { purpose: 'adapter-key', rootKeyId, adapterId },
              randomBytes,
            ),
          ),
        );
      } finally {
        key.wipe();
      }
    },
    newAdapterKey(request) {
      checkOpen();
      const { adapterId, rootKeyId } = request;
      return withRootKey(request, (rootKey) =>
        newWrappedKey((key) =>
          sealEnvelope(rootKey, key, { purpose: 'adapter-key', rootKeyId, adapterId }, randomBytes),
        ),
      );
    },
    seal: (adapter, material, context) =>
      withAdapterKey(adapter, (key) =>
        sealEnvelope(key, material, materialContext(adapter, context), randomBytes),
      ),
    open: (adapter, blob, context) =>
      withAdapterKey(adapter, (key) => {
        const bytes = openEnvelope(key, blob, materialContext(adapter, context));
        try {
          return new PlaintextKey(bytes);
        } finally {
          bytes.fill(0);
        }
      }),
    sealByRootKey(wrappedRootKey, data, context) {
      checkOpen();
      return withRootKey({ rootKeyId: context.rootKeyId, wrappedRootKey }, (rootKey) =>
        sealEnvelope(rootKey, data, context, randomBytes),
      );
    },
    openByRootKey(wrappedRootKey, envelope, context) {
      checkOpen();
      return withRootKey({ rootKeyId: context.rootKeyId, wrappedRootKey }, (rootKey) =>
        openIfSealed(rootKey, envelope, context),
      );
    },
    forget: (adapterId) => cache.remove(adapterId),
    close() {
      closed = true;
      cache.clear();
    },
  };
}

function openIfSealed(
  rootKey: Uint8Array,
  envelope: Uint8Array,
  context: RootKeyDataContext,
): PlaintextKey | undefined {
  let bytes: Uint8Array;
  try {
    bytes = openEnvelope(rootKey, envelope, context);
  } catch (error) {
    if (error instanceof KeyHierarchyError && error.code === 'integrity') return undefined;
    throw error;
  }
  try {
    return new PlaintextKey(bytes);
  } finally {
    bytes.fill(0);
  }
}

function materialContext(adapter: AdapterKeyRef, context: MaterialContext) {
  return {
    purpose: 'object-material',
    adapterId: adapter.adapterId,
    objectId: context.objectId,
    materialVersion: context.materialVersion,
  } as const;
}
