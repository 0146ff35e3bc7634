/** The audit event of a call: one for each, whatever becomes of it. */

import type {
  AuditAction,
  AuditEmitter,
  AuditEventInput,
  Initiator,
} from '@claviger/audit-emitter';
import { toLogRecord } from '@claviger/audit-emitter';
import type { NewEvent } from '@claviger/key-store';
import type { ApiError } from '../errors/api-error.ts';
import { API_ERRORS } from '../errors/api-errors.ts';
import type { Caller } from '../identity/caller.ts';
import type { EventFacts } from './call.ts';

/** Where a request came from, as far as events tell it. */
export interface Origin {
  readonly hostAddress?: string;
  readonly agent?: string;
}

/** What is known of a call from its first line on. */
export interface CallHeader {
  readonly correlationId: string;
  readonly requestURI: string;
  readonly origin: Origin;
}

/** The actions of the groups for requests that are not valid. */
export const INVALID_REQUEST = {
  kmip: 'hs-crypto.kmip-management.default',
  keys: 'hs-crypto.secrets.default',
  registrations: 'hs-crypto.registrations.default',
} as const satisfies Record<string, AuditAction>;

/** The action by which a refusal is recorded: a request that is not valid is no attempt at anything. */
export function actionOfFailure(action: AuditAction, error: ApiError): AuditAction {
  const isInvalid = error.status === 400 || error.code === 'OPERATION_NOT_OFFERED_ERR';
  if (!isInvalid) return action;
  if (action.startsWith('hs-crypto.secrets')) return INVALID_REQUEST.keys;
  if (action.startsWith('hs-crypto.registrations')) return INVALID_REQUEST.registrations;
  return INVALID_REQUEST.kmip;
}

export function successOutcome(status: 200 | 201 | 204): AuditEventInput['outcome'] {
  return { kind: 'success', reasonCode: status };
}

export function failureOutcome(error: ApiError) {
  const { status, audit } = API_ERRORS[error.code];
  return {
    kind: 'failure',
    errorCode: audit,
    reasonText: error.message,
    // What KMIP has no word for: the log tells the status that was answered.
    reasonCode: status === 405 || status === 410 || status === 422 ? status : undefined,
  } as const satisfies AuditEventInput['outcome'];
}

/** Builds the event and its row in the log; empty when the log leaves such actions out. */
export function callEvent(
  audit: AuditEmitter,
  header: CallHeader,
  caller: Caller | undefined,
  action: AuditAction,
  outcome: AuditEventInput['outcome'],
  facts: EventFacts,
): readonly NewEvent[] {
  const { correlationId, requestURI, origin } = header;
  const { target, adapterId, requestData, responseData } = facts;
  const event = audit.build({
    action,
    outcome,
    initiator: initiatorOf(caller, origin),
    target,
    correlationId,
    requestURI,
    requestData,
    adapterId,
    responseData: outcome.kind === 'success' ? responseData : {},
  });
  return event === undefined ? [] : [{ ...toLogRecord(event), adapterId: adapterId ?? null }];
}

function initiatorOf(caller: Caller | undefined, origin: Origin): Initiator {
  if (caller === undefined) return { kind: 'anonymous', ...origin };
  const { kind, iamId, name, credential } = caller;
  if (kind === 'local-user') return { kind, account: name, ...origin };
  return { kind, id: iamId, name, credential, ...origin };
}
