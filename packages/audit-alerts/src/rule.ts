/** What is alerted of: rules over the events of the log. */
import type { EventFilter } from '@claviger/audit-sinks';

/** What a rule counts by: each value has a count of its own. */
export const GROUPINGS = ['none', 'initiator', 'adapter', 'target'] as const;
export type Grouping = (typeof GROUPINGS)[number];

/** Which events count. Every condition that is given must hold. */
export interface AlertCondition extends EventFilter {
  /** Codes of `reason.reasonCode`. */
  readonly reasonCodes?: readonly number[] | undefined;
  /** Stands in `reason.reasonForFailure`, whatever the case of its letters. */
  readonly reasonText?: string | undefined;
}

/**
 * - `count`: so many events within the window.
 * - `absence`: none for the length of the window; with a grouping, of whoever was there before.
 * - `first-use`: the first event of a certificate in the whole log.
 */
export const RULE_KINDS = ['count', 'absence', 'first-use'] as const;
export type RuleKind = (typeof RULE_KINDS)[number];

export interface AlertRule extends AlertCondition {
  /** Stands in the alert. */
  readonly name: string;
  readonly kind: RuleKind;
  /** Events within the window; 1 or more. Of `count` only. */
  readonly count: number;
  readonly windowMs: number;
  readonly by: Grouping;
  /** How long the rule is silent of the same group after it has fired. */
  readonly cooldownMs: number;
}

/** An event of the log, as rules look at it. */
export interface AlertEvent {
  readonly sequence: number;
  readonly id: string;
  /** Milliseconds since the epoch. */
  readonly time: number;
  readonly action: string;
  readonly outcome: string;
  readonly severity: string;
  readonly initiatorId: string;
  readonly targetId: string;
  readonly correlationId: string | null;
  readonly adapterId: string | null;
  /** The event as JSON. */
  readonly body: string;
}

/** A rule has found what it looks for. */
export interface Alert {
  readonly rule: string;
  readonly kind: RuleKind;
  readonly by: Grouping;
  /** The initiator, adapter or target; undefined without a grouping. */
  readonly group: string | undefined;
  /** Events that counted, with all attempts that they tell of; 0 of an absence. */
  readonly count: number;
  readonly windowMs: number;
  /** Milliseconds since the epoch. */
  readonly time: number;
  /** The last event that counted; undefined when there was none. */
  readonly lastEvent: { readonly id: string; readonly sequence: number } | undefined;
}

/** Alerts never lead to alerts. */
export const ALERT_ACTION = 'claviger.alert.fire';
