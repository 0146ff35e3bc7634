import { ALERT_ACTION, readAlertRecord } from '@claviger/audit-alerts';
import type { Command } from 'commander';
import { formatTable } from '../../present/table.ts';
import { formatTime } from '../../present/time.ts';
import { type ApiOptions, withApi, withApiOptions } from '../api-options.ts';
import type { CommandContext } from '../command-context.ts';
import { timeArgument } from '../events/filter-options.ts';
import { parseListedEvent } from '../events/listed-event.ts';
import { linesIn } from '../events/read-stream.ts';
import { countArgument, withExamples } from '../options.ts';
import { print } from '../print.ts';

interface ListOptions extends ApiOptions {
  readonly since?: number;
  readonly last: number;
}

const DEFAULT_LAST = 100;

export function registerAlertsList(alerts: Command, context: CommandContext): void {
  const command = alerts
    .command('list')
    .summary('list alerts that have fired')
    .description('Lists alerts that have fired, oldest first, as the audit log has them.')
    .option(
      '--since <time>',
      'only from this time on, e.g. 24h ago',
      timeArgument(context.ambient.clock),
    )
    .option('--last <count>', 'so many of the newest, up to 1000', countArgument(1), DEFAULT_LAST);
  withExamples(withApiOptions(command), [
    ['claviger alerts list --since 7d', 'those of a week'],
    ['claviger alerts list --json', 'for programs'],
  ]);
  command.action(async (options: ListOptions) => {
    const fired = await withApi(context, options, async (client) => {
      const query = new URLSearchParams({ action: ALERT_ACTION, last: String(options.last) });
      if (options.since !== undefined) query.set('since', new Date(options.since).toISOString());
      const { signal } = new AbortController();
      const accept = 'application/x-ndjson';
      const alerts: (NonNullable<ReturnType<typeof readAlertRecord>> & { time: number })[] = [];
      for await (const body of linesIn(await client.streamEvents(query, { accept, signal }))) {
        const record = readAlertRecord({ body });
        if (record !== undefined) alerts.push({ time: parseListedEvent(body).time, ...record });
      }
      return alerts;
    });
    await print(context, options, fired, (colors) =>
      formatTable(
        colors,
        ['TIME', 'RULE', 'OF', 'COUNT', 'WITHIN'],
        fired.map(({ time, rule, by, group, count, windowSeconds }) => [
          formatTime(time),
          { text: rule, paint: colors.red },
          group === undefined ? '' : `${by} ${group}`,
          String(count),
          `${windowSeconds} s`,
        ]),
      ),
    );
  });
}
