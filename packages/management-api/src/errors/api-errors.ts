/** Every way in which the API refuses, in the words of Key Protect: the one table. */

import { STATUS_CODES } from 'node:http';
import type { ErrorCode } from '@claviger/kmip-protocol';

interface ApiErrorWords {
  /** Status of the answer. */
  readonly status: number;
  /** The same refusal in the words of the audit log. */
  readonly audit: ErrorCode;
  /** Who coined the reason code: IBM's service, or we, where its code is not published. */
  readonly origin: 'key-protect' | 'claviger';
}

/** Refusals by reason code. */
export const API_ERRORS = {
  BAD_BODY_ERR: { status: 400, audit: 'invalid-message', origin: 'key-protect' },
  NO_BODY_ERR: { status: 400, audit: 'missing-data', origin: 'key-protect' },
  COLLECTION_TOTAL_MISMATCH_ERR: { status: 400, audit: 'invalid-message', origin: 'key-protect' },
  NUM_COLLECTION_RESOURCE_ERR: { status: 400, audit: 'invalid-message', origin: 'key-protect' },
  INVALID_FIELD_ERR: { status: 400, audit: 'invalid-field', origin: 'key-protect' },
  INVALID_QUERY_PARAM_ERR: { status: 400, audit: 'invalid-field', origin: 'key-protect' },
  INVALID_HEADER_ERR: { status: 400, audit: 'invalid-field', origin: 'claviger' },
  BEARER_SUB_EXTRACTION_ERR: { status: 400, audit: 'invalid-message', origin: 'key-protect' },
  KEY_ROOT_REQ_ERR: { status: 400, audit: 'invalid-object-type', origin: 'key-protect' },
  KEY_PAYLOAD_REQ_ERR: { status: 400, audit: 'missing-data', origin: 'key-protect' },
  UNAUTHORIZED_ERR: { status: 401, audit: 'authentication-failed', origin: 'key-protect' },
  KMIP_ADAPTER_NOT_FOUND_ERR: { status: 404, audit: 'item-not-found', origin: 'claviger' },
  KMIP_CERT_NOT_FOUND_ERR: { status: 404, audit: 'item-not-found', origin: 'claviger' },
  KMIP_OBJECT_NOT_FOUND_ERR: { status: 404, audit: 'item-not-found', origin: 'key-protect' },
  NATIVE_CRK_ID_NOT_FOUND_ERR: { status: 404, audit: 'item-not-found', origin: 'key-protect' },
  KEY_NOT_FOUND_ERR: { status: 404, audit: 'item-not-found', origin: 'key-protect' },
  KEY_RING_NOT_FOUND_ERR: { status: 404, audit: 'item-not-found', origin: 'key-protect' },
  REFUSED_CERT_NOT_FOUND_ERR: { status: 404, audit: 'item-not-found', origin: 'claviger' },
  CLIENT_AUTHORITY_NOT_FOUND_ERR: { status: 404, audit: 'item-not-found', origin: 'claviger' },
  CREDENTIAL_NOT_FOUND_ERR: { status: 404, audit: 'item-not-found', origin: 'claviger' },
  CLIENT_ENDPOINT_NOT_FOUND_ERR: { status: 404, audit: 'item-not-found', origin: 'claviger' },
  OPERATION_NOT_OFFERED_ERR: { status: 404, audit: 'item-not-found', origin: 'claviger' },
  METHOD_NOT_ALLOWED_ERR: { status: 405, audit: 'operation-not-supported', origin: 'claviger' },
  KMIP_ADAPTER_DUPLICATE_NAME_ERR: {
    status: 409,
    audit: 'name-already-exists',
    origin: 'key-protect',
  },
  KMIP_ADAPTER_QUOTA_ERR: { status: 409, audit: 'illegal-operation', origin: 'claviger' },
  KMIP_ADAPTER_NOT_EMPTY_ERR: { status: 409, audit: 'illegal-operation', origin: 'claviger' },
  NATIVE_INVALID_CRK_ERR: { status: 409, audit: 'root-key-unusable', origin: 'key-protect' },
  KMIP_CERT_DUPLICATE_ERR: { status: 409, audit: 'name-already-exists', origin: 'key-protect' },
  KMIP_CERT_DUPLICATE_NAME_ERR: {
    status: 409,
    audit: 'name-already-exists',
    origin: 'key-protect',
  },
  KEY_ALIAS_NOT_UNIQUE_ERR: { status: 409, audit: 'name-already-exists', origin: 'key-protect' },
  KMIP_CERT_QUOTA_ERR: { status: 409, audit: 'illegal-operation', origin: 'claviger' },
  CLIENT_AUTHORITY_DUPLICATE_ERR: {
    status: 409,
    audit: 'name-already-exists',
    origin: 'claviger',
  },
  CLIENT_AUTHORITY_QUOTA_ERR: { status: 409, audit: 'illegal-operation', origin: 'claviger' },
  CREDENTIAL_DUPLICATE_ERR: { status: 409, audit: 'name-already-exists', origin: 'claviger' },
  CREDENTIAL_QUOTA_ERR: { status: 409, audit: 'illegal-operation', origin: 'claviger' },
  KMIP_OBJECT_ACTIVE_ERR: { status: 409, audit: 'wrong-state', origin: 'claviger' },
  KMIP_OBJECT_CHANGED_ERR: { status: 409, audit: 'illegal-operation', origin: 'claviger' },
  KMIP_OBJECT_NOT_PUT_ERR: { status: 409, audit: 'illegal-operation', origin: 'claviger' },
  KEY_ACTION_INVALID_STATE_ERR: { status: 409, audit: 'wrong-state', origin: 'key-protect' },
  KEY_ROTATION_NOT_PERMITTED: { status: 409, audit: 'illegal-operation', origin: 'key-protect' },
  REQ_TOO_EARLY_ERR: { status: 409, audit: 'illegal-operation', origin: 'key-protect' },
  PROTECTED_RESOURCE_ERR: { status: 409, audit: 'illegal-operation', origin: 'key-protect' },
  KEY_CHANGED_ERR: { status: 409, audit: 'illegal-operation', origin: 'claviger' },
  KMIP_OBJECT_DELETED_ERR: { status: 410, audit: 'already-destroyed', origin: 'claviger' },
  KEY_DELETED_ERR: { status: 410, audit: 'already-destroyed', origin: 'key-protect' },
  UNPROCESSABLE_CIPHERTEXT_ERR: {
    status: 422,
    audit: 'cryptographic-failure',
    origin: 'key-protect',
  },
  INTERNAL_ERR: { status: 500, audit: 'internal', origin: 'claviger' },
  CLIENT_ENDPOINT_FAILED_ERR: { status: 503, audit: 'unavailable', origin: 'claviger' },
  UNAVAILABLE_ERR: { status: 503, audit: 'unavailable', origin: 'claviger' },
  OVERLOADED_ERR: { status: 503, audit: 'overloaded', origin: 'claviger' },
} as const satisfies Record<string, ApiErrorWords>;

/** A reason code as clients read it. */
export type ApiErrorCode = keyof typeof API_ERRORS;

/** The reason phrase of the code's status, e.g. `Not Found`. */
export function reasonPhrase(code: ApiErrorCode): string {
  return STATUS_CODES[API_ERRORS[code].status] ?? 'Error';
}
