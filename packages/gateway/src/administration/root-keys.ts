import type { RootKeyRecord } from '@claviger/key-store';
import type { KeyedInstallation } from '../installation.ts';
import type { Deed } from './administrator.ts';

/** The root key of a name, and whether it is yet to be inserted. */
export interface NamedRootKey {
  readonly rootKey: RootKeyRecord;
  readonly isNew: boolean;
}

/** Finds a root key by its name, or makes one that is not stored yet. */
export async function findOrMakeRootKey(
  { store, keys, ambient }: KeyedInstallation,
  name: string,
): Promise<NamedRootKey> {
  const known = (await store.listRootKeys()).find((rootKey) => rootKey.name === name);
  if (known !== undefined) return { rootKey: known, isNew: false };
  const id = ambient.randomness.uuid();
  const rootKey: RootKeyRecord = {
    id,
    name,
    state: 'enabled',
    wrappedKey: keys.newRootKey(id),
    createdAt: ambient.clock.now(),
  };
  return { rootKey, isNew: true };
}

/** State of a key that can be used (NIST SP 800-57), as events of the catalogue write it. */
const ACTIVE = 1;

export function deedOfRootKey({ id, name }: RootKeyRecord): Deed {
  return {
    action: 'hs-crypto.secrets.create',
    target: { kind: 'resource', resourceType: 'key', id, name },
    requestData: { keyType: 'root_key' },
    responseData: { keyId: id, keyState: ACTIVE },
    reasonCode: 201,
  };
}
