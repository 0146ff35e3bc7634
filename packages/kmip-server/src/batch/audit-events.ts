/** The audit event of each batch item. */

import {
  type AuditEventInput,
  type CertificateInitiator,
  keyState,
  kmipOperationAction,
  toLogRecord,
} from '@claviger/audit-emitter';
import type { NewEvent } from '@claviger/key-store';
import {
  type ClavigerError,
  OPERATIONS,
  type OperationName,
  type Version,
} from '@claviger/kmip-protocol';
import type { Access } from '../credentials/access.ts';
import type { KmipServerDependencies } from '../dependencies.ts';
import type { AuditFacts, AuditSubject } from '../operations/operation-handler.ts';
import { resultReason } from '../result-reason.ts';
import type { RanItem } from './run-batch.ts';

/** Where a message came from and how its events are tied together. */
export interface MessageOrigin {
  readonly initiator: CertificateInitiator;
  readonly adapterId: string;
  readonly correlationId: string;
  /** `kmip://host:port` of the listener. */
  readonly requestURI: string;
  /** As whom the message acts within the adapter, once that is known. */
  readonly access: Access;
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** The events of the items that ran, but for those whose action is turned off. */
export function eventsOfItems(
  audit: KmipServerDependencies['audit'],
  origin: MessageOrigin,
  version: Version,
  ran: readonly RanItem[],
): readonly NewEvent[] {
  return ran.flatMap((item) => eventOfItem(audit, origin, version, item) ?? []);
}

function eventOfItem(
  audit: KmipServerDependencies['audit'],
  origin: MessageOrigin,
  version: Version,
  { item, outcome }: RanItem,
): NewEvent | undefined {
  const common = {
    action: kmipOperationAction(item.operation),
    initiator: origin.initiator,
    correlationId: origin.correlationId,
    requestURI: origin.requestURI,
  };
  const requestData = {
    kmipOperation: isOperationName(item.operation)
      ? OPERATIONS[item.operation].name
      : item.operation,
    protocolVersion: version,
  };
  let input: AuditEventInput;
  if (outcome.kind === 'success') {
    const { audit: facts } = outcome;
    input = {
      ...common,
      ...(facts.isAccepted && { action: 'claviger.kmip-request.accept' as const }),
      outcome: { kind: 'success' },
      target: targetOf(facts.subject?.id),
      // HPCS promises fields beyond the common ones on success only.
      adapterId: origin.adapterId,
      requestData: {
        ...requestData,
        ...(origin.access.credential && { credential: origin.access.credential.name }),
        ...(facts.asynchronousRequest !== undefined && {
          asynchronousRequest: facts.asynchronousRequest,
        }),
        ...(facts.revocationReason !== undefined && { revocationReason: facts.revocationReason }),
        ...(facts.logMessage !== undefined && { logMessage: withoutPem(facts.logMessage) }),
      },
      responseData: responseData(facts),
    };
  } else {
    const { subject } = outcome;
    const isUndone = outcome.kind === 'undone';
    const error = isUndone ? outcome.because : outcome.error;
    const id = subject?.id ?? (isUndone ? undefined : outcome.missingId);
    input = {
      ...common,
      outcome: {
        kind: 'failure',
        errorCode: error.code,
        reasonText: `${isUndone ? 'undone, because a later item failed: ' : ''}${reasonText(error, version)}`,
      },
      target: targetOf(id),
      requestData,
      responseData: subject === undefined ? {} : { keyState: keyState(subject.state) },
    };
  }
  return toEvent(audit, input, origin.adapterId);
}

/** The event of a message that has no items to speak of. */
export function eventOfMessage(
  audit: KmipServerDependencies['audit'],
  origin: MessageOrigin,
  outcome: Extract<AuditEventInput['outcome'], { kind: 'failure' }>,
): NewEvent | undefined {
  const { initiator, correlationId, requestURI, adapterId } = origin;
  return toEvent(
    audit,
    {
      action: 'claviger.kmip-request.default',
      outcome,
      initiator,
      target: { kind: 'instance' },
      correlationId,
      requestURI,
    },
    adapterId,
  );
}

/** Builds an event and makes it a record of the log. */
export function toEvent(
  audit: KmipServerDependencies['audit'],
  input: AuditEventInput,
  adapterId: string | null,
): NewEvent | undefined {
  const event = audit.build(input);
  return event === undefined ? undefined : { ...toLogRecord(event), adapterId };
}

/** The KMIP reason by its name in the specification, then what was wrong. */
export function reasonText(error: ClavigerError, version: Version): string {
  const reason = resultReason(error.code, version).replace(/([a-z])([A-Z])/g, '$1 $2');
  return withoutPem(`KMIP ${reason}: ${error.message}`);
}

/**
 * Text that quotes a peer, for an event: the emitter refuses whatever looks like a private key, and a
 * peer that names things so must not keep its own refusal out of the log.
 */
export function withoutPem(text: string): string {
  return text.replaceAll('-----', '- - -');
}

/** Whether a name is one of the protocol's operations (not a `0x` value). */
function isOperationName(name: string): name is OperationName {
  return Object.hasOwn(OPERATIONS, name);
}

/** An id that nobody could have been given is no resource: the event is about the instance then. */
function targetOf(id: string | undefined): AuditEventInput['target'] {
  return id !== undefined && UUID.test(id)
    ? { kind: 'resource', resourceType: 'kmip_object', id }
    : { kind: 'instance' };
}

function responseData(facts: AuditFacts): NonNullable<AuditEventInput['responseData']> {
  return {
    ...(facts.subject !== undefined && describeSubject(facts.subject)),
    ...(facts.subject !== undefined &&
      facts.stateBefore !== undefined && {
        initialValue: { keyState: keyState(facts.stateBefore) },
        newValue: { keyState: keyState(facts.subject.state) },
      }),
    ...(facts.certificateFingerprint !== undefined && {
      certificateFingerprint: facts.certificateFingerprint,
    }),
    ...(facts.totalResources !== undefined && { totalResources: facts.totalResources }),
  };
}

function describeSubject({ id, objectType, state }: AuditSubject) {
  return { kmipObjectId: id, kmipObjectType: objectType, keyState: keyState(state) };
}
