/**
 * What has to come of each call of `scenario.py`, and what its event tells of: a row a call. The codes are
 * those of Key Protect's API.
 */

import type { AuditAction } from '@claviger/audit-emitter';

type ActionName<A = AuditAction> = A extends `hs-crypto.${infer Name}` ? Name : never;

export type ExpectedStep = readonly [
  step: string,
  /** The status, and the code of a refusal. */
  answer: string,
  /** Of the one event; null where there is none. */
  action: ActionName | null,
  /** What the answer says, as far as the script reads it. */
  value?: unknown,
];

/** Lists are told as [how many came, how many there are], the latter null unless it was asked for. */
export const BUILD_UP: readonly ExpectedStep[] = [
  // Log-ins have events, but no correlation ids by which clients could find them.
  ['log in with a wrong API key', '400 BXNIM0415E', null],
  ['list adapters as a Reader', '401', 'kmip-management.list'],
  ['create a root key', '201', 'secrets.create', ['disks']],
  ['import a root key', '201', 'secrets.create', ['imported']],
  ['create a standard key', '201', 'secrets.create', ['standard']],
  ['rotate', '204', 'secrets.rotate'],
  ['rotate again at once', '409 KEY_ROTATION_NOT_PERMITTED', 'secrets.rotate'],
  ['rotate an imported key without a new one', '400 KEY_PAYLOAD_REQ_ERR', 'secrets.default'],
  ['create an adapter', '201', 'kmip-management.create', ['first']],
  ['get the adapter by name', '200', 'kmip-management.read', true],
  ['get the adapter by id', '200', 'kmip-management.read', true],
  ['create one without a name', '201', 'kmip-management.create', 'kmip_adapter'],
  [
    'create one with a name that is taken',
    '409 KMIP_ADAPTER_DUPLICATE_NAME_ERR',
    'kmip-management.create',
  ],
  [
    'create one over an unknown root key',
    '404 NATIVE_CRK_ID_NOT_FOUND_ERR',
    'kmip-management.create',
  ],
  ['create one whose name is a UUID', '400 INVALID_FIELD_ERR', 'kmip-management.default'],
  ['create one whose name has a space', '400 INVALID_FIELD_ERR', 'kmip-management.default'],
  ['get an unknown adapter', '404 KMIP_ADAPTER_NOT_FOUND_ERR', 'kmip-management.read'],
  ['list adapters', '200', 'kmip-management.list', [3, null]],
  ['list one adapter after the first', '200', 'kmip-management.list', [1, 3]],
  ['list those over a root key', '200', 'kmip-management.list', [2, 2]],
  ['list those over an unknown root key', '200', 'kmip-management.list', [0, 0]],
  ['list no adapters', '400 INVALID_QUERY_PARAM_ERR', 'kmip-management.default'],
  ['list 201 adapters', '400 INVALID_QUERY_PARAM_ERR', 'kmip-management.default'],
  ['add a certificate', '201', 'kmip-management.create', true],
  ['add one with CRLF', '201', 'kmip-management.create', true],
  ['add one that is there', '409 KMIP_CERT_DUPLICATE_ERR', 'kmip-management.create'],
  [
    'add one with a name that is taken',
    '409 KMIP_CERT_DUPLICATE_NAME_ERR',
    'kmip-management.create',
  ],
  ['add what is no PEM', '400 INVALID_FIELD_ERR', 'kmip-management.default'],
  ['add two in one', '400 INVALID_FIELD_ERR', 'kmip-management.default'],
  ['add a private key', '400 INVALID_FIELD_ERR', 'kmip-management.default'],
  ['add one to an unknown adapter', '404 KMIP_ADAPTER_NOT_FOUND_ERR', 'kmip-management.create'],
  ['get the certificate by name', '200', 'kmip-management.read', true],
  ['get the certificate by id', '200', 'kmip-management.read', true],
  ['get the one without a name', '200', 'kmip-management.read', 'kmip_cert'],
  ['get an unknown certificate', '404 KMIP_CERT_NOT_FOUND_ERR', 'kmip-management.read'],
  ['list one certificate', '200', 'kmip-management.list', [1, 2]],
  ['list certificates, without PEM', '200', 'kmip-management.list', [false, false]],
  ['list no certificates', '400 INVALID_QUERY_PARAM_ERR', 'kmip-management.default'],
  ['list 201 certificates', '400 INVALID_QUERY_PARAM_ERR', 'kmip-management.default'],
];

/** Objects are told with the numbers of their states (KMIP 1.4 §9.1.3.2.18). */
export const TAKE_DOWN: readonly ExpectedStep[] = [
  ['list keys', '200', 'secrets.list', ['default', 'disks', 'imported', 'standard']],
  ['get the certificate', '200', 'kmip-management.read'],
  ['list whether it made the objects', '200', 'kmip-management.list', [true, true, true, true]],
  [
    'list objects',
    '200',
    'kmip-management.list',
    { preActive: 1, active: 2, deactivated: 3, compromised: 4 },
  ],
  ['list one object after the first', '200', 'kmip-management.list', [1, 4]],
  ['list active objects', '200', 'kmip-management.list', { active: 2 }],
  ['list destroyed objects, none yet', '200', 'kmip-management.list', {}],
  ['list a state that is none', '400 INVALID_QUERY_PARAM_ERR', 'kmip-management.default'],
  ['list 5001 objects', '400 INVALID_QUERY_PARAM_ERR', 'kmip-management.default'],
  ['get an object', '200', 'kmip-management.read', { preActive: 1 }],
  ['get an unknown object', '404 KMIP_OBJECT_NOT_FOUND_ERR', 'kmip-management.read'],
  ['delete an active object', '409 KMIP_OBJECT_ACTIVE_ERR', 'kmip-management.delete'],
  ['delete an object', '204', 'kmip-management.delete'],
  ['delete that object again', '410 KMIP_OBJECT_DELETED_ERR', 'kmip-management.delete'],
  ['delete an active object by force', '204', 'kmip-management.delete'],
  ['list what is left', '200', 'kmip-management.list', { compromised: 4, deactivated: 3 }],
  ['list destroyed objects', '200', 'kmip-management.list', { active: 5, preActive: 5 }],
  ['delete an adapter with objects', '409 KMIP_ADAPTER_NOT_EMPTY_ERR', 'kmip-management.delete'],
  ['delete its root key', '409 PROTECTED_RESOURCE_ERR', 'secrets.delete'],
  ['delete a deactivated object', '204', 'kmip-management.delete'],
  ['delete a compromised object', '204', 'kmip-management.delete'],
  ['get a destroyed compromised object', '200', 'kmip-management.read', { compromised: 6 }],
  ['delete the certificate', '204', 'kmip-management.delete'],
  ['delete that certificate again', '404 KMIP_CERT_NOT_FOUND_ERR', 'kmip-management.delete'],
  ['delete the adapter', '204', 'kmip-management.delete'],
  ['list its certificates', '404 KMIP_ADAPTER_NOT_FOUND_ERR', 'kmip-management.list'],
  ['list the adapter left', '200', 'kmip-management.list', [1, null]],
  ['add its certificate elsewhere', '201', 'kmip-management.create'],
  ['delete the other adapter', '204', 'kmip-management.delete'],
  ['disable a root key', '204', 'secrets.disable'],
  ['create an adapter over it', '409 NATIVE_INVALID_CRK_ERR', 'kmip-management.create'],
  ['enable it too early', '409 REQ_TOO_EARLY_ERR', 'secrets.enable'],
  ['delete a root key', '204', 'secrets.delete'],
  ['delete that root key again', '410 KEY_DELETED_ERR', 'secrets.delete'],
];
