export type { AdapterKeyRef } from './adapter-key-ref.ts';
export { ENVELOPE_OVERHEAD_BYTES, type RandomBytes } from './envelope.ts';
export type { RootKeyContext, RootKeyDataContext, WrapContext } from './envelope-context.ts';
export { KeyHierarchyError, type KeyHierarchyErrorCode } from './error.ts';
export {
  createKeyHierarchy,
  type KeyHierarchy,
  type KeyHierarchyDeps,
  type MaterialContext,
  type NewAdapterKeyRequest,
} from './key-hierarchy.ts';
export { createMasterKey, type MasterKey } from './master-key.ts';
export { type MasterKeyFileOptions, openMasterKeyFile } from './master-key-file.ts';
export {
  type MasterKeyPassphraseOptions,
  MIN_PASSPHRASE_BYTES,
  openMasterKeyPassphrase,
} from './master-key-passphrase.ts';
export { DEFAULT_SCRYPT_COST, type ScryptCost } from './passphrase-parameters.ts';
export { PlaintextKey } from './plaintext-key.ts';
