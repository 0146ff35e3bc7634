import { setTimeout as delay } from 'node:timers/promises';
import type { Command } from 'commander';
import { withInstallation } from '../administration.ts';
import type { CommandContext } from '../command-context.ts';
import { countArgument, type DataOptions, withDataOptions, withExamples } from '../options.ts';
import { EVENTS_PAGE, printEvents } from './print-events.ts';

interface TailOptions extends DataOptions {
  readonly lines: number;
}

const POLL_MS = 300;
const DEFAULT_LINES = 10;

export function registerEventsTail(events: Command, context: CommandContext): void {
  const command = events
    .command('tail')
    .summary('follow the audit log')
    .description(
      'Prints the newest audit events, then each new one as it comes, until it is stopped.',
    )
    .option('-n, --lines <count>', 'how many to begin with', countArgument(0), DEFAULT_LINES);
  withExamples(withDataOptions(command), [
    ['claviger events tail', `the newest ${DEFAULT_LINES} and what follows`],
    ['claviger events tail --lines 0 --json', 'only what follows, for programs'],
  ]);
  command.action((options: TailOptions) => tail(context, options));
}

async function tail(context: CommandContext, options: TailOptions): Promise<void> {
  const stopped = new AbortController();
  const stop = context.listenForStop(() => stopped.abort());
  try {
    await withInstallation(context, options, async ({ store }) => {
      let afterSequence = Math.max(0, (await store.lastEventSequence()) - options.lines);
      while (!stop.isReceived()) {
        const page = await store.listEvents({ afterSequence, limit: EVENTS_PAGE });
        await printEvents(context.terminal.out, page, options.json === true);
        afterSequence = page.at(-1)?.sequence ?? afterSequence;
        if (page.length < EVENTS_PAGE) await pause(stopped.signal);
      }
    });
  } finally {
    stop.release();
  }
}

async function pause(signal: AbortSignal): Promise<void> {
  try {
    await delay(POLL_MS, undefined, { signal });
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}
