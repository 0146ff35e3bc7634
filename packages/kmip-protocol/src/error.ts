/**
 * The closed set of reasons for which a request is refused.
 *
 * Finer than KMIP's Result Reasons and HTTP's statuses: each face owns one total table from these
 * codes to its own words (kmip-server: Result Reason by version; audit-emitter: reasonCode).
 */
export const ERROR_CODES = [
  'invalid-message',
  'unsupported-protocol-version',
  'message-too-large',
  'response-too-large',
  'operation-not-supported',
  'feature-not-supported',
  'missing-data',
  'invalid-field',
  'invalid-attribute',
  'invalid-object-type',
  'item-not-found',
  'attribute-not-found',
  'attribute-already-exists',
  'attribute-single-valued',
  'attribute-read-only',
  'attribute-not-applicable',
  'attribute-not-modifiable',
  'attribute-absent',
  'attribute-instance-not-found',
  'attribute-multi-valued',
  'invalid-data-type',
  'numeric-range',
  'object-already-exists',
  'name-already-exists',
  'name-in-use',
  'index-out-of-bounds',
  'illegal-operation',
  'wrong-state',
  'already-destroyed',
  'material-destroyed',
  'not-revocable',
  'object-archived',
  'key-value-not-present',
  'wrapping-key-not-found',
  'wrapping-key-destroyed',
  'wrapping-key-archived',
  'parameters-not-found',
  'key-format-not-supported',
  'key-compression-not-supported',
  'key-wrap-not-supported',
  'encoding-option-not-supported',
  'sensitive',
  'not-extractable',
  'protection-not-available',
  'bad-cryptographic-parameters',
  'unsupported-cryptographic-parameters',
  'cryptographic-failure',
  'unknown-stream',
  'invalid-ticket',
  'invalid-correlation-value',
  'operation-canceled',
  'tag-length-not-supported',
  'invalid-certificate-request',
  'bad-password',
  'inactive-password',
  'constraint-violation',
  'pkcs11-codec-error',
  'pkcs11-invalid-function',
  'pkcs11-invalid-interface',
  'authentication-failed',
  'attestation-failed',
  'permission-denied',
  'unsuitable-key',
  'usage-not-permitted',
  'usage-limit-exceeded',
  'root-key-unusable',
  'overloaded',
  'unavailable',
  'internal',
] as const;

export type ErrorCode = (typeof ERROR_CODES)[number];

/**
 * The error by which anything in Claviger refuses a request.
 *
 * `message` is safe to show to the client and says what was wrong and what to do; `detail` is for the
 * operational log only. Neither ever holds a secret.
 */
export class ClavigerError extends Error {
  override readonly name = 'ClavigerError';
  readonly code: ErrorCode;
  readonly detail: string | undefined;

  constructor(code: ErrorCode, message: string, options?: ErrorOptions & { detail?: string }) {
    super(message, options);
    this.code = code;
    this.detail = options?.detail;
  }
}
