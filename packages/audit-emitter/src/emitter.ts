/**
 * Builds audit events. The emitter is a pure function of its options and inputs, except for the time
 * and the id that it asks for: writing the log is the business of whoever commits the unit of work.
 */
import type { ErrorCode } from '@claviger/kmip-protocol';
import { type AuditAction, actionDefinition, isExtensionAction } from './catalogue/actions.ts';
import { isAlwaysRecorded } from './catalogue/always-recorded.ts';
import { type Crn, formatCrn } from './crn.ts';
import type { AuditEvent, EventReason } from './event.ts';
import { assertEventData, assertNoPrivateKey, type JsonObject } from './event-data.ts';
import { formatEventTime } from './event-time.ts';
import { type Initiator, toEventInitiator } from './initiator.ts';
import { eventMessage, type TargetParent } from './message.ts';
import {
  ERROR_REASONS,
  FAILURE_REASONS,
  type FailureCode,
  SUCCESS_REASONS,
  type SuccessCode,
} from './reason.ts';
import { type SeverityPrecedence, severityOf } from './severity.ts';
import { cutText, trimEvent } from './trim-event.ts';

/** The service instance in whose name events are written. */
export interface SourceCrn {
  readonly cname: string;
  readonly ctype: string;
  readonly service: string;
  readonly location: string;
  /** 32 hexadecimal digits. */
  readonly accountId: string;
  /** UUID. */
  readonly instanceId: string;
}

export interface AuditEmitterOptions {
  /** Name of the service in messages. */
  readonly displayName: string;
  readonly crn: SourceCrn;
  /** False for a log that is purely HPCS: extension actions give no event then. */
  readonly extensionActions: boolean;
  readonly severityPrecedence: SeverityPrecedence;
  readonly saveServiceCopy: boolean;
  /** A new UUID. */
  newId(): string;
  /** Milliseconds since the epoch. */
  now(): number;
}

/** Resource types as they stand in a CRN. */
export type TargetResourceType =
  | 'kmip_adapter'
  | 'certificate'
  | 'credential'
  | 'kmip_object'
  | 'key'
  | 'apikey'
  | 'cryptounit'
  | 'keystore';

/** What was acted on. */
export type TargetInput =
  /** The instance: for lists, invalid requests, and what failed before there was a resource. */
  | {
      readonly kind: 'instance';
      readonly name?: string | undefined;
      readonly parent?: TargetParent;
    }
  | {
      readonly kind: 'resource';
      readonly resourceType: TargetResourceType;
      readonly id: string;
      /** Readable name without personal data; the id is repeated when there is none. */
      readonly name?: string | undefined;
      readonly parent?: TargetParent | undefined;
    };

export type OutcomeInput =
  /** 200 unless the interface answered otherwise. */
  | { readonly kind: 'success'; readonly reasonCode?: SuccessCode | undefined }
  /** `reasonText` says why in a sentence that is safe to show; what is beyond 512 characters is cut. */
  | {
      readonly kind: 'failure';
      readonly errorCode: ErrorCode;
      /** Unless the error code says it: the interface answered with this status. */
      readonly reasonCode?: FailureCode | undefined;
      readonly reasonText: string;
    }
  /** Of an interface that has no error codes, only statuses. */
  | {
      readonly kind: 'failure';
      readonly errorCode?: undefined;
      readonly reasonCode: FailureCode;
      readonly reasonText: string;
    };

export interface AuditEventInput {
  readonly action: AuditAction;
  readonly outcome: OutcomeInput;
  readonly initiator: Initiator;
  readonly target: TargetInput;
  /** Of the API request; shared by the events of one KMIP message. */
  readonly correlationId: string;
  /** Path of the API request, or `kmip://host:port` of the listener. */
  readonly requestURI: string;
  /**
   * Facts of the request. `requestURI`, `instanceID` and `adapterId` are added. `revocationReason`
   * and `resourceType` count for the severity (see `severityOf`).
   */
  readonly requestData?: JsonObject | undefined;
  /** Adapter that the request belongs to. */
  readonly adapterId?: string | undefined;
  readonly responseData?: JsonObject | undefined;
}

