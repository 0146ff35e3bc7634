export { type AlertEngine, createAlertEngine } from './alert-engine.ts';
export { type AlertRecord, alertEventInput, readAlertRecord } from './alert-record.ts';
export {
  type AlertLog,
  type AlertWatch,
  type AlertWatchDependencies,
  startAlertWatch,
} from './alert-watch.ts';
export { DEFAULT_RULES, READY_MADE_RULES, type ReadyMadeName } from './ready-made-rules.ts';
export {
  ALERT_ACTION,
  type Alert,
  type AlertCondition,
  type AlertEvent,
  type AlertRule,
  GROUPINGS,
  type Grouping,
  RULE_KINDS,
  type RuleKind,
} from './rule.ts';
export { tryRules } from './try-rules.ts';
