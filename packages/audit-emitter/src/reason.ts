/**
 * Words of the audit log for the outcome of a request: an HTTP status, since CADF readers of this
 * catalogue expect one, even though KMIP has none.
 */
import type { ErrorCode } from '@claviger/kmip-protocol';

/** Status and phrase of `reason`. */
export interface ReasonWords {
  readonly reasonCode: number;
  readonly reasonType: string;
}

const BAD_REQUEST = { reasonCode: 400, reasonType: 'Bad Request' } as const;
const UNAUTHORIZED = { reasonCode: 401, reasonType: 'Unauthorized' } as const;
const FORBIDDEN = { reasonCode: 403, reasonType: 'Forbidden' } as const;
const NOT_FOUND = { reasonCode: 404, reasonType: 'Not Found' } as const;
const CONFLICT = { reasonCode: 409, reasonType: 'Conflict' } as const;
const INTERNAL_ERROR = { reasonCode: 500, reasonType: 'Internal Server Error' } as const;
const UNAVAILABLE = { reasonCode: 503, reasonType: 'Service Unavailable' } as const;

/** Every error code in the words of the audit log. */
export const ERROR_REASONS = {
  'invalid-message': BAD_REQUEST,
  'unsupported-protocol-version': BAD_REQUEST,
  'message-too-large': BAD_REQUEST,
  'response-too-large': BAD_REQUEST,
  'operation-not-supported': BAD_REQUEST,
  'feature-not-supported': BAD_REQUEST,
  'missing-data': BAD_REQUEST,
  'invalid-field': BAD_REQUEST,
  'invalid-attribute': BAD_REQUEST,
  'invalid-object-type': BAD_REQUEST,
  'item-not-found': NOT_FOUND,
  'attribute-not-found': NOT_FOUND,
  'attribute-already-exists': CONFLICT,
  'attribute-single-valued': BAD_REQUEST,
  // No client may ever change it: a wrong request, not an attempt at somebody else's object.
  'attribute-read-only': BAD_REQUEST,
  'attribute-not-applicable': BAD_REQUEST,
  'attribute-not-modifiable': BAD_REQUEST,
  'attribute-absent': NOT_FOUND,
  'attribute-instance-not-found': NOT_FOUND,
  'attribute-multi-valued': BAD_REQUEST,
  'invalid-data-type': BAD_REQUEST,
  'numeric-range': BAD_REQUEST,
  'object-already-exists': CONFLICT,
  'name-already-exists': CONFLICT,
  'name-in-use': CONFLICT,
  'index-out-of-bounds': BAD_REQUEST,
  'illegal-operation': CONFLICT,
  'wrong-state': CONFLICT,
  'already-destroyed': CONFLICT,
  'material-destroyed': CONFLICT,
  'not-revocable': CONFLICT,
  'object-archived': CONFLICT,
  'key-value-not-present': CONFLICT,
  'wrapping-key-not-found': NOT_FOUND,
  'wrapping-key-destroyed': CONFLICT,
  'wrapping-key-archived': CONFLICT,
  'parameters-not-found': NOT_FOUND,
  'key-format-not-supported': BAD_REQUEST,
  'key-compression-not-supported': BAD_REQUEST,
  'key-wrap-not-supported': BAD_REQUEST,
  'encoding-option-not-supported': BAD_REQUEST,
  // Asking for material that must not leave in this form is what an auditor wants to see as critical.
  sensitive: FORBIDDEN,
  'not-extractable': FORBIDDEN,
  'protection-not-available': BAD_REQUEST,
  'bad-cryptographic-parameters': BAD_REQUEST,
  'unsupported-cryptographic-parameters': BAD_REQUEST,
  'cryptographic-failure': INTERNAL_ERROR,
  'unknown-stream': NOT_FOUND,
  'invalid-ticket': BAD_REQUEST,
  'invalid-correlation-value': NOT_FOUND,
  'operation-canceled': CONFLICT,
  'tag-length-not-supported': BAD_REQUEST,
  'bad-password': BAD_REQUEST,
  'inactive-password': CONFLICT,
  'invalid-certificate-request': BAD_REQUEST,
  'constraint-violation': CONFLICT,
  'pkcs11-codec-error': BAD_REQUEST,
  'pkcs11-invalid-function': BAD_REQUEST,
  'pkcs11-invalid-interface': BAD_REQUEST,
  'authentication-failed': UNAUTHORIZED,
  'attestation-failed': UNAUTHORIZED,
  'permission-denied': FORBIDDEN,
  'unsuitable-key': CONFLICT,
  'usage-not-permitted': FORBIDDEN,
  'usage-limit-exceeded': FORBIDDEN,
  // Somebody disabled or deleted it on purpose; a master key that cannot be reached is `unavailable`.
  'root-key-unusable': CONFLICT,
  overloaded: UNAVAILABLE,
  unavailable: UNAVAILABLE,
  internal: INTERNAL_ERROR,
} as const satisfies Record<ErrorCode, ReasonWords>;

/** Every status with which an event can fail: those of the severity table, and those of our interfaces. */
export const FAILURE_REASONS = {
  400: BAD_REQUEST,
  401: UNAUTHORIZED,
  403: FORBIDDEN,
  404: NOT_FOUND,
  405: { reasonCode: 405, reasonType: 'Method Not Allowed' },
  408: { reasonCode: 408, reasonType: 'Request Timeout' },
  409: CONFLICT,
  410: { reasonCode: 410, reasonType: 'Gone' },
  422: { reasonCode: 422, reasonType: 'Unprocessable Entity' },
  424: { reasonCode: 424, reasonType: 'Failed Dependency' },
  429: { reasonCode: 429, reasonType: 'Too Many Requests' },
  500: INTERNAL_ERROR,
  502: { reasonCode: 502, reasonType: 'Bad Gateway' },
  503: UNAVAILABLE,
  504: { reasonCode: 504, reasonType: 'Gateway Timeout' },
  505: { reasonCode: 505, reasonType: 'HTTP Version Not Supported' },
  507: { reasonCode: 507, reasonType: 'Insufficient Storage' },
} as const satisfies Record<number, ReasonWords>;

export type FailureCode = keyof typeof FAILURE_REASONS;

/** The statuses with which a request can succeed; KMIP operations always have 200. */
export const SUCCESS_REASONS = {
  200: { reasonCode: 200, reasonType: 'OK' },
  201: { reasonCode: 201, reasonType: 'Created' },
  204: { reasonCode: 204, reasonType: 'No Content' },
} as const satisfies Record<number, ReasonWords>;

export type SuccessCode = keyof typeof SUCCESS_REASONS;
