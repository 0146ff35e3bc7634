import { type AlertRule, READY_MADE_RULES } from '@claviger/audit-alerts';
import type { AlertRuleSettings, AlertSettings } from '../config/alert-settings.ts';

const SECOND_MS = 1_000;
const DEFAULT_WINDOW_MS = 300 * SECOND_MS;

/** The rules that are on: ready-made ones as they are named or changed, then those of one's own. */
export function rulesOf({ ready_made: named, rules }: AlertSettings): readonly AlertRule[] {
  const changed = new Map(rules.map((rule) => [rule.name, rule]));
  const readyMade = READY_MADE_RULES.flatMap((rule): readonly AlertRule[] => {
    const change = changed.get(rule.name);
    if (change !== undefined) return [withSettings(rule, change)];
    return named.includes(rule.name) ? [rule] : [];
  });
  const own = rules
    .filter(({ name }) => READY_MADE_RULES.every((rule) => rule.name !== name))
    .map((rule) => withSettings(newRule(rule), rule));
  return [...readyMade, ...own];
}

function newRule({ name, window_seconds: seconds }: AlertRuleSettings): AlertRule {
  const windowMs = seconds === undefined ? DEFAULT_WINDOW_MS : seconds * SECOND_MS;
  return { name, kind: 'count', count: 1, windowMs, by: 'none', cooldownMs: windowMs };
}

/** What is not set stays as it is. */
function withSettings(rule: AlertRule, settings: AlertRuleSettings): AlertRule {
  const { window_seconds: window, cooldown_seconds: cooldown } = settings;
  return {
    name: rule.name,
    kind: settings.kind ?? rule.kind,
    actions: settings.actions ?? rule.actions,
    severities: settings.severities ?? rule.severities,
    outcomes: settings.outcomes ?? rule.outcomes,
    reasonCodes: settings.reason_codes ?? rule.reasonCodes,
    reasonText: settings.reason_text ?? rule.reasonText,
    count: settings.count ?? rule.count,
    windowMs: window === undefined ? rule.windowMs : window * SECOND_MS,
    by: settings.by ?? rule.by,
    cooldownMs: cooldown === undefined ? rule.cooldownMs : cooldown * SECOND_MS,
  };
}
