/** The queue of requests in the reference model. */

import { conflict, notFound, type State, type Step, withEntry, without } from './memory-state.ts';
import {
  MAX_ENDED_REQUESTS,
  type NewQueuedRequest,
  type QueuedRequestRecord,
  type QueuedRequestSummary,
} from './queued-requests.ts';
import type { ChangeOf } from './refusal.ts';

export function enqueueRequest(state: State, request: NewQueuedRequest): Step {
  if (!state.adapters.has(request.adapterId)) return notFound('adapter');
  if (state.queue.has(request.id)) return conflict(request.id);
  const ahead = { stage: 'waiting', answer: null, endedAt: null, collectedAt: null } as const;
  const { id, adapterId, owner, operation, submittedAt } = request;
  const record = {
    ...{ id, adapterId, owner, operation, submittedAt },
    ...ahead,
    request: request.request,
  };
  return { state: { ...state, queue: withEntry(state.queue, id, record) } };
}

export function endRequest(state: State, change: ChangeOf<'end-request'>): Step {
  const { id, adapterId, stage, answer, endedAt } = change;
  const record = state.queue.get(id);
  if (record?.adapterId !== adapterId || record.stage !== 'waiting') return conflict(id);
  const ended = { ...record, stage, answer, endedAt, request: null };
  const queue = withEntry(state.queue, id, ended);
  const old = [...queue.values()]
    .filter((it) => it.adapterId === adapterId && it.endedAt !== null)
    .slice(0, -MAX_ENDED_REQUESTS)
    .map((it) => it.id);
  return { state: { ...state, queue: without(queue, (it) => old.includes(it.id)) } };
}

export function collectRequest(state: State, change: ChangeOf<'collect-request'>): Step {
  const record = state.queue.get(change.id);
  if (record?.adapterId !== change.adapterId || record.collectedAt !== null) return { state };
  const collected = { ...record, collectedAt: change.at };
  return { state: { ...state, queue: withEntry(state.queue, change.id, collected) } };
}

export function forgetRequests(state: State, endedBefore: number): Step {
  const queue = without(state.queue, ({ endedAt }) => endedAt !== null && endedAt < endedBefore);
  return { state: { ...state, queue } };
}

export function summaryOfRequest({
  request: _request,
  answer: _answer,
  ...summary
}: QueuedRequestRecord): QueuedRequestSummary {
  return summary;
}
