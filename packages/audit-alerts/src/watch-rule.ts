/** The state of one rule: what it remembers of the log, and when it fires. */
import { createGroups } from './groups.ts';
import { compileCondition } from './match-event.ts';
import type { Alert, AlertEvent, AlertRule } from './rule.ts';
import { createWindowCount, type WindowCount } from './window-count.ts';

export interface RuleWatch {
  observe(event: AlertEvent): Alert | undefined;
  /** As `observe`, for what was looked at before: it counts, and nothing fires. */
  remember(event: AlertEvent): void;
  /** What fires because time has gone by. */
  tick(now: number): readonly Alert[];
  /** An alert of this rule that stands in the log. */
  restore(group: string | undefined, time: number): void;
  /** Silence counts from now on: before, nobody was watching. */
  begin(now: number): void;
}

/** Groups that a rule keeps apart. */
const MAX_GROUPS = 1_000;
const MAX_KNOWN = 10_000;
const WHOLE = '';

export function createRuleWatch(rule: AlertRule): RuleWatch {
  const watch = { count: watchCount, absence: watchAbsence, 'first-use': watchFirstUse };
  return watch[rule.kind](rule);
}

function groupOf({ by }: AlertRule, event: AlertEvent): string {
  switch (by) {
    case 'initiator':
      return event.initiatorId;
    case 'target':
      return event.targetId;
    case 'adapter':
      return event.adapterId ?? '';
    case 'none':
      return WHOLE;
  }
}

function alertOf(
  rule: AlertRule,
  group: string,
  found: Pick<Alert, 'count' | 'time'> & { readonly lastEvent?: AlertEvent | undefined },
): Alert {
  const { name, kind, by, windowMs } = rule;
  const { count, time, lastEvent } = found;
  return {
    rule: name,
    kind,
    by,
    group: by === 'none' ? undefined : group,
    count,
    windowMs,
    time,
    lastEvent: lastEvent && { id: lastEvent.id, sequence: lastEvent.sequence },
  };
}

function watchCount(rule: AlertRule): RuleWatch {
  interface State {
    readonly window: WindowCount;
    firedAt: number;
  }
  const weightOf = compileCondition(rule);
  const groups = createGroups<State>(MAX_GROUPS);
  const stateOf = (group: string): State =>
    groups.get(group) ?? { window: createWindowCount(rule.windowMs), firedAt: -Infinity };

  /** @returns undefined for what does not count. */
  function add(event: AlertEvent) {
    const weight = weightOf(event);
    if (weight === 0) return undefined;
    const group = groupOf(rule, event);
    const state = stateOf(group);
    groups.set(group, state);
    return { group, state, count: state.window.add(event.time, weight) };
  }

  return {
    observe(event) {
      const added = add(event);
      if (added === undefined || added.count < rule.count) return undefined;
      const { group, state, count } = added;
      const { time } = event;
      // In either direction: a clock that was set back must not silence the rule for ever.
      if (Math.abs(time - state.firedAt) < rule.cooldownMs) return undefined;
      state.firedAt = time;
      return alertOf(rule, group, { count, time, lastEvent: event });
    },
    remember: add,
    tick: () => [],
    restore(group = WHOLE, time) {
      const state = stateOf(group);
      state.firedAt = time;
      groups.set(group, state);
    },
    begin() {},
  };
}

function watchAbsence(rule: AlertRule): RuleWatch {
  interface State {
    seenAt: number;
    hasFired: boolean;
    lastEvent: AlertEvent | undefined;
  }
  const weightOf = compileCondition(rule);
  const groups = createGroups<State>(MAX_GROUPS);

  function remember(event: AlertEvent): undefined {
    if (weightOf(event) === 0) return;
    // The text is not kept.
    const lastEvent = { ...event, body: '' };
    groups.set(groupOf(rule, event), { seenAt: event.time, hasFired: false, lastEvent });
  }

  return {
    observe: remember,
    remember,
    tick(now) {
      if (rule.by === 'none' && groups.get(WHOLE) === undefined) {
        groups.set(WHOLE, { seenAt: now, hasFired: false, lastEvent: undefined });
      }
      const alerts: Alert[] = [];
      for (const [group, state] of groups.entries()) {
        if (state.hasFired || now - state.seenAt < rule.windowMs) continue;
        state.hasFired = true;
        alerts.push(alertOf(rule, group, { count: 0, time: now, lastEvent: state.lastEvent }));
      }
      return alerts;
    },
    restore(group = WHOLE, time) {
      const state = groups.get(group) ?? { seenAt: time, hasFired: true, lastEvent: undefined };
      state.hasFired = true;
      groups.set(group, state);
    },
    begin(now) {
      for (const [, state] of groups.entries()) state.seenAt = Math.max(state.seenAt, now);
    },
  };
}

/** Fires for what it does not know; whoever asked looks whether the log knows it. */
function watchFirstUse(rule: AlertRule): RuleWatch {
  const weightOf = compileCondition(rule);
  const known = createGroups<true>(MAX_KNOWN);
  function observe(event: AlertEvent): Alert | undefined {
    const { initiatorId, time } = event;
    if (!initiatorId.startsWith('CertificateID-') || weightOf(event) === 0) return undefined;
    const isKnown = known.get(initiatorId) === true;
    known.set(initiatorId, true);
    if (isKnown) return undefined;
    const found = { count: 1, time, lastEvent: event };
    return alertOf({ ...rule, by: 'initiator' }, initiatorId, found);
  }

  return {
    observe,
    remember: observe,
    tick: () => [],
    restore(group) {
      if (group !== undefined) known.set(group, true);
    },
    begin() {},
  };
}
