/**
 * KMIP's words for the error codes. A code has several rows where a later version has a finer reason:
 * the newest row that the client's version knows applies (errors per operation: 1.4 §11, 2.1 §6).
 */

import {
  type EnumerationValueName,
  type ErrorCode,
  isAtLeast,
  type Version,
} from '@claviger/kmip-protocol';

type ResultReason = EnumerationValueName<'ResultReason'>;
interface Row {
  readonly since: Version;
  readonly reason: ResultReason;
}

const always = (reason: ResultReason): readonly Row[] => [{ since: '1.0', reason }];
const changed = (reason: ResultReason, since: Version, newer: ResultReason): readonly Row[] => [
  { since: '1.0', reason },
  { since, reason: newer },
];

export const RESULT_REASONS = {
  'invalid-message': always('InvalidMessage'),
  'unsupported-protocol-version': changed('InvalidMessage', '2.0', 'UnsupportedProtocolVersion'),
  'message-too-large': always('InvalidMessage'),
  'response-too-large': always('ResponseTooLarge'),
  'operation-not-supported': always('OperationNotSupported'),
  'feature-not-supported': always('FeatureNotSupported'),
  'missing-data': changed('MissingData', '2.0', 'InvalidMessage'),
  'invalid-field': always('InvalidField'),
  'invalid-attribute': changed('InvalidField', '2.0', 'InvalidAttribute'),
  'invalid-object-type': changed('InvalidField', '2.0', 'InvalidObjectType'),
  'item-not-found': changed('ItemNotFound', '2.0', 'ObjectNotFound'),
  'attribute-not-found': changed('ItemNotFound', '2.0', 'AttributeNotFound'),
  'attribute-already-exists': changed('IllegalOperation', '2.0', 'AttributeSingleValued'),
  'attribute-single-valued': changed('InvalidField', '2.0', 'AttributeSingleValued'),
  'attribute-read-only': changed('PermissionDenied', '2.0', 'ReadOnlyAttribute'),
  'attribute-not-applicable': changed('PermissionDenied', '2.0', 'InvalidAttribute'),
  'attribute-not-modifiable': changed('PermissionDenied', '2.0', 'AttributeReadOnly'),
  'attribute-absent': changed('InvalidField', '2.0', 'AttributeNotFound'),
  'attribute-instance-not-found': changed('ItemNotFound', '2.0', 'AttributeInstanceNotFound'),
  'attribute-multi-valued': changed('InvalidField', '2.0', 'MultiValuedAttribute'),
  'invalid-data-type': changed('InvalidField', '2.0', 'InvalidDataType'),
  'numeric-range': changed('InvalidField', '2.0', 'NumericRange'),
  'object-already-exists': changed('IllegalOperation', '1.4', 'ObjectAlreadyExists'),
  'name-already-exists': changed('InvalidField', '2.0', 'NonUniqueNameAttribute'),
  'name-in-use': changed('IllegalOperation', '2.0', 'NonUniqueNameAttribute'),
  'index-out-of-bounds': changed('IndexOutOfBounds', '2.0', 'ServerLimitExceeded'),
  'illegal-operation': changed('IllegalOperation', '2.0', 'InvalidObjectType'),
  'wrong-state': changed('PermissionDenied', '2.0', 'WrongKeyLifecycleState'),
  'already-destroyed': changed('PermissionDenied', '2.0', 'ObjectDestroyed'),
  'material-destroyed': changed('ItemNotFound', '2.0', 'ObjectDestroyed'),
  'not-revocable': changed('IllegalOperation', '2.0', 'WrongKeyLifecycleState'),
  'object-archived': always('ObjectArchived'),
  'key-value-not-present': changed('IllegalOperation', '1.2', 'KeyValueNotPresent'),
  'wrapping-key-not-found': changed('ItemNotFound', '2.0', 'WrappingObjectNotFound'),
  'wrapping-key-destroyed': changed('PermissionDenied', '2.0', 'WrappingObjectDestroyed'),
  'wrapping-key-archived': changed('ObjectArchived', '2.0', 'WrappingObjectArchived'),
  'parameters-not-found': changed('ItemNotFound', '2.0', 'BadCryptographicParameters'),
  'key-format-not-supported': always('KeyFormatTypeNotSupported'),
  'key-compression-not-supported': always('KeyCompressionTypeNotSupported'),
  'key-wrap-not-supported': changed('FeatureNotSupported', '2.0', 'KeyWrapTypeNotSupported'),
  'encoding-option-not-supported': changed('FeatureNotSupported', '1.1', 'EncodingOptionError'),
  sensitive: changed('PermissionDenied', '1.4', 'Sensitive'),
  'not-extractable': changed('PermissionDenied', '1.4', 'NotExtractable'),
  // No list has a reason for it: the test case QS-M-2 wants it so.
  'protection-not-available': always('GeneralFailure'),
  'bad-cryptographic-parameters': changed('InvalidField', '2.0', 'BadCryptographicParameters'),
  'unsupported-cryptographic-parameters': changed(
    'InvalidField',
    '2.0',
    'UnsupportedCryptographicParameters',
  ),
  'cryptographic-failure': always('CryptographicFailure'),
  'unknown-stream': changed('ItemNotFound', '2.0', 'InvalidCorrelationValue'),
  'invalid-ticket': changed('InvalidField', '2.0', 'InvalidTicket'),
  'invalid-correlation-value': changed(
    'ItemNotFound',
    '2.0',
    'InvalidAsynchronousCorrelationValue',
  ),
  'operation-canceled': always('OperationCanceledByRequester'),
  // No list has it: the test case CS-BC-M-GCM-1 wants it so.
  'tag-length-not-supported': always('GeneralFailure'),
  'bad-password': changed('InvalidField', '2.0', 'BadPassword'),
  'inactive-password': changed('PermissionDenied', '2.0', 'BadPassword'),
  'invalid-certificate-request': changed('InvalidField', '2.0', 'InvalidCSR'),
  'constraint-violation': changed('InvalidField', '2.1', 'ConstraintViolation'),
  'pkcs11-codec-error': changed('InvalidField', '2.0', 'PKCS_11CodecError'),
  'pkcs11-invalid-function': changed('InvalidField', '2.0', 'PKCS_11InvalidFunction'),
  'pkcs11-invalid-interface': changed('InvalidField', '2.0', 'PKCS_11InvalidInterface'),
  'authentication-failed': always('AuthenticationNotSuccessful'),
  'attestation-failed': changed('AuthenticationNotSuccessful', '1.2', 'AttestationFailed'),
  'permission-denied': always('PermissionDenied'),
  'unsuitable-key': changed('PermissionDenied', '2.0', 'InvalidObjectType'),
  'usage-not-permitted': changed('PermissionDenied', '2.0', 'IncompatibleCryptographicUsageMask'),
  // The test case CS-BC-M-7 of 2.1 wants this reason, though there is a finer one.
  'usage-limit-exceeded': always('PermissionDenied'),
  'root-key-unusable': always('PermissionDenied'),
  overloaded: always('GeneralFailure'),
  unavailable: always('GeneralFailure'),
  internal: always('GeneralFailure'),
} as const satisfies Record<ErrorCode, readonly Row[]>;

/** The Result Reason for an error in a version. */
export function resultReason(code: ErrorCode, version: Version): ResultReason {
  const rows: readonly Row[] = RESULT_REASONS[code];
  return rows.findLast((row) => isAtLeast(version, row.since))?.reason ?? 'GeneralFailure';
}
