/** Events as log records of OpenTelemetry, in the JSON form of OTLP. */

import { memberOf, parseJson } from '../json-member.ts';
import type { SinkEvent } from '../sink.ts';

/** Severity numbers of the log data model: INFO, WARN, ERROR2 for what somebody should look at now. */
const SEVERITY_NUMBER: Readonly<Record<string, number>> = { normal: 9, warning: 13, critical: 18 };
const INFO = 9;
const NANOSECONDS = '000000';

/** What the records say about where they come from, e.g. `service.name`. */
export type ResourceAttributes = Readonly<Record<string, string>>;

/**
 * The body of a request to `/v1/logs`. The event's text is the body of its record, as it is stored; what is
 * searched for stands beside it in attributes.
 *
 * @param observedAt - Milliseconds since the epoch.
 */
export function toOtlpLogs(
  batch: readonly SinkEvent[],
  resource: ResourceAttributes,
  observedAt: number,
): string {
  const logRecords = batch.map((event) => ({
    timeUnixNano: `${event.time}${NANOSECONDS}`,
    observedTimeUnixNano: `${observedAt}${NANOSECONDS}`,
    severityNumber: SEVERITY_NUMBER[event.severity] ?? INFO,
    severityText: event.severity,
    eventName: event.action,
    body: { stringValue: event.body },
    attributes: toAttributes({
      'log.record.uid': event.id,
      'claviger.sequence': String(event.sequence),
      'claviger.action': event.action,
      'claviger.outcome': event.outcome,
      'claviger.initiator.id': event.initiatorId,
      'claviger.target.id': event.targetId,
      ...(event.correlationId === null ? {} : { 'claviger.correlation_id': event.correlationId }),
    }),
  }));
  return JSON.stringify({
    resourceLogs: [
      {
        resource: { attributes: toAttributes(resource) },
        scopeLogs: [{ scope: { name: 'claviger.audit' }, logRecords }],
      },
    ],
  });
}

function toAttributes(values: Readonly<Record<string, string>>) {
  return Object.entries(values).map(([key, value]) => ({ key, value: { stringValue: value } }));
}

/**
 * A collector may answer 200 and say that it took a part only (OTLP, "Partial Success").
 *
 * @returns how many records it rejected; 0 for every other answer.
 */
export function rejectedRecords(answer: Uint8Array): number {
  // Protobuf, or nothing, has no members: the status alone counts then.
  const parsed = parseJson(Buffer.from(answer).toString());
  const partial = memberOf(parsed, 'partialSuccess');
  const count = Number(memberOf(partial, 'rejectedLogRecords') ?? 0);
  return Number.isFinite(count) ? count : 0;
}
