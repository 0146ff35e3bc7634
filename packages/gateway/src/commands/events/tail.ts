import { setTimeout as delay } from 'node:timers/promises';
import type { Command } from 'commander';
import type { ManagementClient } from '../../api-client/management-client.ts';
import { Failure } from '../../failure.ts';
import { type ApiOptions, withApi, withApiOptions } from '../api-options.ts';
import type { CommandContext } from '../command-context.ts';
import { countArgument, withExamples } from '../options.ts';
import { type FilterOptions, filterQuery, withFilterOptions } from './filter-options.ts';
import { createEventPrinter, type FormatOptions, withFormatOptions } from './print-events.ts';
import { itemsIn } from './read-stream.ts';

interface TailOptions extends ApiOptions, FilterOptions, FormatOptions {
  readonly lines: number;
}

const DEFAULT_LINES = 10;
/** A gateway that is restarted is waited for. */
const RECONNECT_MS = 1_000;
const MAX_RECONNECTS = 60;

export function registerEventsTail(events: Command, context: CommandContext): void {
  const command = events
    .command('tail')
    .summary('follow the audit log')
    .description(
      'Prints the newest audit events, then each new one as it comes, until it is stopped. After an ' +
        'interruption it goes on where it was. Following is itself on the record.',
    )
    .option('-n, --lines <count>', 'how many to begin with', countArgument(0), DEFAULT_LINES);
  withExamples(withApiOptions(withFormatOptions(withFilterOptions(command))), [
    ['claviger events tail', `the newest ${DEFAULT_LINES} and what follows`],
    ['claviger events tail --outcome failure --severity critical', 'only what went badly wrong'],
    ['claviger events tail --lines 0 --json', 'only what follows, for programs'],
  ]);
  command.action((options: TailOptions) => tail(context, options));
}

async function tail(context: CommandContext, options: TailOptions): Promise<void> {
  const stopped = new AbortController();
  const stop = context.listenForStop(() => stopped.abort());
  const print = createEventPrinter(context.terminal.out, options);
  let place: string | undefined;
  let attempts = 0;

  async function follow(client: ManagementClient): Promise<void> {
    const query = await filterQuery(client, options);
    query.set('last', String(options.lines));
    const { signal } = stopped;
    const asked = { accept: 'text/event-stream', lastEventId: place, signal } as const;
    for await (const item of itemsIn(await client.streamEvents(query, asked))) {
      attempts = 0;
      place = item.id;
      if (item.kind === 'event') await print(item.body);
    }
  }

  try {
    while (!stopped.signal.aborted) {
      try {
        await withApi(context, options, follow);
      } catch (error) {
        if (stopped.signal.aborted) return;
        const mayPass = error instanceof Failure && error.reason === 'unreachable';
        if (!mayPass || place === undefined || attempts >= MAX_RECONNECTS) throw error;
      }
      attempts += 1;
      await delay(RECONNECT_MS, undefined, { signal: stopped.signal }).catch(() => undefined);
    }
  } finally {
    stop.release();
  }
}
