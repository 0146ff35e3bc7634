import { parseEventTime } from '@claviger/audit-emitter';
import { z } from 'zod';
import { Failure } from '../../failure.ts';

const Text = z.string().catch('');
const Known = z.object({
  id: Text,
  eventTime: Text,
  action: Text,
  outcome: Text,
  severity: Text,
  message: Text,
  correlationId: Text,
  initiator: z.object({
    id: Text,
    name: Text,
    host: z.object({ address: Text }).catch({ address: '' }),
  }),
  target: z.object({ id: Text, name: Text }),
  reason: z.object({ reasonCode: z.number(), reasonForFailure: Text }),
  log: z.object({ sequence: z.number() }).optional(),
});

/** What people and tables are shown of an event; texts that it does not have are empty. */
export interface ListedEvent {
  /** The event as it stands in the log. */
  readonly body: string;
  readonly sequence: number;
  /** Milliseconds since the epoch. */
  readonly time: number;
  readonly id: string;
  readonly action: string;
  readonly outcome: string;
  readonly severity: string;
  readonly message: string;
  readonly correlationId: string;
  readonly initiatorId: string;
  readonly initiatorName: string;
  readonly hostAddress: string;
  readonly targetId: string;
  readonly targetName: string;
  readonly reasonCode: number;
  readonly reasonForFailure: string;
}

/** @throws Failure when the API sends what is no event. */
export function parseListedEvent(body: string): ListedEvent {
  const { initiator, target, reason, log, eventTime, ...event } = parsed(body);
  return {
    ...event,
    body,
    sequence: log?.sequence ?? 0,
    time: parseEventTime(eventTime) ?? 0,
    initiatorId: initiator.id,
    initiatorName: initiator.name,
    hostAddress: initiator.host.address,
    targetId: target.id,
    targetName: target.name,
    reasonCode: reason.reasonCode,
    reasonForFailure: reason.reasonForFailure,
  };
}

function parsed(body: string): z.output<typeof Known> {
  try {
    return Known.parse(JSON.parse(body));
  } catch (cause) {
    throw new Failure('failure', 'The API has sent something that is no event.', { cause });
  }
}
