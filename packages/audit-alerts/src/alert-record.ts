/** An alert on the record: how its event tells it, and how it is read back. */
import type { AuditEventInput } from '@claviger/audit-emitter';
import { z } from 'zod';
import { ALERT_ACTION, type Alert, type AlertEvent } from './rule.ts';

const SECOND_MS = 1_000;

const Recorded = z.object({
  requestData: z.object({
    rule: z.string(),
    kind: z.string(),
    by: z.string(),
    group: z.string().optional(),
    count: z.number(),
    windowSeconds: z.number(),
    lastEventId: z.string().optional(),
  }),
});
export type AlertRecord = z.output<typeof Recorded>['requestData'];

/** What the emitter makes the event of. */
export function alertEventInput(alert: Alert, correlationId: string): AuditEventInput {
  const { rule, kind, by, group, count, windowMs, lastEvent } = alert;
  return {
    action: ALERT_ACTION,
    outcome: { kind: 'success' },
    initiator: { kind: 'system' },
    target: { kind: 'instance', name: rule },
    correlationId,
    requestURI: `claviger:/alerts/${rule}`,
    requestData: {
      rule,
      kind,
      by,
      ...(group === undefined ? {} : { group }),
      count,
      windowSeconds: windowMs / SECOND_MS,
      ...(lastEvent === undefined
        ? {}
        : { lastEventId: lastEvent.id, lastSequence: lastEvent.sequence }),
    },
  };
}

/** @returns undefined for an event that is no alert of this form. */
export function readAlertRecord({ body }: Pick<AlertEvent, 'body'>): AlertRecord | undefined {
  try {
    return Recorded.safeParse(JSON.parse(body)).data?.requestData;
  } catch {
    return undefined;
  }
}
