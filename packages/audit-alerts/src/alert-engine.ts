/** All rules together, over one stream of events. Pure: the same events give the same alerts. */
import { readAlertRecord } from './alert-record.ts';
import { ALERT_ACTION, type Alert, type AlertEvent, type AlertRule } from './rule.ts';
import { createRuleWatch } from './watch-rule.ts';

export interface AlertEngine {
  /** Alerts of an event. Events come in the order of the log. */
  observe(event: AlertEvent): readonly Alert[];
  /** Takes in an event that was looked at before: it counts, and nothing fires. */
  remember(event: AlertEvent): void;
  /** Alerts of the time that has gone by. */
  tick(now: number): readonly Alert[];
  /** Silence counts from now on. */
  begin(now: number): void;
}

/** @throws RangeError when two rules have one name. */
export function createAlertEngine(rules: readonly AlertRule[]): AlertEngine {
  const names = rules.map(({ name }) => name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw new RangeError(`Two rules have the name "${twice}".`);
  const watches = new Map(rules.map((rule) => [rule.name, createRuleWatch(rule)]));

  /** An alert that was recorded, by this process or an earlier one. */
  function restore(event: AlertEvent): void {
    const record = readAlertRecord(event);
    if (record !== undefined) watches.get(record.rule)?.restore(record.group, event.time);
  }

  return {
    observe(event) {
      if (event.action !== ALERT_ACTION) {
        return [...watches.values()].flatMap((watch) => watch.observe(event) ?? []);
      }
      restore(event);
      return [];
    },
    remember(event) {
      if (event.action === ALERT_ACTION) restore(event);
      else for (const watch of watches.values()) watch.remember(event);
    },
    tick: (now) => [...watches.values()].flatMap((watch) => watch.tick(now)),
    begin(now) {
      for (const watch of watches.values()) watch.begin(now);
    },
  };
}
