import type { AuditEvent } from './event.ts';
import { parseEventTime } from './event-time.ts';

/** An event on its way into the log: what is searched for, and the event itself as text. */
export interface LogRecord {
  readonly id: string;
  /** Milliseconds since the epoch, exact to what `eventTime` says (10 ms). */
  readonly time: number;
  readonly action: string;
  readonly outcome: string;
  readonly severity: string;
  readonly initiatorId: string;
  readonly targetId: string;
  readonly correlationId: string | null;
  /** The event as JSON without white space, its fields in the order of `AuditEvent`. */
  readonly body: string;
}

/** @throws RangeError when `eventTime` is no time of an event; those of the emitter always are. */
export function toLogRecord(event: AuditEvent): LogRecord {
  const time = parseEventTime(event.eventTime);
  if (time === undefined) throw new RangeError(`"${event.eventTime}" is no time of an event.`);
  return {
    id: event.id,
    time,
    action: event.action,
    outcome: event.outcome,
    severity: event.severity,
    initiatorId: event.initiator.id,
    targetId: event.target.id,
    correlationId: event.correlationId ?? null,
    body: JSON.stringify(event),
  };
}
