import {
  type Alert,
  type AlertEvent,
  type AlertRule,
  READY_MADE_RULES,
  tryRules,
} from '@claviger/audit-alerts';
import type { Command } from 'commander';
import { z } from 'zod';
import { rulesOf } from '../../audit-alerts/rules-of.ts';
import { Failure } from '../../failure.ts';
import { formatTable } from '../../present/table.ts';
import { formatTime } from '../../present/time.ts';
import { type ApiOptions, withApi, withApiOptions } from '../api-options.ts';
import type { CommandContext } from '../command-context.ts';
import { timeArgument } from '../events/filter-options.ts';
import { parseListedEvent } from '../events/listed-event.ts';
import { linesIn } from '../events/read-stream.ts';
import { settingsOf, withExamples } from '../options.ts';
import { print } from '../print.ts';

interface TestOptions extends ApiOptions {
  readonly rule?: readonly string[];
  readonly since?: number;
}

const list = (text: string, before: readonly string[] = []) => [...before, ...text.split(',')];

export function registerAlertsTest(alerts: Command, context: CommandContext): void {
  const command = alerts
    .command('test')
    .summary('try rules on what has been')
    .description(
      'Says what the rules of the configuration would have found in the audit log. Nothing is recorded ' +
        'as an alert, and nobody is told.',
    )
    .option('--rule <names>', 'only these rules; ready-made ones need not be on', list)
    .option(
      '--since <time>',
      'only from this time on, e.g. 7d ago',
      timeArgument(context.ambient.clock),
    );
  withExamples(withApiOptions(command), [
    ['claviger alerts test --since 7d --config claviger.toml', 'all rules that are on'],
    ['claviger alerts test --rule destroy-burst', 'one rule, on the whole log'],
  ]);
  command.action((options: TestOptions) => test(context, options));
}

async function test(context: CommandContext, options: TestOptions): Promise<void> {
  const rules = await rulesFor(context, options);
  const { since = 0 } = options;
  const found = await withApi(context, options, async (client) => {
    const { signal } = new AbortController();
    const query = new URLSearchParams({ since: new Date(beginFor(rules, since)).toISOString() });
    const accept = 'application/x-ndjson';
    const lines = linesIn(await client.streamEvents(query, { accept, signal }));
    const fired: Alert[] = [];
    for await (const alert of tryRules(rules, eventsIn(lines), context.ambient.clock.now())) {
      if (alert.time >= since) fired.push(alert);
    }
    return fired;
  });
  await print(context, options, found, (colors) => {
    const names = rules.map(({ name }) => name).join(', ');
    if (found.length === 0) return `Nothing would have fired of: ${names}.\n`;
    return formatTable(
      colors,
      ['TIME', 'RULE', 'OF', 'COUNT', 'LAST EVENT'],
      found.map(({ time, rule, by, group, count, lastEvent }) => [
        formatTime(time),
        { text: rule, paint: colors.red },
        group === undefined ? '' : `${by} ${group}`,
        String(count),
        lastEvent === undefined ? '' : String(lastEvent.sequence),
      ]),
    );
  });
}

/** @throws Failure `usage` for a rule that there is not. */
async function rulesFor(
  context: CommandContext,
  options: TestOptions,
): Promise<readonly AlertRule[]> {
  const on = rulesOf((await settingsOf(context, options)).alerts);
  const { rule: names } = options;
  if (names === undefined) return on;
  const known = new Map(
    [...READY_MADE_RULES, ...on].map((rule): [string, AlertRule] => [rule.name, rule]),
  );
  return names.map((name) => {
    const rule = known.get(name);
    if (rule !== undefined) return rule;
    throw new Failure(
      'usage',
      `There is no rule ${name}. There are: ${[...known.keys()].join(', ')}.`,
    );
  });
}

/** A window may begin before; what is first is so in the whole log. */
function beginFor(rules: readonly AlertRule[], since: number): number {
  if (rules.some(({ kind }) => kind === 'first-use')) return 0;
  const longest = Math.max(0, ...rules.map(({ windowMs, cooldownMs }) => windowMs + cooldownMs));
  return Math.max(0, since - longest);
}

const Request = z.object({ requestData: z.object({ adapterId: z.string() }) });

/** Certificates of which the adapter is remembered. */
const MAX_INITIATORS = 10_000;

/** Failures do not tell their adapter in words: it is the one that the certificate has used before. */
async function* eventsIn(lines: AsyncIterable<string>): AsyncGenerator<AlertEvent> {
  const adapters = new Map<string, string>();
  for await (const body of lines) {
    const event = parseListedEvent(body);
    const request = Request.safeParse(JSON.parse(body));
    const told = request.success ? request.data.requestData.adapterId : undefined;
    if (told !== undefined && adapters.size < MAX_INITIATORS) {
      adapters.set(event.initiatorId, told);
    }
    yield { ...event, adapterId: told ?? adapters.get(event.initiatorId) ?? null };
  }
}