export interface AuditEmitter {
  /**
   * Builds one event; nothing is written. An event above 16 KiB has its data cut, never its CADF
   * fields.
   *
   * @returns undefined for an extension action when those are turned off, unless it tells of the log.
   * @throws TypeError when the input holds what an event must not (bytes, private keys, values that
   * are no JSON) or an initiator of the wrong form: a mistake in the calling program.
   */
  build(input: AuditEventInput): AuditEvent | undefined;
}

const MAX_REASON_LENGTH = 512;

/** @throws RangeError when a part of the CRN has the wrong form. */
export function createAuditEmitter(options: AuditEmitterOptions): AuditEmitter {
  const { displayName, extensionActions, severityPrecedence, saveServiceCopy } = options;
  const { instanceId } = options.crn;
  const source = instanceCrn(options.crn);
  const logSourceCRN = formatCrn(source);

  function targetId(target: TargetInput): string {
    if (target.kind === 'instance') return logSourceCRN;
    return formatCrn({ ...source, resourceType: target.resourceType, resource: target.id });
  }

  function build(input: AuditEventInput): AuditEvent | undefined {
    const { action, target } = input;
    const isUnwanted = !extensionActions && isExtensionAction(action);
    if (isUnwanted && !isAlwaysRecorded(action)) return undefined;

    const definition = actionDefinition(action);
    const outcome = input.outcome.kind;
    const reason = reasonOf(input.outcome);
    const requestData = requestDataOf(input, instanceId);
    const responseData = input.responseData ?? {};
    const targetName = target.name ?? (target.kind === 'resource' ? target.id : '');
    const event: AuditEvent = {
      eventTime: formatEventTime(options.now()),
      action,
      outcome,
      severity: severityOf(action, reason.reasonCode, requestData, severityPrecedence),
      message: eventMessage(displayName, action, targetName, target.parent, outcome),
      id: options.newId(),
      ...(definition.correlationIdSupported ? { correlationId: input.correlationId } : {}),
      dataEvent: false,
      logSourceCRN,
      saveServiceCopy,
      initiator: toEventInitiator(input.initiator),
      target: { id: targetId(target), name: targetName, typeURI: definition.targetTypeURI },
      observer: { name: 'ActivityTracker' },
      reason,
      requestData,
      responseData,
    };
    assertNoSecrets(event);
    return trimEvent(event);
  }

  return { build };
}

function instanceCrn(parts: SourceCrn): Crn {
  const { cname, ctype, service, location, accountId, instanceId } = parts;
  const forms = [
    ['cname', cname, /^[a-z0-9-]+$/],
    ['ctype', ctype, /^[a-z0-9-]+$/],
    ['service', service, /^[a-z0-9-]+$/],
    ['location', location, /^[a-z0-9-]+$/],
    ['accountId', accountId, /^[0-9a-f]{32}$/],
    ['instanceId', instanceId, /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/],
  ] as const;
  for (const [name, value, form] of forms) {
    if (!form.test(value)) {
      throw new RangeError(
        `"${value}" cannot be the ${name} of a CRN: it must match ${form.source}`,
      );
    }
  }
  return {
    cname,
    ctype,
    service,
    location,
    scope: `a/${accountId}`,
    instance: instanceId,
    resourceType: '',
    resource: '',
  };
}

function reasonOf(outcome: OutcomeInput): EventReason {
  if (outcome.kind === 'success') return SUCCESS_REASONS[outcome.reasonCode ?? 200];
  const words =
    outcome.reasonCode === undefined
      ? ERROR_REASONS[outcome.errorCode]
      : FAILURE_REASONS[outcome.reasonCode];
  return {
    ...words,
    reasonForFailure: cutText(outcome.reasonText, MAX_REASON_LENGTH),
  };
}

/** The fields that every event of the service has come first, and always from here. */
function requestDataOf(input: AuditEventInput, instanceID: string): JsonObject {
  const { requestURI, requestData, adapterId } = input;
  const common = { requestURI, instanceID };
  return {
    ...common,
    ...requestData,
    ...common,
    ...(adapterId === undefined ? {} : { adapterId }),
  };
}

function assertNoSecrets(event: AuditEvent): void {
  assertEventData(event.requestData, 'requestData');
  assertEventData(event.responseData, 'responseData');
  assertNoPrivateKey(event.initiator.name, 'initiator.name');
  assertNoPrivateKey(event.message, 'message');
  assertNoPrivateKey(event.reason.reasonForFailure ?? '', 'reason.reasonForFailure');
}
