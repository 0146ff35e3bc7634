/**
 * For the tests of other packages: builders, the store in memory, and the suite that every engine of
 * the interface must pass.
 */
export { describeKeyStore } from './key-store.contract.ts';
export {
  aCertificate,
  aClientAuthority,
  aCredential,
  anAdapter,
  anApiKey,
  anEvent,
  anObject,
  aPrincipal,
  aRefusedCertificate,
  aRootKey,
  aUnit,
} from './key-store.fixtures.ts';
export { createMemoryKeyStore } from './memory-key-store.ts';
