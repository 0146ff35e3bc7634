/** `[alerts]`: which ready-made rules are on, and rules of one's own. */
import { DEFAULT_RULES, GROUPINGS, READY_MADE_RULES, RULE_KINDS } from '@claviger/audit-alerts';
import { z } from 'zod';
import { listOf, oneOf, pattern, section, text, wholeNumber } from './setting-types.ts';

const DAY_SECONDS = 24 * 60 * 60;
const NAMES = READY_MADE_RULES.map(({ name }) => name);
const isReadyMade = (name: string) => NAMES.some((one) => one === name);

const rule = section({
  name: pattern(
    /^[a-z0-9][a-z0-9-]{0,62}$/,
    'must be lower-case letters, digits and hyphens',
  ).describe('Stands in the alert. That of a ready-made rule changes that rule and turns it on.'),
  kind: oneOf(...RULE_KINDS)
    .optional()
    .describe(
      'So many events within the window; none for the length of the window; the first event of a certificate. Default: count.',
    ),
  actions: listOf(text())
    .optional()
    .describe('Only events with one of these actions; `*` stands for any text. Default: all.'),
  severities: listOf(oneOf('normal', 'warning', 'critical'))
    .optional()
    .describe('Only events of these severities. Default: all.'),
  outcomes: listOf(oneOf('success', 'failure'))
    .optional()
    .describe('Only events with these outcomes. Default: all.'),
  reason_codes: listOf(wholeNumber(100, 599))
    .optional()
    .describe('Only events with one of these reason codes, e.g. 403. Default: all.'),
  reason_text: text()
    .optional()
    .describe('Only events whose reason for failure has these words. Default: all.'),
  count: wholeNumber(1, 1_000_000)
    .optional()
    .describe('`count`: how many events it takes. Default: 1.'),
  window_seconds: wholeNumber(1, 30 * DAY_SECONDS)
    .optional()
    .describe('Length of the window. Default: 300.'),
  by: oneOf(...GROUPINGS)
    .optional()
    .describe('What has a count of its own. Default: none.'),
  cooldown_seconds: wholeNumber(0, 30 * DAY_SECONDS)
    .optional()
    .describe('How long the rule is silent of the same after it has fired. Default: the window.'),
});

export const alertSettings = section({
  ready_made: listOf(z.enum(NAMES, { error: `must be one of: ${NAMES.join(', ')}` }))
    .default([...DEFAULT_RULES])
    .describe('Ready-made rules that are on; an empty list turns all off.'),
  rules: listOf(rule)
    .max(100, { error: 'must have at most 100 rules' })
    .refine((rules) => new Set(rules.map(({ name }) => name)).size === rules.length, {
      error: 'must have a name of its own for each rule',
    })
    .refine(
      (rules) =>
        rules.every(
          ({ name, actions, severities, outcomes, reason_codes, reason_text }) =>
            isReadyMade(name) ||
            [actions, severities, outcomes, reason_codes, reason_text].some(
              (condition) => condition !== undefined,
            ),
        ),
      { error: 'must have a condition for each rule, e.g. actions: no rule counts everything' },
    )
    .default([]),
});

export type AlertSettings = z.output<typeof alertSettings>;
export type AlertRuleSettings = AlertSettings['rules'][number];
