import type { AlertEvent, AlertRule } from './rule.ts';

export const START = Date.UTC(2026, 10, 22, 12);
export const MINUTE = 60_000;

interface EventFacts extends Partial<AlertEvent> {
  readonly reasonCode?: number;
  readonly reasonForFailure?: string;
  readonly attempts?: number;
}

/** An event at so many minutes after the start. */
export function anAlertEvent(
  sequence: number,
  minutes: number,
  facts: EventFacts = {},
): AlertEvent {
  const { reasonCode = 200, reasonForFailure, attempts, ...columns } = facts;
  return {
    sequence,
    id: `event-${sequence}`,
    time: START + minutes * MINUTE,
    action: 'hs-crypto.kmip-key.destroy',
    outcome: reasonCode >= 400 ? 'failure' : 'success',
    severity: 'critical',
    initiatorId: 'CertificateID-1',
    targetId: 'crn',
    correlationId: null,
    adapterId: 'adapter-1',
    body: JSON.stringify({
      reason: { reasonCode, ...(reasonForFailure && { reasonForFailure }) },
      requestData: { ...(attempts && { attempts }) },
    }),
    ...columns,
  };
}

export function aRule(facts: Partial<AlertRule> = {}): AlertRule {
  return {
    name: 'a-rule',
    kind: 'count',
    count: 3,
    windowMs: 10 * MINUTE,
    by: 'none',
    cooldownMs: 10 * MINUTE,
    ...facts,
  };
}
