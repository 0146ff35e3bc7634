import { MAX_ENDED_REQUESTS, type NewQueuedRequest } from './queued-requests.ts';
import type { ChangeOf, Refusal } from './refusal.ts';
import type { WriteStatements } from './write-statements.ts';

export function enqueueRequest(
  statements: WriteStatements,
  request: NewQueuedRequest,
): Refusal | undefined {
  const { id, adapterId } = request;
  if (statements.findAdapter.get({ id: adapterId }) === undefined) {
    return { kind: 'not-found', what: 'adapter' };
  }
  return statements.insertQueuedRequest.run(request) === 0 ? { kind: 'conflict', id } : undefined;
}

export function endRequest(
  statements: WriteStatements,
  change: ChangeOf<'end-request'>,
): Refusal | undefined {
  const { id, adapterId } = change;
  if (statements.endQueuedRequest.run(change) === 0) return { kind: 'conflict', id };
  statements.trimQueuedRequests.run({ adapterId, keep: MAX_ENDED_REQUESTS });
  return undefined;
}
