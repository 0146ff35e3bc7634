/** Delivers the audit log to sinks, each at its own pace. */

import { type DeliveryLoop, startDeliveryLoop } from './delivery-loop.ts';
import type { DeliveryDependencies, SinkPlan, SinkStatus } from './delivery-options.ts';

export interface DeliveryOptions {
  /** How often the log is looked at without being notified, in milliseconds. Default 5,000. */
  readonly pollMs?: number | undefined;
}

export interface Delivery {
  /** There is something new in the log. Returns at once; call it after each commit. */
  notify(): void;
  /** One entry for each sink, in the order of the plans. */
  status(): readonly SinkStatus[];
  /**
   * Sequence up to which every sink has what it wants; what comes after must be kept. 0 while the place of
   * a sink is not known yet; undefined without sinks.
   */
  deliveredThrough(): number | undefined;
  /**
   * Ends in order: attempts under way may end, for at most so many milliseconds (default 10,000); no
   * further one begins. Then the sinks are closed. Does not reject;
   * a second call waits for the first.
   */
  close(withinMs?: number): Promise<void>;
}

const POLL_MS = 5_000;
const CLOSE_WITHIN_MS = 10_000;

/**
 * Begins to deliver. Sinks do not wait for each other, and nothing waits for them.
 *
 * At least once: a cursor moves after its batch was delivered, so events come again after a crash in
 * between, under the same ids. In order: a batch is delivered after the one before it.
 *
 * @throws RangeError when two plans have one name.
 */
export function createDelivery(
  deps: DeliveryDependencies,
  plans: readonly SinkPlan[],
  { pollMs = POLL_MS }: DeliveryOptions = {},
): Delivery {
  const names = plans.map(({ name }) => name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw new RangeError(`Two sinks have the name "${twice}".`);
  let closed: Promise<unknown> | undefined;
  const loops: readonly DeliveryLoop[] = plans.map((plan) => startDeliveryLoop(deps, plan, pollMs));

  return {
    notify() {
      for (const loop of loops) loop.notify();
    },
    status: () => loops.map((loop) => loop.status()),
    deliveredThrough() {
      if (loops.length === 0) return undefined;
      return Math.min(...loops.map((loop) => loop.status().cursor ?? 0));
    },
    async close(withinMs = CLOSE_WITHIN_MS) {
      closed ??= Promise.all(loops.map((loop) => loop.close(withinMs)));
      await closed;
    },
  };
}
