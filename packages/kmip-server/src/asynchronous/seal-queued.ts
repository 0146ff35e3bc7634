/**
 * What is queued may hold key material, in what is asked (Register) and in the answer (Get). So both are
 * sealed by the key of the adapter, as objects are, and unreadable while its root key is not enabled.
 */

import type { AdapterRecord, RootKeyRecord } from '@claviger/key-store';
import type { KmipServerDependencies } from '../dependencies.ts';
import { adapterKeyOf } from '../objects/adapter-key.ts';

/** Which of the two is sealed: neither opens as the other. */
const VERSIONS = { request: 1, answer: 2 } as const;
export type QueuedPart = keyof typeof VERSIONS;

export interface QueueSeal {
  seal(id: string, part: QueuedPart, bytes: Uint8Array): Uint8Array;
  /** Runs `use` with the bytes, which are wiped afterwards. */
  open<T>(id: string, part: QueuedPart, sealed: Uint8Array, use: (bytes: Uint8Array) => T): T;
}

/** For one adapter. Whether its root key may be used is for the caller to know. */
export function createQueueSeal(
  keys: KmipServerDependencies['keys'],
  adapter: AdapterRecord,
  rootKey: RootKeyRecord,
): QueueSeal {
  const reference = adapterKeyOf(adapter, rootKey);
  const contextOf = (id: string, part: QueuedPart) => ({
    objectId: id,
    materialVersion: VERSIONS[part],
  });
  return {
    seal: (id, part, bytes) => keys.seal(reference, bytes, contextOf(id, part)),
    open(id, part, sealed, use) {
      const opened = keys.open(reference, sealed, contextOf(id, part));
      try {
        return opened.use(use);
      } finally {
        opened.wipe();
      }
    },
  };
}
