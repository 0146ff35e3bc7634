/** The audit event of each batch item. */

import {
  type AuditEventInput,
  type CertificateInitiator,
  keyState,
  kmipOperationAction,
  toLogRecord,
} from '@claviger/audit-emitter';
import type { NewEvent } from '@claviger/key-store';
import { type ClavigerError, OPERATIONS, type Version } from '@claviger/kmip-protocol';
import type { KmipServerDependencies } from '../dependencies.ts';
import type { AuditFacts, AuditSubject } from '../operations/operation-handler.ts';
import { resultReason } from '../result-reason.ts';
import type { RanItem } from './run-batch.ts';
import { isOperationName } from './run-item.ts';

/** Where a message came from and how its events are tied together. */
export interface MessageOrigin {
  readonly initiator: CertificateInitiator;
  readonly adapterId: string;
  readonly correlationId: string;
  /** `kmip://host:port` of the listener. */
  readonly requestURI: string;
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** Builds the event of an item; undefined when its action is turned off. */
export function eventOfItem(
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
      outcome: { kind: 'success' },
      target: targetOf(facts.subject?.id),
      adapterId: origin.adapterId,
      requestData: {
        ...requestData,
        ...(facts.revocationReason !== undefined && { revocationReason: facts.revocationReason }),
      },
      responseData: responseData(facts),
    };
  } else {
    const error = outcome.kind === 'undone' ? outcome.because : outcome.error;
    const subject = outcome.kind === 'failure' ? outcome.subject : undefined;
    const id = subject?.id ?? (outcome.kind === 'failure' ? outcome.missingId : undefined);
    input = {
      ...common,
      outcome: {
        kind: 'failure',
        errorCode: error.code,
        reasonText: `${outcome.kind === 'undone' ? 'undone, because a later item failed: ' : ''}${reasonText(error, version)}`,
      },
      target: targetOf(id),
      requestData,
      responseData: subject === undefined ? {} : { keyState: keyState(subject.state) },
    };
  }
  return toEvent(audit, input, origin.adapterId);
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
  return `KMIP ${reason}: ${error.message}`;
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
    ...(facts.totalResources !== undefined && { totalResources: facts.totalResources }),
  };
}

function describeSubject({ id, objectType, state }: AuditSubject) {
  return { kmipObjectId: id, kmipObjectType: objectType, keyState: keyState(state) };
}
