/** What has to come of the calls of `root_keys.go`, in the form of the other clients' steps. */

import type { ExpectedStep } from '../key-protect/expected-steps.ts';

/** Keys are told with the numbers of their states: 5 is destroyed. */
export const ROOT_KEYS: readonly ExpectedStep[] = [
  // The SDK sends nothing then.
  ['call without an API key', 'iam: APIKey is empty', null],
  ['create a standard key', '201', 'secrets.create', true],
  ['get it, with its payload', '200', 'secrets.read', [32, true, true]],
  ['get its metadata, without', '200', 'secrets-metadata.read', false],
  ['create an adapter over it', '409 NATIVE_INVALID_CRK_ERR', 'kmip-management.create'],
  ['create a root key with an alias', '201', 'secrets.create', ['wrapping-alias']],
  ['get it by its alias', '200', 'secrets.read', true],
  ['wrap', '200', 'secrets.wrap'],
  ['unwrap', '200', 'secrets.unwrap', true],
  ['unwrap with other data', '422 UNPROCESSABLE_CIPHERTEXT_ERR', 'secrets.unwrap'],
  ['rotate the key', '204', 'secrets.rotate'],
  ['unwrap after the rotation', '200', 'secrets.unwrap', true],
  ['list versions', '200', 'secrets-key-versions.list', [2, 2]],
  ['delete a root key and see it', '200', 'secrets.delete', 5],
  ['get it when it is deleted', '200', 'secrets.read', 5],
  ['get an unknown key', '404 KEY_NOT_FOUND_ERR', 'secrets.read'],
];
