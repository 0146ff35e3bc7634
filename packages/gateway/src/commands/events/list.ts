import type { Command } from 'commander';
import { withInstallation } from '../administration.ts';
import type { CommandContext } from '../command-context.ts';
import { countArgument, type DataOptions, withDataOptions, withExamples } from '../options.ts';
import { EVENTS_PAGE, printEvents } from './print-events.ts';

interface ListOptions extends DataOptions {
  readonly after: number;
  readonly limit?: number;
}

export function registerEventsList(events: Command, context: CommandContext): void {
  const command = events
    .command('list')
    .summary('list audit events, oldest first')
    .description(
      'Lists audit events, one in a line, oldest first. With --json each is a CADF event.',
    )
    .option('--after <number>', 'only those after this place in the log', countArgument(0), 0)
    .option('--limit <count>', 'at most this many (default: all)', countArgument(1));
  withExamples(withDataOptions(command), [
    ['claviger events list', 'for people; the number in front is the place in the log'],
    ['claviger events list --json', 'one CADF event a line, for programs'],
    ['claviger events list --after 1200 --limit 100', 'the hundred that follow number 1200'],
  ]);
  command.action((options: ListOptions) => list(context, options));
}

async function list(context: CommandContext, options: ListOptions): Promise<void> {
  await withInstallation(context, options, async ({ store }) => {
    let left = options.limit ?? Infinity;
    let afterSequence = options.after;
    // What is added meanwhile is for the next call; otherwise a busy log would never end.
    const last = await store.lastEventSequence();
    while (left > 0 && afterSequence < last) {
      const limit = Math.min(EVENTS_PAGE, left, last - afterSequence);
      const page = await store.listEvents({ afterSequence, limit });
      const newest = page.at(-1);
      if (newest === undefined) return;
      await printEvents(context.terminal.out, page, options.json === true);
      left -= page.length;
      afterSequence = newest.sequence;
    }
  });
}
