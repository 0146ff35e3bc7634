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
export type { AttributeSet } from './attributes/fields.ts';
export {
  ATTRIBUTE_SCHEMAS,
  type AttributeName,
  type AttributeValue,
} from './attributes/schemas.ts';
export { decodeStoredAttributes, encodeStoredAttributes } from './attributes/stored-attributes.ts';
export type { CryptographicParameters, Name, RevocationReason } from './attributes/structures.ts';
export type { UniqueIdentifierValue } from './attributes/unique-identifier.ts';
export { ClavigerError, ERROR_CODES, type ErrorCode } from './error.ts';
export {
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
export type { KeyBlock, KeyValue } from './objects/key-block.ts';
export {
  decodeStoredObject,
  encodeStoredObject,
  type ManagedObject,
  SymmetricKey,
} from './objects/managed-object.ts';
export { type DescribedOperation, OPERATION_SCHEMAS } from './operations/index.ts';
export type { OperationSchema, RequestOf, ResponseOf } from './operations/operation.ts';
export type { QueryFunction } from './operations/query.ts';
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
