export {
  type ActionFacts,
  type ActionFailure,
  type ActionSuccess,
  buildActionEvent,
} from './actions/action-event.ts';
export { REGISTRATION_TIMEOUT_HOURS, type RegisteredAction } from './actions/failure-rule.ts';
export {
  type CadfAttachment,
  type CadfEvent,
  type CadfResource,
  toStrictCadf,
} from './cadf/strict-cadf.ts';
export type {
  ActionDefinition,
  ConditionalSeverity,
  FieldType,
  HpcsActionDefinition,
  HpcsCatalogue,
  HpcsGroup,
  Severity,
} from './catalogue/action-definition.ts';
export { SEVERITIES } from './catalogue/action-definition.ts';
export {
  type AuditAction,
  actionDefinition,
  isAuditAction,
  isExtensionAction,
} from './catalogue/actions.ts';
export { EXTENSION_ACTIONS, type ExtensionAction } from './catalogue/extension-actions.ts';
export { currentAction, namesOfAction } from './catalogue/historical-names.ts';
export { HPCS_ACTIONS, type HpcsAction } from './catalogue/hpcs-actions.ts';
export {
  type AuditedKmipOperation,
  KMIP_OPERATION_ACTIONS,
  kmipOperationAction,
} from './catalogue/kmip-operations.ts';
export { type Crn, formatCrn, parseCrn } from './crn.ts';
export {
  type AuditEmitter,
  type AuditEmitterOptions,
  type AuditEventInput,
  createAuditEmitter,
  type OutcomeInput,
  type SourceCrn,
  type TargetInput,
  type TargetResourceType,
} from './emitter.ts';
export type {
  AddressType,
  AuditEvent,
  CredentialType,
  EventHost,
  EventInitiator,
  EventReason,
  EventTarget,
  InitiatorType,
  LogPosition,
  Outcome,
} from './event.ts';
export type { JsonObject, JsonValue } from './event-data.ts';
export { formatEventTime, parseEventTime } from './event-time.ts';
export { type ImportedEvent, importAuditEvent } from './import-audit-event.ts';
export {
  type AnonymousInitiator,
  type CertificateInitiator,
  certificateInitiatorId,
  type IamInitiator,
  type Initiator,
  type LocalUserInitiator,
  type SystemInitiator,
} from './initiator.ts';
export {
  HPCS_KEY_STATES,
  type HpcsKeyState,
  isHpcsKeyState,
  KEY_STATES,
  type KmipStateName,
  keyState,
} from './key-state.ts';
export { type LogRecord, toLogRecord } from './log-record.ts';
export { type HpcsRegion, LOG_REGIONS, logRegionOf } from './log-region.ts';
export type { TargetParent } from './message.ts';
export { InvalidEventError, parseAuditEvent } from './parse-audit-event.ts';
export {
  ERROR_REASONS,
  FAILURE_REASONS,
  type FailureCode,
  type ReasonWords,
  SUCCESS_REASONS,
  type SuccessCode,
} from './reason.ts';
export {
  createRefusalAggregator,
  type Refusal,
  type RefusalAggregator,
  type RefusalAggregatorOptions,
  type RefusalReport,
} from './refusal-aggregator.ts';
export { eventSchema, type JsonSchema } from './schema/event-schema.ts';
export { type SeverityPrecedence, severityOf } from './severity.ts';
export { MAX_EVENT_BYTES } from './trim-event.ts';
