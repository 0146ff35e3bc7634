import type { Command } from 'commander';
import { type ApiOptions, withApi, withApiOptions } from '../api-options.ts';
import type { CommandContext } from '../command-context.ts';
import { countArgument, withExamples } from '../options.ts';
import {
  type FilterOptions,
  filterQuery,
  timeArgument,
  withFilterOptions,
} from './filter-options.ts';
import { createEventPrinter, type FormatOptions, withFormatOptions } from './print-events.ts';
import { linesIn } from './read-stream.ts';

interface ListOptions extends ApiOptions, FilterOptions, FormatOptions {
  readonly since?: number;
  readonly until?: number;
  readonly after?: number;
  readonly last?: number;
  readonly limit?: number;
}

export function registerEventsList(events: Command, context: CommandContext): void {
  const command = events
    .command('list')
    .summary('list and search audit events, oldest first')
    .description(
      'Lists audit events, one in a line, oldest first. With --json each is a CADF event, byte for ' +
        'byte as it is in the log. The listing is itself on the record.',
    )
    .option(
      '--since <time>',
      'only from this time on: a time, a day, or 24h ago',
      timeArgument(context.ambient.clock),
    )
    .option('--until <time>', 'only before this time', timeArgument(context.ambient.clock))
    .option('--after <number>', 'only those after this place in the log', countArgument(0))
    .option('--last <count>', 'only so many of the newest, up to 1000', countArgument(1))
    .option('--limit <count>', 'at most this many (default: all)', countArgument(1));
  withExamples(withApiOptions(withFormatOptions(withFilterOptions(command))), [
    ['claviger events list --last 50', 'the number in front is the place in the log'],
    ['claviger events list --since 24h --severity critical', 'what was grave since yesterday'],
    ['claviger events list --action "hs-crypto.kmip-key.*" --adapter vcenter', 'of one adapter'],
    ['claviger events list --after 1200 --limit 100', 'page by page'],
    ['claviger events list --json', 'one CADF event a line, for programs'],
  ]);
  command.action((options: ListOptions) => list(context, options));
}

async function list(context: CommandContext, options: ListOptions): Promise<void> {
  const { since, until, after, last, limit = Infinity } = options;
  const print = createEventPrinter(context.terminal.out, options);
  await withApi(context, options, async (client) => {
    const query = await filterQuery(client, options);
    if (since !== undefined) query.set('since', new Date(since).toISOString());
    if (until !== undefined) query.set('until', new Date(until).toISOString());
    if (after !== undefined) query.set('cursor', String(after));
    if (last !== undefined) query.set('last', String(last));
    const enough = new AbortController();
    const accept = 'application/x-ndjson';
    const pieces = await client.streamEvents(query, { accept, signal: enough.signal });
    let count = 0;
    for await (const line of linesIn(pieces)) {
      await print(line);
      count += 1;
      if (count >= limit) break;
    }
    enough.abort();
  });
}
