/** From the least to the gravest. */
export const SEVERITIES = ['normal', 'warning', 'critical'] as const;

export type Severity = (typeof SEVERITIES)[number];

/** The groups of the HPCS catalogue. */
export type HpcsGroup =
  | 'key'
  | 'key-ring'
  | 'policy'
  | 'instance-policy'
  | 'import-token'
  | 'registration'
  | 'tke'
  | 'certificate-manager'
  | 'kmip-key'
  | 'kmip-management'
  | 'ep11-keystore'
  | 'ep11-crypto'
  | 'governance'
  | 'instance';

/** When an action is graver than usual; `severity.ts` says what each one looks at. */
export type ConditionalSeverity =
  /** Critical when `requestData.revocationReason` tells of a compromise. */
  | 'critical-when-compromise'
  /** Critical when `requestData.resourceType` is a client certificate. */
  | 'critical-when-certificate';

/** Type of a field of `requestData` or `responseData`. */
export type FieldType = 'string' | 'boolean' | 'integer' | 'date-time' | 'string-list';

/** What the emitter knows of an action, whichever catalogue it is from. */
export interface ActionDefinition {
  readonly group: string;
  /** Goes into `target.typeURI` as it is; it cannot be computed from the name. */
  readonly targetTypeURI: string;
  /** Severity of a success, before `conditionalSeverity`. */
  readonly severity: Severity;
  readonly conditionalSeverity: ConditionalSeverity | null;
  /** Without support the event has no `correlationId`. */
  readonly correlationIdSupported: boolean;
}

/** A row of the HPCS catalogue. */
export interface HpcsActionDefinition extends ActionDefinition {
  readonly group: HpcsGroup;
  /** Names that the service gave the action earlier; met in old archives, never emitted. */
  readonly historicalNames: readonly string[];
  /** Fields that HPCS documents, by path from the event. */
  readonly documentedFields: Readonly<Record<string, FieldType>>;
  /** Fields of our own choice where HPCS documents none. */
  readonly suggestedFields: Readonly<Record<string, FieldType>>;
}

export type HpcsCatalogue = Readonly<Record<`hs-crypto.${string}`, HpcsActionDefinition>>;
