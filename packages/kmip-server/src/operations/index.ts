/** The operations that the server answers: one handler file each. */

import type { DescribedOperation, OperationName } from '@claviger/kmip-protocol';
import { activate } from './activate.ts';
import { addAttribute } from './add-attribute.ts';
import { adjustAttribute } from './adjust-attribute.ts';
import { archive } from './archive.ts';
import { cancel } from './cancel.ts';
import { certify } from './certify.ts';
import { check } from './check.ts';
import { create } from './create.ts';
import { createKeyPair } from './create-key-pair.ts';
import { createSplitKey } from './create-split-key.ts';
import { decrypt } from './decrypt.ts';
import { delegatedLogin } from './delegated-login.ts';
import { deleteAttribute } from './delete-attribute.ts';
import { deriveKey } from './derive-key.ts';
import { destroy } from './destroy.ts';
import { discoverVersions } from './discover-versions.ts';
import { encrypt } from './encrypt.ts';
import { exportObject } from './export.ts';
import { get } from './get.ts';
import { getAttributeList } from './get-attribute-list.ts';
import { getAttributes } from './get-attributes.ts';
import { getConstraints } from './get-constraints.ts';
import { getUsageAllocation } from './get-usage-allocation.ts';
import { hash } from './hash.ts';
import { importObject } from './import.ts';
import { interop } from './interop.ts';
import { joinSplitKey } from './join-split-key.ts';
import { locate } from './locate.ts';
import { log } from './log.ts';
import { login } from './login.ts';
import { logout } from './logout.ts';
import { mac } from './mac.ts';
import { macVerify } from './mac-verify.ts';
import { modifyAttribute } from './modify-attribute.ts';
import { obtainLease } from './obtain-lease.ts';
import type { OperationHandler } from './operation-handler.ts';
import { ping } from './ping.ts';
import { pkcs11 } from './pkcs-11.ts';
import { poll } from './poll.ts';
import { processRequest } from './process.ts';
import { query } from './query.ts';
import { queryAsynchronousRequests } from './query-asynchronous-requests.ts';
import { reCertify } from './re-certify.ts';
import { reKey } from './re-key.ts';
import { reKeyKeyPair } from './re-key-key-pair.ts';
import { reProvision } from './re-provision.ts';
import { recover } from './recover.ts';
import { register } from './register.ts';
import { revoke } from './revoke.ts';
import { rngRetrieve } from './rng-retrieve.ts';
import { rngSeed } from './rng-seed.ts';
import { setAttribute } from './set-attribute.ts';
import { setConstraints } from './set-constraints.ts';
import { setDefaults } from './set-defaults.ts';
import { setEndpointRole } from './set-endpoint-role.ts';
import { sign } from './sign.ts';
import { signatureVerify } from './signature-verify.ts';
import { validate } from './validate.ts';

/** An operation of the protocol that stands not here is answered with `operation-not-supported`. */
export const OPERATION_HANDLERS = {
  Activate: activate,
  AddAttribute: addAttribute,
  Import: importObject,
  Recover: recover,
  ReKeyKeyPair: reKeyKeyPair,
  ReKey: reKey,
  ObtainLease: obtainLease,
  GetUsageAllocation: getUsageAllocation,
  Export: exportObject,
  Certify: certify,
  ReCertify: reCertify,
  ReProvision: reProvision,
  Validate: validate,
  Cancel: cancel,
  Check: check,
  Archive: archive,
  SetAttribute: setAttribute,
  ModifyAttribute: modifyAttribute,
  DeleteAttribute: deleteAttribute,
  AdjustAttribute: adjustAttribute,
  Create: create,
  CreateKeyPair: createKeyPair,
  CreateSplitKey: createSplitKey,
  DeriveKey: deriveKey,
  Interop: interop,
  JoinSplitKey: joinSplitKey,
  Log: log,
  Login: login,
  Logout: logout,
  Ping: ping,
  Poll: poll,
  Process: processRequest,
  QueryAsynchronousRequests: queryAsynchronousRequests,
  PKCS_11: pkcs11,
  DelegatedLogin: delegatedLogin,
  Destroy: destroy,
  DiscoverVersions: discoverVersions,
  Decrypt: decrypt,
  Encrypt: encrypt,
  Hash: hash,
  MAC: mac,
  MACVerify: macVerify,
  RNGRetrieve: rngRetrieve,
  RNGSeed: rngSeed,
  SetEndpointRole: setEndpointRole,
  Sign: sign,
  SignatureVerify: signatureVerify,
  Get: get,
  GetAttributeList: getAttributeList,
  GetAttributes: getAttributes,
  GetConstraints: getConstraints,
  SetConstraints: setConstraints,
  SetDefaults: setDefaults,
  Locate: locate,
  Query: query,
  Register: register,
  Revoke: revoke,
} as const satisfies { readonly [O in DescribedOperation]?: OperationHandler<O> };

/** The operations that have a handler. */
export type HandledOperation = keyof typeof OPERATION_HANDLERS;

/** As Query lists them; a version may lack some. */
export const HANDLED_OPERATIONS: readonly OperationName[] = Object.values(OPERATION_HANDLERS).map(
  ({ schema }) => schema.name,
);

/** Those that the server sends to its clients, and nobody to the server (1.4 §5, 2.1 §6.2). */
const SENT_OPERATIONS: readonly OperationName[] = ['Notify', 'Put'];

/** Those for test suites only: a server in use does not offer them (2.1 §6.1.26). */
const FOR_TESTS: readonly OperationName[] = [interop.schema.name];

/** What an operation may depend on. */
export interface Offer {
  readonly isForTests: boolean;
  /** Whether clients may replace the certificates that let them in (Re-Provision). */
  readonly reProvisions: boolean;
  /** Whether the server can be made the one that asks on a connection (Set Endpoint Role). */
  readonly turnsRoles: boolean;
  /** Whether the server tells clients of changes, by whatever connection (Put, Notify). */
  readonly tellsClients: boolean;
}

/** What Query lists: the operations that a server answers, and those that it sends. */
export function offeredOperations({
  isForTests,
  reProvisions,
  turnsRoles,
  tellsClients,
}: Offer): readonly OperationName[] {
  const answered = HANDLED_OPERATIONS.filter(
    (name) =>
      (isForTests || !FOR_TESTS.includes(name)) &&
      (reProvisions || name !== reProvision.schema.name) &&
      (turnsRoles || name !== setEndpointRole.schema.name),
  );
  return tellsClients ? [...answered, ...SENT_OPERATIONS] : answered;
}

/** The handler of an operation, with its payload types forgotten: they meet again in the schema. */
export function handlerOf(operation: string): OperationHandler | undefined {
  const handlers: Readonly<Record<string, unknown>> = OPERATION_HANDLERS;
  return Object.hasOwn(handlers, operation)
    ? (handlers[operation] as OperationHandler) // every value of the table is one
    : undefined;
}
