/** The shape of an audit event: flat CADF as IBM Cloud Activity Tracker has it. */
import type { Severity } from './catalogue/action-definition.ts';
import type { AuditAction } from './catalogue/actions.ts';
import type { JsonObject } from './event-data.ts';

/** Closed sets, as they stand in an event. */
export const OUTCOMES = ['success', 'failure'] as const;

export const CREDENTIAL_TYPES = [
  'token',
  'user',
  'apikey',
  'certificate',
  'public-access',
  's2s-authorization',
] as const;

export const INITIATOR_TYPES = [
  'service/security/account/user',
  'service/security/account/serviceid',
  'service/security/client/certificateid',
  'service/security/clientid',
] as const;

export const ADDRESS_TYPES = ['IPv4', 'IPv6'] as const;

export type Outcome = (typeof OUTCOMES)[number];
export type CredentialType = (typeof CREDENTIAL_TYPES)[number];
export type InitiatorType = (typeof INITIATOR_TYPES)[number];
export type AddressType = (typeof ADDRESS_TYPES)[number];

/** Where a request came from; left out for private networks unless the agent is known. */
export interface EventHost {
  readonly agent?: string;
  readonly address?: string;
  /** Present exactly when `address` is. */
  readonly addressType?: AddressType;
}

export interface EventInitiator {
  readonly id: string;
  readonly name: string;
  readonly typeURI: InitiatorType;
  readonly credential: { readonly type: CredentialType };
  readonly host?: EventHost;
}

export interface EventTarget {
  /** CRN of the resource, or of the instance when no single resource was acted on. */
  readonly id: string;
  readonly name: string;
  readonly typeURI: string;
}

export interface EventReason {
  readonly reasonCode: number;
  readonly reasonType: string;
  /** Present exactly when the outcome is a failure. */
  readonly reasonForFailure?: string;
}

/** One event. The order of the fields here is their order in the log. */
export interface AuditEvent {
  /** UTC, e.g. `2026-03-02T09:14:07.31+0000`. */
  readonly eventTime: string;
  readonly action: AuditAction;
  readonly outcome: Outcome;
  readonly severity: Severity;
  readonly message: string;
  readonly id: string;
  /** Left out for actions that do not support it (TKE). */
  readonly correlationId?: string;
  readonly dataEvent: false;
  readonly logSourceCRN: string;
  readonly saveServiceCopy: boolean;
  readonly initiator: EventInitiator;
  readonly target: EventTarget;
  readonly observer: { readonly name: 'ActivityTracker' };
  readonly reason: EventReason;
  readonly requestData: JsonObject;
  readonly responseData: JsonObject;
  /** Given by the log when the event is written to it; an event on its way there has none. */
  readonly log?: LogPosition;
}

/** Where an event stands in the log, which is what makes a change of it visible. */
export interface LogPosition {
  /** Who wrote the log: 32 hexadecimal digits. */
  readonly node: string;
  /** From 1, without gaps. */
  readonly sequence: number;
  /** SHA-256 of the event before, in lower-case hex; zeros in the first. */
  readonly previousHash: string;
}
