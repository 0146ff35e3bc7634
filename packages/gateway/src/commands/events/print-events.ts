import type { EventRecord } from '@claviger/key-store';
import { formatEventLine } from '../../present/event-line.ts';
import { type OutputChannel, write } from '../../terminal.ts';

/** How many events are read at a time. */
export const EVENTS_PAGE = 500;

/** Prints events, one in a line: with `json` the very text that is in the log. */
export async function printEvents(
  out: OutputChannel,
  events: readonly EventRecord[],
  json: boolean,
): Promise<void> {
  const lines = events.map((event) => (json ? event.body : formatEventLine(event, out.colors)));
  if (lines.length > 0) await write(out, `${lines.join('\n')}\n`);
}
