/** Promise: every call of the management API leaves one event, whatever became of it. */

import { expect } from 'vitest';
import { readEveryEvent } from './event-log.ts';
import type { ManagementCall } from './management-client.ts';

type AnsweredCall = Pick<ManagementCall, 'method' | 'path' | 'status' | 'correlationId'>;

/** Finds the events by the correlation ids of the calls; each has to tell the status that was answered. */
export async function expectOneEventEach(
  dataDirectory: string,
  calls: readonly AnsweredCall[],
): Promise<void> {
  expect(calls).not.toHaveLength(0);
  const statusesOf = new Map<string | undefined, number[]>();
  for (const { correlationId, reason } of await readEveryEvent(dataDirectory)) {
    statusesOf.set(correlationId, [...(statusesOf.get(correlationId) ?? []), reason.reasonCode]);
  }
  const deviations = calls.flatMap(({ method, path, status, correlationId }) => {
    const recorded = statusesOf.get(correlationId) ?? [];
    const isOne = recorded.length === 1 && recorded[0] === status;
    return isOne ? [] : [`${method} ${path}: ${status}, events: ${recorded.join(', ') || 'none'}`];
  });
  expect(deviations).toEqual([]);
}
