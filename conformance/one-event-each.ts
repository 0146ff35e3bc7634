/** Promise: every call of the management API leaves one event, whatever became of it. */

import { expect } from 'vitest';
import { readEvents } from './event-log.ts';
import type { ManagementCall } from './management-client.ts';

/** Finds the events by the correlation ids of the calls; each has to tell the status that was answered. */
export async function expectOneEventEach(
  dataDirectory: string,
  calls: readonly ManagementCall[],
): Promise<void> {
  expect(calls).not.toHaveLength(0);
  const events = await readEvents(dataDirectory);
  const told = calls.map(({ method, path, correlationId }) => ({
    call: `${method} ${path}`,
    events: events.flatMap((event) =>
      event.correlationId === correlationId ? [event.reason.reasonCode] : [],
    ),
  }));
  expect(told).toEqual(
    calls.map(({ method, path, status }) => ({ call: `${method} ${path}`, events: [status] })),
  );
}
