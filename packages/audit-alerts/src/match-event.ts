/** Whether an event counts for a rule, and for how many attempts it stands. */
import { compileFilter } from '@claviger/audit-sinks';
import { z } from 'zod';
import { ALERT_ACTION, type AlertCondition, type AlertEvent } from './rule.ts';

/** What is read of the text of an event; whatever is otherwise does not count. */
const Body = z.object({
  reason: z
    .object({ reasonCode: z.number(), reasonForFailure: z.string().optional() })
    .catch({ reasonCode: 0 }),
  // Refusals of strangers are bundled: one event tells of many.
  requestData: z.object({ attempts: z.int().min(1).catch(1) }).catch({ attempts: 1 }),
});

/**
 * @returns a function that answers 0 for an event that does not count. It reads the text of an event only
 * when the rest fits.
 */
export function compileCondition(condition: AlertCondition): (event: AlertEvent) => number {
  const passes = compileFilter(condition);
  const { reasonCodes, reasonText } = condition;
  const codes = reasonCodes && new Set(reasonCodes);
  const text = reasonText?.toLowerCase();
  return (event) => {
    if (event.action === ALERT_ACTION || !passes(event)) return 0;
    const isPlain = event.outcome === 'success' && codes === undefined && text === undefined;
    if (isPlain) return 1;
    const { reason, requestData } = bodyOf(event);
    if (codes !== undefined && !codes.has(reason.reasonCode)) return 0;
    const why = reason.reasonForFailure?.toLowerCase() ?? '';
    return text === undefined || why.includes(text) ? requestData.attempts : 0;
  };
}

function bodyOf({ body }: AlertEvent): z.output<typeof Body> {
  try {
    return Body.parse(JSON.parse(body));
  } catch {
    return { reason: { reasonCode: 0 }, requestData: { attempts: 1 } };
  }
}
