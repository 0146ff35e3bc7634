export {
  type Attribute,
  type AttributeReference,
  attribute,
  attributeText,
  hasAttribute,
  isAttributeName,
  isReferredTo,
  parseAttributeText,
  type StandardAttribute,
  type VendorAttribute,
} from './attributes/attribute.ts';
export { attributeRules } from './attributes/attribute-rules.ts';
export type { BatchReference } from './attributes/batch-reference.ts';
export type { AttributeSet } from './attributes/fields.ts';
export { assertKnownValues, inWordsOf } from './attributes/known-values.ts';
export type { NotifiedAttributes } from './attributes/notified-attributes.ts';
export {
  ATTRIBUTE_SCHEMAS,
  type AttributeName,
  type AttributeValue,
} from './attributes/schemas.ts';
export {
  decodeStoredAttributes,
  decodeStoredValue,
  encodeStoredAttributes,
} from './attributes/stored-attributes.ts';
export {
  CryptographicParameters,
  Digest,
  Link,
  Name,
  RevocationReason,
  RNGParameters,
  UsageLimits,
} from './attributes/structures.ts';
export type { UniqueIdentifierValue } from './attributes/unique-identifier.ts';
export { ClavigerError, ERROR_CODES, type ErrorCode } from './error.ts';
export { CREDENTIAL_VALUES, Nonce, Ticket } from './messages/credentials.ts';
export {
  Authentication,
  Credential,
  ProtocolVersion,
  protocolVersionOf,
  RequestHeader,
  ResponseHeader,
  versionOf,
} from './messages/header.ts';
export {
  MessageExtension,
  RequestBatchItem,
  RequestMessage,
  ResponseBatchItem,
  ResponseMessage,
} from './messages/message.ts';
export { createKmipNames } from './names.ts';
export {
  EncryptionKeyInformation,
  KeyBlock,
  KeyValue,
  KeyWrappingData,
  KeyWrappingSpecification,
  MACSignatureKeyInformation,
} from './objects/key-block.ts';
export {
  Certificate,
  CertificateRequest,
  decodeStoredObject,
  encodeStoredObject,
  MANAGED_OBJECT_KEYS,
  type ManagedObject,
  OpaqueObject,
  PGPKey,
  PrivateKey,
  PublicKey,
  SecretData,
  SplitKey,
  SymmetricKey,
  Template,
} from './objects/managed-object.ts';
export {
  isTransparentKeyFormat,
  TRANSPARENT_KEYS,
  type TransparentKeyFormat,
} from './objects/transparent-keys.ts';
export { Constraint, Constraints } from './operations/constraints.ts';
export type { DataValue } from './operations/data.ts';
export { DefaultsInformation, ObjectDefaults } from './operations/defaults-information.ts';
export { DerivationParameters } from './operations/derivation-parameters.ts';
export { type DescribedOperation, OPERATION_SCHEMAS } from './operations/index.ts';
export type { OperationSchema, RequestOf, ResponseOf } from './operations/operation.ts';
export {
  CapabilityInformation,
  ExtensionInformation,
  ProfileInformation,
  type QueryFunction,
  ServerInformation,
  ValidationInformation,
} from './operations/query.ts';
export { AsynchronousRequest } from './operations/query-asynchronous-requests.ts';
export { Right, Rights } from './operations/rights.ts';
export {
  formatSupportMatrix,
  type Support,
  type SupportRow,
  supportMatrix,
} from './operations/support-matrix.ts';
export { decodeItem } from './schema/decode.ts';
export {
  describeOperation,
  describeStructure,
  type FieldDescription,
  formatFields,
} from './schema/describe.ts';
export { encodeItem } from './schema/encode.ts';
export { isNamedValue } from './schema/enumeration-values.ts';
export type { EnumerationValue, Infer, Schema, StructureSchema } from './schema/schema.ts';
export { tagLabel } from './schema/tag-label.ts';
export { quoted } from './schema/violation.ts';
export {
  ATTRIBUTE_RULES,
  type AttributeRow,
  type AttributeRules,
  type ChangeCondition,
} from './tables/attributes.ts';
export {
  ENUMERATION_VALUE_VERSIONS,
  ENUMERATIONS,
  type EnumerationName,
  type EnumerationValueName,
} from './tables/enumerations.ts';
export { MASKS, type MaskName } from './tables/masks.ts';
export { OPERATIONS, type OperationName, type OperationRow } from './tables/operations.ts';
export {
  GENERAL_RESULT_REASONS,
  RESULT_REASONS_OF_OPERATION,
  type ResultReasonName,
} from './tables/result-reasons.ts';
export { TAGS, type TagName } from './tables/tags.ts';
export {
  familyOf,
  isAtLeast,
  isWithin,
  VERSIONS,
  type Version,
  type VersionRange,
  versionIndex,
} from './tables/version.ts';
