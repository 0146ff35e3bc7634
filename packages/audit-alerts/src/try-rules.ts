/** Tries rules on events that have been, without telling anybody. */
import { createAlertEngine } from './alert-engine.ts';
import type { Alert, AlertEvent, AlertRule } from './rule.ts';

/**
 * @param events - In the order of the log. First uses are told of what is first among them.
 * @param until - When the history ends, in milliseconds since the epoch: silence lasts until then.
 * @returns what would have fired.
 */
export async function* tryRules(
  rules: readonly AlertRule[],
  events: AsyncIterable<AlertEvent>,
  until: number,
): AsyncGenerator<Alert> {
  const engine = createAlertEngine(rules);
  for await (const event of events) {
    yield* engine.tick(event.time);
    yield* engine.observe(event);
  }
  yield* engine.tick(until);
}
