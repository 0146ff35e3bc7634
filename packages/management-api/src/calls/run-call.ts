/** The one way in which anything happens: compute, then commit changes and event together, then answer. */

import type { AuditEmitter } from '@claviger/audit-emitter';
import type { KeyStore } from '@claviger/key-store';
import { ApiError } from '../errors/api-error.ts';
import type { Caller } from '../identity/caller.ts';
import type { Answer, Call, EventFacts, Refused } from './call.ts';
import { type CallHeader, callEvent, successOutcome } from './call-events.ts';
import type { CheckedRequest, Endpoint } from './endpoint.ts';

export interface CallDependencies {
  readonly store: Pick<KeyStore, 'commit'>;
  readonly audit: AuditEmitter;
  readonly clock: { now(): number };
}

/** What the event of a failure tells, filled while the call runs. */
export interface FactsSoFar {
  facts: EventFacts;
}

/** A request with what its headers ask for. */
export type AdmittedRequest = CheckedRequest &
  Pick<Call, 'prefersRepresentation' | 'keyRingId' | 'streamForm' | 'lastEventId' | 'stillAllowed'>;

/** The status with which a request succeeds. */
export function statusOf(
  endpoint: Pick<Endpoint, 'status' | 'minimalByDefault'>,
  { prefersRepresentation }: Pick<Call, 'prefersRepresentation'>,
): 200 | 201 | 204 {
  return endpoint.minimalByDefault && !prefersRepresentation ? 204 : endpoint.status;
}

/** How often a call computes again because somebody else was faster. */
const MAX_ATTEMPTS = 5;

/**
 * Runs a call of somebody who may make it. When it returns, its event and changes are durable.
 *
 * @param soFar - Begins with what is known before the handler runs.
 * @throws ApiError, or what the rooms throw; then nothing was changed and no event written.
 */
export async function runCall(
  deps: CallDependencies,
  endpoint: Endpoint,
  header: CallHeader,
  caller: Caller,
  request: AdmittedRequest,
  soFar: FactsSoFar,
): Promise<Answer<unknown>> {
  const initial = soFar.facts;
  for (let attempt = 1; ; attempt++) {
    soFar.facts = initial;
    const now = deps.clock.now();
    const answer = await endpoint.handle(
      {
        caller,
        correlationId: header.correlationId,
        now,
        prefersRepresentation: request.prefersRepresentation,
        keyRingId: request.keyRingId,
        streamForm: request.streamForm,
        lastEventId: request.lastEventId,
        stillAllowed: request.stillAllowed,
        by: { at: now, actor: caller.iamId },
        tell(facts) {
          soFar.facts = {
            ...soFar.facts,
            ...facts,
            requestData: { ...soFar.facts.requestData, ...facts.requestData },
            responseData: { ...soFar.facts.responseData, ...facts.responseData },
          };
        },
      },
      request,
    );
    const { guards = [], changes = [] } = answer.work ?? {};
    const outcome = await deps.store.commit({
      guards,
      changes,
      events: callEvent(
        deps.audit,
        header,
        caller,
        endpoint.action,
        successOutcome(statusOf(endpoint, request)),
        soFar.facts,
      ),
    });
    if (outcome.kind === 'committed') return answer;
    if (answer.work?.retryOnConflict && wasOvertaken(outcome) && attempt < MAX_ATTEMPTS) continue;
    throw (
      answer.work?.refused(outcome) ??
      new ApiError('INTERNAL_ERR', 'The store refused what it should not.', {
        cause: new Error(JSON.stringify(outcome)),
      })
    );
  }
}

/** Whether the same request may succeed with what is stored now. */
function wasOvertaken(outcome: Refused): boolean {
  return (
    outcome.kind === 'conflict' ||
    (outcome.kind === 'guard-failed' && outcome.guard.kind === 'root-key-version')
  );
}
