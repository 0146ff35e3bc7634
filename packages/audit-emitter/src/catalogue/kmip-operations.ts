/** Which action records a KMIP operation. Names of operations are those of KMIP's XML encoding. */
import type { AuditAction } from './actions.ts';
import { EXTENSION_ACTIONS, type ExtensionAction } from './extension-actions.ts';
import type { HpcsAction } from './hpcs-actions.ts';

const HPCS_OPERATIONS = {
  Create: 'hs-crypto.kmip-key.create',
  Register: 'hs-crypto.kmip-key.create',
  CreateKeyPair: 'hs-crypto.kmip-key.create',
  ReKey: 'hs-crypto.kmip-key.create',
  ReKeyKeyPair: 'hs-crypto.kmip-key.create',
  Import: 'hs-crypto.kmip-key.create',
  Certify: 'hs-crypto.kmip-key.create',
  ReCertify: 'hs-crypto.kmip-key.create',
  DeriveKey: 'hs-crypto.kmip-key.create',
  CreateSplitKey: 'hs-crypto.kmip-key.create',
  JoinSplitKey: 'hs-crypto.kmip-key.create',
  Export: 'hs-crypto.kmip-key.read',
  Get: 'hs-crypto.kmip-key.read',
  Put: 'hs-crypto.kmip-key.read',
  GetAttributes: 'hs-crypto.kmip-key-attributes.retrieve',
  GetAttributeList: 'hs-crypto.kmip-key-attributes.retrieve',
  Activate: 'hs-crypto.kmip-key.activate',
  Revoke: 'hs-crypto.kmip-key.revoke',
  Destroy: 'hs-crypto.kmip-key.destroy',
} as const satisfies Readonly<Record<string, HpcsAction>>;

type ExtensionOperations = {
  readonly [A in ExtensionAction as (typeof EXTENSION_ACTIONS)[A] extends {
    readonly kmipOperation: infer Name extends string;
  }
    ? Name
    : never]: A;
};

// Object.fromEntries forgets which key has which value; the type says it again from the same rows.
const EXTENSION_OPERATIONS = Object.fromEntries(
  Object.entries(EXTENSION_ACTIONS).flatMap(([action, row]) =>
    'kmipOperation' in row ? [[row.kmipOperation, action]] : [],
  ),
) as ExtensionOperations;

export const KMIP_OPERATION_ACTIONS = { ...HPCS_OPERATIONS, ...EXTENSION_OPERATIONS } as const;

/** A KMIP operation with an action of its own. */
export type AuditedKmipOperation = keyof typeof KMIP_OPERATION_ACTIONS;

function isAuditedKmipOperation(name: string): name is AuditedKmipOperation {
  return Object.hasOwn(KMIP_OPERATION_ACTIONS, name);
}

/**
 * The action of any operation that a client may ask for, or a server.
 *
 * @param operation - Name as in KMIP's XML encoding, e.g. `GetAttributes`.
 * @returns `claviger.kmip-request.default` for an operation without a row.
 */
export function kmipOperationAction(operation: string): AuditAction {
  return isAuditedKmipOperation(operation)
    ? KMIP_OPERATION_ACTIONS[operation]
    : 'claviger.kmip-request.default';
}
